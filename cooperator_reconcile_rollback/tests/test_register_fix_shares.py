"""What people hold is brought to the register."""

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
            "cooperative_membership",
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
