"""Requests with a tax that is due when they are paid."""

from odoo.tests import tagged

from .balances import Balances
from .common import MistakeCase


@tagged("post_install", "-at_install", "slow")
class TestCashBasis(Balances, MistakeCase):
    """Odoo books the tax with the match, reverses it with it, and books it again."""

    paid_days_ago = 40

    @classmethod
    def make_mistake(cls):
        company = cls.company
        company.tax_exigibility = True
        accounts = cls.env["account.account"]
        template = accounts.search(
            [("company_id", "=", company.id), ("internal_group", "=", "liability")],
            limit=1,
        )
        transition = template.copy({"code": "299998", "reconcile": True})
        due = template.copy({"code": "299999"})
        repartition = [
            (0, 0, {"repartition_type": "base", "factor_percent": 100}),
            (
                0,
                0,
                {
                    "repartition_type": "tax",
                    "factor_percent": 100,
                    "account_id": due.id,
                },
            ),
        ]
        tax = cls.env["account.tax"].create(
            {
                "name": "Due when paid",
                "amount": 20,
                "type_tax_use": "sale",
                "price_include": True,
                "company_id": company.id,
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": transition.id,
                "invoice_repartition_line_ids": repartition,
                "refund_repartition_line_ids": repartition,
            }
        )
        for subscription in (cls.alice, cls.bruno):
            request = subscription.capital_release_request
            request.button_draft()
            values = {"tax_ids": [(6, 0, tax.ids)]}
            request.write(
                {"invoice_line_ids": [(1, request.invoice_line_ids.id, values)]}
            )
            request.action_post()
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
