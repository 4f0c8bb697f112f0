"""What people hold is brought to the register, or explained."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..ledger.finding import SHARES_UNLIKE_REGISTER
from .builders import CLARA
from .register_fix_case import RegisterFixCase
from .snapshots import NextNumbers


@tagged("post_install", "-at_install")
class TestBringToRegister(RegisterFixCase):
    def test_shares_missing(self):
        """Somebody has deleted a share line by hand."""
        self.env["share.line"].search(
            [("partner_id", "=", self.flora.partner_id.id)]
        ).unlink()
        finding = self.assertFinds(SHARES_UNLIKE_REGISTER)
        self.assertEqual(finding.fix_label, "Bring to the register")
        self.assertNotFixed("Give a reason", finding)
        fix = self.assertFixed(
            finding,
            "cooperative_membership",
            "share_line",
            "order of share lines",
            reason="Deleted by mistake",
        )
        self.assertRegex(fix.choice, "Flora Founder .*no shares.* becomes .*4 × ")
        self.assertMember(self.flora.partner_id, 501, [(self.share_y, 4)])

    def test_more_shares(self):
        """Changed by hand: nothing explains them."""
        self.execute(
            "UPDATE share_line SET share_number = 9 WHERE partner_id = %s",
            self.flora.partner_id.id,
        )
        self.assertFixed(
            self.assertFinds(SHARES_UNLIKE_REGISTER),
            "share_line",
            "order of share lines",
            words="Bring to the register",
            reason="A typing error",
        )

    def test_member_by_hand(self):
        clara = self.subscribe(CLARA, 2, self.share_y)
        self.membership_of(clara.partner_id).write(
            {"member": True, "cooperator_register_number": 504}
        )
        self.set_next_numbers(self.company, NextNumbers(1007, 504))
        finding = self.find().filtered(lambda f: f.kind == SHARES_UNLIKE_REGISTER)
        self.fix(finding, "Bring to the register", reason="Not paid yet")
        self.assertFinds()


@tagged("post_install", "-at_install")
class TestExplainShares(RegisterFixCase):
    """What was imported when the cooperative began with Odoo."""

    def setUp(self):
        super().setUp()
        self.jeanne = self.import_member("Jeanne Petit", 504, 7)
        self.set_next_numbers(self.company, NextNumbers(1007, 505))

    def import_member(self, name, number, quantity, **values):
        partner = self.env["res.partner"].create({"name": name})
        self.env["cooperative.membership"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "cooperator": True,
                "member": True,
                "cooperator_register_number": number,
                **values,
            }
        )
        if quantity:
            self.env["share.line"].create(
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "share_product_id": self.share_y.id,
                    "share_number": quantity,
                    "share_unit_price": 25,
                    "effective_date": "2009-05-01",
                }
            )
        return partner

    def explain(self):
        return self.fix(
            self.assertFinds(SHARES_UNLIKE_REGISTER),
            words="Explain these shares",
            reason="Imported from the old software",
        )

    def change_shares(self, quantity):
        self.execute(
            "UPDATE share_line SET share_number = %s WHERE partner_id = %s",
            quantity,
            self.jeanne.id,
        )

    def test_explain(self):
        finding = self.assertFinds(SHARES_UNLIKE_REGISTER)
        self.assertEqual(
            finding.description,
            "Jeanne Petit has 7 shares more than the register: 7 instead of 0.",
        )
        self.assertEqual(finding.severity, "warning")
        self.assertNotFixed("Give a reason", finding, words="Explain these shares")
        fix = self.assertFixed(
            finding,
            "cooperative_membership",
            words="Explain these shares",
            reason="Imported from the old software",
        )
        self.assertRegex(fix.choice, "^Jeanne Petit had this before .*member 504; 7 × ")
        self.assertIn('"opening": null', fix.before)
        self.assertIn('"opening": "member 504; 7 × ', fix.after)

    def test_life_goes_on(self):
        """Shares are added to the imported ones, and sold from them."""
        self.explain()
        self.pay(self.subscribe(CLARA, 2, self.share_y, partner=self.jeanne))
        self.assertFinds()
        self.sell_back(self.jeanne, self.share_y, 5)
        self.assertFinds()
        self.transfer(self.jeanne, self.alice.partner_id, self.share_y, 3)
        self.assertFinds()

    def test_explained_after_years(self):
        """Some of the imported shares have been sold since."""
        self.sell_back(self.jeanne, self.share_y, 3)
        findings = self.find()
        finding = findings.filtered(lambda f: f.kind == SHARES_UNLIKE_REGISTER)
        fix = self.fix(
            finding,
            words="Explain these shares",
            reason="Imported from the old software",
        )
        self.assertIn("7 × ", fix.choice)
        self.assertFinds()

    def test_changed_by_hand(self):
        """The finding comes back; the explanation stays what it was."""
        self.explain()
        self.change_shares(8)
        finding = self.assertFinds(SHARES_UNLIKE_REGISTER)
        self.assertIn(
            "one share more than the register: 8 instead", finding.description
        )
        self.change_shares(5)
        finding = self.assertFinds(SHARES_UNLIKE_REGISTER)
        self.assertEqual(finding.severity, "error")
        self.fix(finding, words="Bring to the register", reason="A typing error")
        self.assertMember(self.jeanne, 504, [(self.share_y, 7)])
        self.assertFinds()

    def test_old_member(self):
        """Somebody who had left before: a number and nothing else."""
        self.explain()
        self.import_member("Old Olga", 505, 0, member=False, old_member=True)
        self.set_next_numbers(self.company, NextNumbers(1007, 506))
        fix = self.explain()
        self.assertIn("old member 505; no shares", fix.choice)
        self.assertFinds()

    def test_nobody_writes_it_by_hand(self):
        self.explain()
        membership = self.membership_of(self.jeanne).with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Jeanne Petit"):
            membership.opening = "{}"
        partner = self.env["res.partner"].create({"name": "Nina"})
        with self.assertRaisesRegex(UserError, "Nina"):
            membership.with_context(default_opening="{}").create(
                {"partner_id": partner.id, "company_id": self.company.id}
            )
