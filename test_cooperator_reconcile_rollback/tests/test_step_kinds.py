from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.cooperator_reconcile_rollback.ledger.stored_json import SNAPSHOT, load
from odoo.addons.cooperator_reconcile_rollback.tests.builders import ALICE, BRUNO
from odoo.addons.cooperator_reconcile_rollback.tests.common import STEPS, RollbackCase
from odoo.addons.cooperator_reconcile_rollback.tests.series import invalidate

NOTES = "test.rollback.note"
KIND = "reconciliation.rollback.step.write_notes"


@tagged("post_install", "-at_install")
class TestStepKinds(RollbackCase):
    """Steps of another add-on are planned, run, tried out and undone like all others."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)
        cls.pay(cls.alice, by=cls.bruno.partner_id)
        cls.note = cls.env[NOTES].create(
            {
                "company_id": cls.company.id,
                "partner_id": cls.alice.partner_id.id,
                "text": "pays late",
            }
        )

    def plan(self):
        rollback = self.draft_rollback(self.alice.capital_release_request, self.bruno)
        rollback.action_plan()
        return rollback

    def run_all(self):
        rollback = self.plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "done", rollback.error)
        return rollback

    def notes(self):
        invalidate(self.env)
        return self.env[NOTES].search([], order="id").read(["partner_id", "text"])

    def step(self, rollback, kind):
        return rollback.step_ids.filtered(lambda step: step.kind == kind)

    def test_places(self):
        """Both come between the manual's steps 9 and 10, the one before the other."""
        rollback = self.plan()
        rollback.action_start()
        self.assertEqual(
            [(step.place, step.kind) for step in rollback.step_ids],
            [(str(number), kind) for number, kind in STEPS[:9]]
            + [("9.1", "count_notes"), ("9.2", "write_notes")]
            + [(str(number), kind) for number, kind in STEPS[9:]],
        )
        self.assertEqual(
            self.step(rollback, "write_notes")._get_kind_label(), "Write notes"
        )

    def test_forward(self):
        rollback = self.run_all()
        self.assertEqual(
            {note["partner_id"][0] for note in self.notes()},
            {self.alice.partner_id.id, self.bruno.partner_id.id},
        )
        step = self.step(rollback, "write_notes")
        self.assertEqual(load(SNAPSHOT, step.before), {"notes": ["pays late"]})
        self.assertEqual(len(load(SNAPSHOT, step.after)["notes"]), 2)
        self.assertFalse(rollback._find_tampering())

    def test_revert(self):
        """The note that went comes back with its id; those that came go."""
        before = self.notes()
        rollback = self.run_all()
        self.assertNotEqual(self.notes(), before)
        rollback.action_revert()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "reverted", rollback.error)
        self.assertEqual(set(rollback.step_ids.mapped("state")), {"reverted"})
        self.assertEqual(self.notes(), before)

    def test_dry_run(self):
        before = self.notes()
        rollback = self.plan()
        rollback.action_dry_run()
        self.assertIn("Write notes", rollback.dry_run_html)
        self.assertEqual(self.notes(), before)
        self.assertFalse(rollback.step_ids)

    def assertUserError(self, sentence, action):
        with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
            action()

    def test_kind_without_undo_is_refused_at_the_start(self):
        rollback = self.plan().with_context(test_careless=True)
        sentence = "9.3.*does not say how it is undone"
        self.assertUserError(sentence, rollback.action_dry_run)
        self.assertUserError(sentence, rollback.action_start)
        self.assertFalse(rollback.step_ids)

    def test_kind_without_undo_is_refused_before_a_revert(self):
        """Its add-on may have been updated since the start."""
        rollback = self.run_all()
        kind = type(self.env[KIND])
        with patch.object(kind, "_get_rows_conditions", lambda kind: {}):
            self.assertUserError(
                "9.2.*does not say how it is undone", rollback.action_revert
            )
            with self.assertRaisesRegex(UserError, "9.2"):
                self.step(rollback, "write_notes")._get_kind()._undo(
                    self.step(rollback, "write_notes")
                )
        self.assertEqual(rollback.state, "done")

    def test_kind_that_is_gone_is_refused_before_a_revert(self):
        """Its add-on may have been uninstalled since the start."""
        rollback = self.run_all()
        self.env.cr.execute(
            "UPDATE reconciliation_rollback_step SET kind = 'gone' WHERE id = %s",
            (self.step(rollback, "write_notes").id,),
        )
        invalidate(self.env)
        self.assertUserError("9.2.*gone.*is not installed", rollback.action_revert)
        self.assertEqual(rollback.state, "done")
