"""Requests with a tax that is due when they are paid."""

from odoo.tests import tagged

from .balances import Balances
from .cash_basis_tax import CashBasisTax
from .common import MistakeCase


@tagged("post_install", "-at_install", "slow")
class TestCashBasis(CashBasisTax, Balances, MistakeCase):
    """Odoo books the tax with the match, reverses it with it, and books it again."""

    paid_days_ago = 40

    @classmethod
    def make_mistake(cls):
        cls.put_tax_on(cls.alice, cls.bruno)
        super().make_mistake()

    def test_start(self):
        self.assertPaid(self.alice)
        self.assertTrue(self.entries_of_tax())

    def entries_of_tax(self):
        return self.env["account.move"].search(
            [("tax_cash_basis_rec_id", "in", self.matches_of(self.request).ids)]
        )

    def test_right_request(self):
        self.check_forward_and_back(self.bruno)

    def test_not_for_shares(self):
        self.check_forward_and_back(None)

    def test_locked_period(self):
        """The entry of the tax would have to be reversed in a locked period."""
        self.company.fiscalyear_lock_date = self.days_ago(10)
        self.assertRefusedOrDone(self.draft_rollback(self.request, self.bruno))

    def test_tax_lock(self):
        self.company.tax_lock_date = self.days_ago(10)
        self.assertRefusedOrDone(self.draft_rollback(self.request, self.bruno))

    def test_tax_lock_since(self):
        """A revert is refused and changes nothing, or leads back."""
        rollback = self.roll_back(self.request, self.bruno)
        self.company.tax_lock_date = self.days_ago(10)
        self.assertRevertRefusedOrDone(rollback)
