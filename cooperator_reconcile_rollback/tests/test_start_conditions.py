"""Before the start: why, by whose decision, and by how many people."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import MistakeCase
from .series import render_html

REPORT = "cooperator_reconcile_rollback.reconciliation_rollback_report"


@tagged("post_install", "-at_install")
class TestStartConditions(MistakeCase):
    def plan(self, **options):
        rollback = self.draft_rollback(self.request, self.bruno, **options)
        rollback.action_plan()
        return rollback

    def test_note(self):
        """It is asked for; with the reason Other nothing starts without it."""
        rollback = self.plan(note=False)
        self.assertIn("No note says what happened", rollback.warnings)
        self.assertNotIn("No note", self.plan_again(rollback, note="Told by the bank"))
        rollback = self.plan_again_rollback(rollback, reason="other", note=False)
        self.assertRefused("reason Other", rollback.action_start)
        rollback.note = "The payer told us so"
        rollback.action_start()
        self.assertEqual(rollback.state, "running")

    def plan_again_rollback(self, rollback, **values):
        rollback.action_draft()
        rollback.write(values)
        rollback.action_plan()
        return rollback

    def plan_again(self, rollback, **values):
        return self.plan_again_rollback(rollback, **values).warnings or ""

    def test_decision(self):
        """Not asked for, asked for, and required."""
        rollback = self.plan()
        self.assertNotIn("who decided", rollback.warnings or "")
        self.company.rollback_decision = "warn"
        self.assertIn("who decided", self.plan_again(rollback))
        self.company.rollback_decision = "required"
        self.assertRefused("asks for a decision", rollback.action_start)
        decided = {"decided_by": "The board", "decision_date": self.days_ago(1)}
        rollback.write({**decided, "decision_reference": "Minutes 7"})
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertRegex(render_html(REPORT, rollback), "The board, .*, Minutes 7")
        with self.assertRaises(UserError):
            rollback.decided_by = "Nobody"
        self.assertFalse(rollback._find_tampering())

    def test_second_person(self):
        """Whoever has planned it does not start it, where two people are required."""
        self.company.rollback_second_person = "warn"
        rollback = self.plan()
        self.assertIn("somebody else should start it", rollback.warnings)
        self.company.rollback_second_person = "required"
        self.assertRefused("asks for a second person", rollback.action_start)
        other = self.make_user("second", "cooperator.cooperator_group_manager")
        rollback.with_user(other).action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertRegex(
            render_html(REPORT, rollback),
            f"Planned by {self.manager.name} and started by {other.name}",
        )

    def test_paper_says_that_it_was_one_person(self):
        rollback = self.roll_back(self.request, self.bruno)
        self.assertIn("Planned and started by the same person", self.paper(rollback))

    def paper(self, rollback):
        return render_html(REPORT, rollback)


@tagged("post_install", "-at_install")
class TestEffects(MistakeCase):
    """The wrong payment is of a year that has ended; the plan says what changes of it."""

    paid_days_ago = 400

    def test_same_shares(self):
        """Bruno has as many shares since the same day: no year changes."""
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.action_plan()
        for text in (rollback.plan_html, render_html(REPORT, rollback)):
            self.assertIn("7 shares", text)
            self.assertIn("before and after. No effect", text)
            self.assertIn("as many as before", text)

    def test_fewer_shares(self):
        """The payment was not for shares: the accounts of that year had three too many."""
        rollback = self.draft_rollback(self.request)
        rollback.action_plan()
        self.assertRegex(
            rollback.plan_html, "On .*: 3 shares.* before, 0 shares.* after"
        )
        self.assertIn("tell the auditor", rollback.plan_html)
        self.assertIn("Members: -1", rollback.plan_html)
