"""Undoing a rollback at every point."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..ledger.stored_json import KEPT, dump
from .builders import CLARA, DAVID, EMMA
from .common import MistakeCase
from .points import Points
from .series import invalidate


class RevertCase(Points, MistakeCase):
    """Alice's request was paid with Bruno's payment."""

    paid_days_ago = 9

    def start(self, **options):
        return self.start_rollback(
            self.alice.capital_release_request, self.bruno, **options
        )

    def revert(self, rollback):
        """Revert, and perform what undoes the steps."""
        rollback.action_revert()
        self.assertEqual(rollback.state, "reverting")
        self.run_jobs(rollback)
        self.assertReverted(rollback)

    def assertReverted(self, rollback):
        self.assertEqual(
            [step.error for step in rollback.step_ids if step.error], [], rollback.state
        )
        self.assertEqual(rollback.state, "reverted")
        self.assertLessEqual(
            set(rollback.step_ids.mapped("state")), {"reverted", "cancelled"}
        )
        self.assertTrue(rollback.reverted_at)
        self.assertEqual(rollback.revert_user_id, self.manager)
        self.assertFalse(rollback.mail_held)
        self.assertFalse(self.company._get_locking_rollback())

    def check_every_point(self, **options):
        """Revert before the first step, after each one, and when all is done."""
        invalidate(self.env)
        before = self.books()
        rollback = self.start(**options)

        def check():
            self.revert(rollback)
            self.assertBooksRestored(before)

        self.before_each_step(rollback, check)
        check()
        return rollback


@tagged("post_install", "-at_install")
class TestRevert(RevertCase):
    def test_every_point(self):
        self.check_every_point()

    def test_not_for_shares(self):
        self.bruno = None
        self.check_every_point()

    def test_again(self):
        """What was reverted can be rolled back again, rightly this time."""
        self.revert(self.start())
        rollback = self.start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])
        self.assertCandidate(self.alice.partner_id)

    def test_while_a_step_runs(self):
        """The job that was under way finds that it has nothing to do any more."""
        rollback = self.start()
        self.run_jobs(rollback, until="remove_match")
        job = self.jobs_of(rollback).filtered(lambda job: job.state == "pending")
        before = self.register_of()
        rollback.action_revert()
        step = rollback.step_ids.filtered(lambda step: step.job_uuid == job.uuid)
        self.assertIn(rollback.name, step._run_job())
        self.assertEqual(step.state, "pending")
        self.assertEqual(self.register_of(), before)
        self.run_jobs(rollback)
        self.assertReverted(rollback)

    def test_twice(self):
        """Undoing a step a second time changes nothing."""
        rollback = self.start()
        self.run_jobs(rollback)
        self.revert(rollback)
        before = self.books()
        for step in rollback.step_ids[::-1]:
            step._run_revert_job()
        self.assertBooksEqual(before)
        self.assertReverted(rollback)

    def test_refused_before_the_start_and_after_the_end(self):
        rollback = self.draft_rollback(self.alice.capital_release_request, self.bruno)
        self.assertRefused(rollback.name, rollback.action_revert)
        rollback.action_plan()
        self.assertRefused(rollback.name, rollback.action_revert)
        rollback.action_start()
        self.revert(rollback)
        for action in (rollback.action_revert, rollback.action_retry):
            self.assertRefused(rollback.name, action)

    def test_only_a_manager(self):
        rollback = self.start()
        rollback = rollback.with_user(self.user)
        with self.assertRaisesRegex(AccessError, self.user.name):
            rollback.action_revert()

    def test_refused_once_operations_came_after(self):
        rollback = self.start()
        self.run_jobs(rollback)
        self.run_other_jobs()
        clara = self.join(CLARA, 1, self.share_y)
        self.assertRefused(
            f"{rollback.name}.*1003.*{clara.partner_id.name}", rollback.action_revert
        )
        self.assertEqual(rollback.state, "done")

    def test_refused_once_the_match_is_another(self):
        rollback = self.start()
        self.run_jobs(rollback)
        self.matches_of(self.bruno.capital_release_request).unlink()
        self.assertRefused(
            f"{rollback.name}.*{self.payment.name}", rollback.action_revert
        )

    def test_refused_while_another_runs(self):
        clara = self.join(CLARA, 1, self.share_y)
        rollback = self.start()
        self.run_jobs(rollback)
        other = self.start_rollback(clara.capital_release_request)
        self.assertRefused(other.name, rollback.action_revert)

    def test_failed(self):
        """The right request is taken back halfway: revert instead of retry."""
        before = self.books()
        rollback = self.start()
        self.run_jobs(rollback, until="reset_membership")
        self.bruno.capital_release_request.button_draft()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "failed")
        self.assertEqual(len(rollback.activity_ids), 1)
        self.bruno.capital_release_request.action_post()
        self.revert(rollback)
        self.assertFalse(rollback.activity_ids)
        self.assertBooksRestored(before)

    def test_failed_revert(self):
        """A step that cannot be undone says why, and goes on when tried again."""
        before = self.books()
        rollback = self.start()
        self.run_jobs(rollback, until="remove_match")
        # nothing is in the way yet
        rollback.action_revert()
        self.request.button_draft()
        self.request.button_cancel()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "failed")
        self.assertEqual(len(rollback.activity_ids), 1)
        self.assertIn(rollback.name, rollback.activity_ids.note)
        self.request.button_draft()
        self.request.action_post()
        rollback.action_retry()
        self.assertEqual(rollback.state, "reverting")
        self.run_jobs(rollback)
        self.assertReverted(rollback)
        self.assertBooksRestored(before)


@tagged("post_install", "-at_install", "slow")
class TestRevertWithMail(RevertCase):
    """Certificates: the wrong one waits, the right one is made by the right match."""

    @classmethod
    def make_mistake(cls):
        cls.company.send_certificate_email = True
        super().make_mistake()

    def test_after_the_right_match(self):
        """No mail is sent that would not have been, and none is lost."""
        before = self.books().tables["mail_mail"]
        rollback = self.start()
        self.run_jobs(rollback, until="clear_mail")
        self.revert(rollback)
        mails = {mail["id"]: mail["state"] for mail in self.books().tables["mail_mail"]}
        for mail in before:
            self.assertEqual(mails.pop(mail["id"]), "outgoing")
        self.assertEqual(set(mails.values()), {"cancel"})

    def test_when_done(self):
        rollback = self.start()
        before = {mail["id"] for mail in self.books().tables["mail_mail"]}
        self.run_jobs(rollback)
        self.revert(rollback)
        for mail in self.env["mail.mail"].search([]):
            self.assertEqual(
                mail.state, "outgoing" if mail.id in before else "cancel", mail.subject
            )

    def test_other_mail_goes_on(self):
        """A letter to Alice that was written meanwhile is sent."""
        rollback = self.start()
        letter = self.env["mail.mail"].create(
            {"subject": "Hello", "recipient_ids": [(4, self.alice.partner_id.id)]}
        )
        self.assertEqual(letter.state, "rollback_held")
        self.run_jobs(rollback, until="make_match")
        self.revert(rollback)
        self.assertEqual(letter.state, "outgoing")


@tagged("post_install", "-at_install", "slow")
class TestRevertLaterOperations(RevertCase):
    """After the mistake Alice sold and handed over; others joined."""

    @classmethod
    def make_mistake(cls):
        emma = cls.subscribe(EMMA, 1, cls.share_y)
        super().make_mistake()
        cls.clara = cls.join(CLARA, 3, cls.share_y)
        cls.transfer(cls.alice.partner_id, emma.partner_id, cls.share_y, 2)
        cls.david = cls.join(DAVID, 2, cls.share_x)
        cls.sell_back(cls.clara.partner_id, cls.share_y, 3)
        cls.convert(cls.david.partner_id, cls.share_x, 2, cls.share_y)

    def test_dependents(self):
        self.check_every_point(cascade="dependents")

    def test_close_gap(self):
        self.bruno = None
        rollback = self.check_every_point(cascade="dependents", numbering="close_gap")
        self.assertIn("renumber", rollback.step_ids.mapped("kind"))

    def test_all(self):
        self.env["ir.config_parameter"].set_param(
            "cooperator_reconcile_rollback.batch_size", 2
        )
        rollback = self.check_every_point(cascade="all", numbering="close_gap")
        self.assertEqual(rollback.step_ids.mapped("kind").count("take_back"), 2)


@tagged("post_install", "-at_install", "slow")
class TestRevertPayer(RevertCase):
    """The payment was booked on Alice, who never paid."""

    @classmethod
    def make_mistake(cls):
        cls.payment = cls.pay(cls.alice, date=cls.days_ago(9))

    def test_payment(self):
        self.check_every_point()
        self.assertEqual(self.payment.partner_id, self.alice.partner_id)

    def test_reclassification(self):
        self.confirm_by_bank(self.payment)
        before = {
            partner: self.ledger_of(partner)
            for partner in (self.alice | self.bruno).partner_id
        }
        books = self.books()
        rollback = self.start()
        self.run_jobs(rollback)
        self.revert(rollback)
        self.assertTrue(rollback.line_ids.reclassification_move_id)
        for partner, ledger in before.items():
            self.assertEqual(self.ledger_of(partner), ledger)
        added = self.env["account.partial.reconcile"].search(
            [("debit_move_id.move_id.journal_id.type", "=", "general")]
        )
        self.assertEqual(len(added), 2)
        settled = added.full_reconcile_id
        invalidate(self.env)
        for records in (added, settled):
            self.env.cr.execute(
                f"DELETE FROM {records._table} WHERE id IN %s", (records._ids,)
            )
        self.assertBooksRestored(books, ("account_move", "account_move_line"))

    def test_locked_since(self):
        """A payment that was booked over can't go back into a locked period."""
        rollback = self.start()
        self.run_jobs(rollback)
        self.company.fiscalyear_lock_date = self.days_ago(1)
        self.assertRefused(
            f"{rollback.name}.*{self.payment.name}.*locked", rollback.action_revert
        )


@tagged("post_install", "-at_install", "slow")
class TestRevertStatementLine(RevertCase):
    """The bank statement line says Alice."""

    @classmethod
    def make_mistake(cls):
        cls.line = cls.pay_from_statement(cls.alice, date=cls.days_ago(9))

    def test_every_point(self):
        rollback = self.start()

        def check():
            self.revert(rollback)
            self.assertTrue(self.line.is_reconciled)
            self.assertEqual(self.line.partner_id, self.alice.partner_id)
            self.assertEqual(
                self.line.move_id.line_ids.partner_id, self.alice.partner_id
            )
            self.assertPaid(self.alice)
            self.assertOpen(self.bruno)
            self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])
            self.assertCandidate(self.bruno.partner_id)
            self.assertLedger(self.alice.partner_id, 0, 0)
            self.assertLedger(self.bruno.partner_id, 75, 75)
            self.assertEqual(self.next_numbers(), (1003, 503))

        self.before_each_step(rollback, check)

    def test_of_an_earlier_release(self):
        """It did not keep the line's items: the line is booked again."""
        rollback = self.start()
        self.run_jobs(rollback)
        step = rollback.step_ids.filtered(lambda one: one.kind == "remove_match")
        kept = step._get_kept()
        self.assertTrue(kept["rows"].pop("account.move.line"))
        self.env.cr.execute(
            "UPDATE reconciliation_rollback_step SET kept = %s WHERE id = %s",
            (dump(KEPT, kept), step.id),
        )
        invalidate(self.env)
        self.revert(rollback)
        self.assertTrue(self.line.is_reconciled)
        self.assertEqual(self.line.move_id.line_ids.partner_id, self.alice.partner_id)
        self.assertPaid(self.alice)
        self.assertLedger(self.alice.partner_id, 0, 0)


@tagged("post_install", "-at_install")
class TestRevertPortalUser(RevertCase):
    """The membership brought a portal user to Alice, and brings one to Bruno."""

    @classmethod
    def make_mistake(cls):
        cls.company.create_user = True
        super().make_mistake()

    def test_users(self):
        users = self.env["res.users"].search(
            [("partner_id", "in", (self.alice | self.bruno).partner_id.ids)]
        )
        self.assertEqual(users.partner_id, self.alice.partner_id)
        rollback = self.start()
        self.run_jobs(rollback)
        self.assertFalse(users.active)
        self.revert(rollback)
        self.assertTrue(users.active)
        self.assertFalse(
            self.env["res.users"].search(
                [("partner_id", "=", self.bruno.partner_id.id)]
            )
        )
