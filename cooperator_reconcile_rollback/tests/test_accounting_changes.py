"""The plan shows what changes in the books: matches, payers, entries."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..services.accounting_changes import from_json
from .series import invalidate, render_html
from .test_wrong_payer import WrongPayerCase


@tagged("post_install", "-at_install")
class TestAccountingChanges(WrongPayerCase):
    """Bruno paid 75; the payment is matched with Alice's request."""

    def plan(self, records, right=None, **options):
        rollback = self.draft_rollback(records, right, **options)
        rollback.action_plan()
        return rollback

    def get_changes(self, rollback):
        return [
            (change.happens, change.request, change.person, change.amount)
            for change in from_json(rollback.accounting)
        ]

    def name(self, subscription):
        return subscription.capital_release_request.name

    def test_booked_rightly(self):
        """Only the matches change; the plan says that nothing is posted."""
        payment = self.pay(self.alice, by=self.bruno.partner_id, date=self.payment_day)
        rollback = self.plan(payment, self.bruno)
        self.assertEqual(
            self.get_changes(rollback),
            [
                ("match_removed", self.name(self.alice), "Alice Adam", 75),
                ("match_made", self.name(self.bruno), "Bruno Bell", 75),
            ],
        )
        self.assertIn("due again", rollback.plan_html)
        self.assertIn("fully paid", rollback.plan_html)
        self.assertIn("No journal entry is posted.", rollback.plan_html)

    def test_payer_changed(self):
        payment = self.pay(self.alice, date=self.payment_day)
        rollback = self.plan(payment, self.bruno)
        self.assertIn(
            ("payer_changed", "", "Bruno Bell", 75), self.get_changes(rollback)
        )
        self.assertIn("Bruno Bell instead of Alice Adam", rollback.plan_html)

    def test_statement_line_undone(self):
        line = self.pay_from_statement(self.alice, date=self.payment_day)
        rollback = self.plan(line, self.bruno)
        happens = [change[0] for change in self.get_changes(rollback)]
        self.assertEqual(happens[0], "line_undone")
        self.assertIn("Undo the bank statement line", rollback.plan_html)

    def test_entry_posted(self):
        """In a locked period the entry is shown, and it is the one that is posted."""
        payment = self.pay(self.alice, date=self.payment_day)
        self.company.fiscalyear_lock_date = self.days_ago(30)
        rollback = self.plan(payment, self.bruno)
        (entry,) = [
            change.entry for change in from_json(rollback.accounting) if change.entry
        ]
        journal = self.company.reclassification_journal_id
        self.assertEqual(entry.journal, journal.display_name)
        self.assertEqual(
            [(item.partner, item.debit, item.credit) for item in entry.items],
            [("Alice Adam", 75, 0), ("Bruno Bell", 0, 75)],
        )
        self.assertIn(journal.display_name, rollback.plan_html)
        self.assertNotIn("No journal entry is posted.", rollback.plan_html)
        printed = render_html(
            "cooperator_reconcile_rollback.reconciliation_rollback_report", rollback
        )
        self.assertIn("Accounting", printed)
        self.assertIn(journal.display_name, printed)
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        shown = rollback.action_view_entries()
        entries = self.env["account.move"].search(shown["domain"])
        self.assertEqual(entries, payment.move_id | self.reclassifications())

    def test_left_open(self):
        """Without a right request the payment stays open, and the plan says so."""
        payment = self.pay(self.alice, by=self.bruno.partner_id, date=self.payment_day)
        rollback = self.plan(payment)
        self.assertEqual(self.get_changes(rollback)[-1], ("left_open", "", "", 75))

    def test_locked_since(self):
        """What was planned for the books would be something else: nothing starts."""
        payment = self.pay(self.alice, date=self.payment_day)
        rollback = self.plan(payment, self.bruno)
        self.company.fiscalyear_lock_date = self.days_ago(30)
        with self.assertRaises(UserError) as refused:
            rollback.action_start()
        self.assertIn("Back to draft", refused.exception.args[0])
        self.assertEqual(rollback.state, "planned")
        rollback.action_draft()
        self.assertFalse(rollback.accounting)

    def test_evidence(self):
        """What was announced is part of what the hashes cover."""
        payment = self.pay(self.alice, date=self.payment_day)
        rollback = self.roll_back(payment, self.bruno)
        self.assertEqual(rollback._find_tampering(), [])
        self.env.cr.execute(
            "UPDATE reconciliation_rollback SET accounting ="
            " replace(accounting, 'Bruno', 'Boris') WHERE id = %s",
            (rollback.id,),
        )
        invalidate(self.env)
        self.assertTrue(rollback._find_tampering())
