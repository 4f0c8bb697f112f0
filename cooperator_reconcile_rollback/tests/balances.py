"""What the accounts have, and whether a rollback and its revert leave them right."""

from collections import defaultdict

from odoo.exceptions import UserError

from .fixtures.compared_rows import REFUSED
from .series import invalidate


class Balances:
    """Balances and matches in all currencies; mixed into the test case.

    The case has ``alice``, whose ``request`` was paid wrongly with three shares.
    """

    def balances(self):
        """What each account, and each person on it, has; in both currencies, and open.

        Gains and losses of exchange are one: 14.0 books a loss that it takes back as a
        loss and a gain, whoever removes the match.
        """
        invalidate(self.env)
        company = self.company
        exchange = (
            company.income_currency_exchange_account_id
            | company.expense_currency_exchange_account_id
        )
        items = self.env["account.move.line"].search(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")]
        )
        found = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
        for item in items:
            values = (
                item.balance,
                item.amount_currency,
                item.amount_residual,
                item.amount_residual_currency,
            )
            account = item.account_id
            name = "exchange" if account in exchange else account.code
            key = (name, item.partner_id.name, item.currency_id.name)
            found[key] = [round(sum(pair), 2) for pair in zip(found[key], values)]
        return {key: values for key, values in found.items() if any(values)}

    def match_amounts(self, subscription):
        """What the subscription's request is matched with, in all currencies."""
        return [
            (
                match.credit_move_id.move_id,
                match.amount,
                match.debit_amount_currency,
                match.credit_amount_currency,
            )
            for match in self.matches_of(subscription.capital_release_request)
        ]

    def assertNoOrphan(self):
        """No draft is left, and nothing that Odoo booked with a match that is gone."""
        entries = self.env["account.move"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(set(entries.mapped("state")), {"posted"})
        company = self.company
        journals = (
            company.currency_exchange_journal_id | company.tax_cash_basis_journal_id
        )
        items = entries.line_ids.filtered(
            lambda item: item.journal_id in journals and item.account_id.reconcile
        )
        # 14.0 cannot match items that have an amount in another currency only
        self.assertFalse(items.filtered("amount_residual"))

    def kinds_of_findings(self):
        """What the register check finds wrong."""
        invalidate(self.env)
        return {finding.kind for finding in self.company._check_register()}

    def do_meanwhile(self):
        """What happens between a rollback and its revert; for the class to extend."""

    def check_forward_and_back(self, right, **options):
        """Roll Alice's request back, and revert that: the books are what they were."""
        before = self.balances()
        matches = self.match_amounts(self.alice)
        findings = self.kinds_of_findings()
        rollback = self.roll_back(self.request, right, **options)
        self.assertCandidate(self.alice.partner_id)
        self.assertOpen(self.alice)
        if right:
            self.assertPaid(right)
            self.assertMember(right.partner_id, 502, [(self.share_y, 3)])
            self.assertOperation(1002, right.partner_id, [(self.share_y, 3)])
            self.assertEqual(self.next_numbers(), (1003, 503))
        else:
            self.assertEqual(self.next_numbers(), (1002, 502))
        self.assertNoOrphan()
        self.assertLessEqual(self.kinds_of_findings(), findings)
        self.do_meanwhile()
        self.revert(rollback)
        self.assertEqual(self.balances(), before)
        self.assertEqual(self.match_amounts(self.alice), matches)
        self.assertPaid(self.alice)
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])
        self.assertEqual(self.next_numbers(), (1003, 503))
        self.assertNoOrphan()
        return rollback

    def assertRefusedOrDone(self, rollback):
        """Refused at the plan with nothing changed, or done: never failed between.

        Odoo itself differs in what a lock forbids.
        """
        before = self.books()
        try:
            rollback.action_plan()
        except UserError as error:
            self.assertIn(rollback.name, error.args[0])
            invalidate(self.env)
            self.assertBooksEqual(before, REFUSED)
            self.assertEqual(rollback.state, "draft")
            return
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)

    def assertRevertRefusedOrDone(self, rollback):
        """Refused with nothing changed, or reverted: never failed between."""
        before = self.books()
        try:
            rollback.action_revert()
        except UserError as error:
            self.assertIn(rollback.name, error.args[0])
            invalidate(self.env)
            self.assertBooksEqual(before, REFUSED)
            self.assertEqual(rollback.state, "done")
            return
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "reverted", rollback.error)
