"""Nobody alters the evidence, and who does behind Odoo's back is found."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .builders import CLARA
from .common import MistakeCase
from .series import flush, invalidate


class EvidenceCase(MistakeCase):
    @classmethod
    def set_up_books(cls):
        cls.company.send_certificate_email = True
        super().set_up_books()

    def start(self):
        return self.start_rollback(self.alice.capital_release_request, self.bruno)

    def assertProven(self, rollback):
        self.assertEqual(rollback._find_tampering(), [])
        action = rollback.with_user(self.user).action_prove()
        self.assertEqual(action["params"]["type"], "success")
        self.assertIn(rollback.evidence_hash, action["params"]["message"])

    def update(self, records, name, value):
        """Change a row behind Odoo's back."""
        flush(self.env)
        self.env.cr.execute(
            f"UPDATE {records._table} SET {name} = %s WHERE id IN %s",
            (value, records._ids),
        )
        self.assertEqual(self.env.cr.rowcount, len(records))
        invalidate(self.env)


@tagged("post_install", "-at_install")
class TestUnalterable(EvidenceCase):
    def test_at_every_state(self):
        """Neither a user nor the superuser changes or deletes what has left draft."""
        rollback = self.draft_rollback(self.alice.capital_release_request, self.bruno)
        rollback.note = "It came about so"
        rollback.action_plan()
        self.check_unalterable(rollback)
        rollback.action_start()
        self.check_unalterable(rollback)
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.check_unalterable(rollback)
        rollback.action_revert()
        self.check_unalterable(rollback)
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "reverted")
        self.check_unalterable(rollback)

    def check_unalterable(self, rollback):
        for record, values in (
            (rollback, {"reason": "other"}),
            (rollback, {"state": "draft"}),
            (rollback, {"plan": "{}"}),
            (rollback.line_ids, {"right_move_id": False}),
            (rollback.line_ids, {"amount": 1}),
            (rollback.step_ids, {"state": "pending"}),
            (rollback.step_ids, {"after": "{}"}),
            (rollback.step_ids, {"hash": "0"}),
            (rollback.mail_ids, {"state": "sent"}),
        ):
            if not record:
                continue
            for user in (self.manager, self.env.user):
                record = record.with_user(user).sudo()
                with self.assertRaisesRegex(UserError, rollback.name):
                    record.write(values)
                with self.assertRaisesRegex(UserError, rollback.name):
                    record.unlink()
        with self.assertRaisesRegex(UserError, rollback.name):
            with self.env.cr.savepoint():
                rollback.line_ids.sudo().copy({"rollback_id": rollback.id})

    def test_open_until_the_start(self):
        """A planned rollback takes another note, and other choices about mail."""
        rollback = self.draft_rollback(self.alice.capital_release_request, self.bruno)
        rollback.action_plan()
        rollback.write({"note": "Found by the auditor", "mail_scope": "all"})
        rollback.mail_ids.write({"choice": "cancel"})
        rollback.action_start()
        with self.assertRaisesRegex(UserError, rollback.name):
            rollback.write({"note": "Nothing happened"})
        with self.assertRaisesRegex(UserError, rollback.name):
            rollback.mail_ids.write({"choice": "send"})

    def test_talk_goes_on(self):
        """Messages, followers and activities are no evidence."""
        rollback = self.start()
        rollback.message_post(body="Look at this")
        rollback.message_subscribe(partner_ids=self.user.partner_id.ids)
        rollback.activity_schedule("mail.mail_activity_data_todo", summary="File it")
        self.run_jobs(rollback)
        self.assertProven(rollback)


@tagged("post_install", "-at_install", "slow")
class TestHashChain(EvidenceCase):
    def setUp(self):
        super().setUp()
        self.rollback = self.start()
        self.run_jobs(self.rollback)
        self.assertDone(self.rollback)
        self.assertProven(self.rollback)

    def assertFound(self, sentence, rollback=None):
        rollback = rollback or self.rollback
        found = rollback._find_tampering()
        self.assertEqual(len(found), 1, found)
        self.assertRegex(found[0], f"{rollback.name}.*{sentence}")
        action = rollback.action_prove()
        self.assertEqual(action["params"]["type"], "danger")
        self.assertIn(found[0], action["params"]["message"])

    def test_each_step(self):
        """Whatever is changed in a step, the proof names the step."""
        for step in self.rollback.step_ids:
            for name, value in (
                ("after", "{}"),
                ("kept", '{"users": []}'),
                ("done_at", "2001-02-03"),
                ("job_uuid", "0"),
                ("hash", "0" * 64),
            ):
                before = step[name]
                self.update(step, name, value)
                self.assertFound(f"step {step.place} ")
                self.update(step, name, before)
        self.assertProven(self.rollback)

    def test_state_of_a_step(self):
        self.update(self.rollback.step_ids[4], "state", "pending")
        self.assertFound("step 5 ")

    def test_a_step_is_taken_out(self):
        step = self.rollback.step_ids[2]
        flush(self.env)
        self.env.cr.execute(
            "DELETE FROM reconciliation_rollback_step WHERE id = %s", (step.id,)
        )
        invalidate(self.env)
        self.assertFound("step 4 ")

    def test_what_was_planned(self):
        self.update(self.rollback, "reason", "other")
        self.assertFound("planned")

    def test_a_correction(self):
        self.update(self.rollback.line_ids, "operation_number", 1)
        self.assertFound("planned")

    def test_the_end(self):
        self.update(self.rollback, "done_at", "2001-02-03")
        self.assertFound("the end")

    def test_mail(self):
        self.update(self.rollback.mail_ids[:1], "state", "held")
        self.assertFound("mails")

    def test_state(self):
        self.update(self.rollback, "state", "cancelled")
        found = self.rollback._find_tampering()
        self.assertEqual(len(found), 2)
        self.assertRegex(found[0], f"{self.rollback.name}: its state")
        self.assertRegex(found[1], f"{self.rollback.name} is not what its link")

    def test_reverted(self):
        self.rollback.action_revert()
        self.run_jobs(self.rollback)
        self.assertEqual(self.rollback.state, "reverted")
        self.assertProven(self.rollback)
        self.update(self.rollback.step_ids[6], "reverted_at", "2001-02-03")
        self.assertFound("the revert of step 7 ")

    def test_the_rollback_before(self):
        """Each begins where the company's last one ended."""
        clara = self.subscribe(CLARA, 1, self.share_x)
        self.pay(clara)
        second = self.start_rollback(clara.capital_release_request)
        self.run_jobs(second)
        self.assertProven(second)
        self.assertEqual(second.previous_hash, self.rollback.done_hash)
        self.update(self.rollback, "done_hash", "0" * 64)
        found = second._find_tampering()
        self.assertEqual(len(found), 1)
        self.assertRegex(found[0], f"before {second.name}")
