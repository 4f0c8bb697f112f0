"""Operations and requests that do not fit are brought together, and mail is released."""

from odoo.tests import tagged

from ..ledger.finding import (
    CHANGED_BY_HAND,
    DONE_WITHOUT_OPERATION,
    MAIL_LEFT_HELD,
    NO_REQUEST_FITS,
    OPERATION_GAP,
    OPERATION_NOT_DONE,
    SEVERAL_REQUESTS_FIT,
    SHARES_UNLIKE_REGISTER,
)
from .builders import CLARA
from .register_fix_case import RegisterFixCase
from .snapshots import NextNumbers


@tagged("post_install", "-at_install")
class TestOperationRequests(RegisterFixCase):
    """What was executed is in the register, and what is in it was executed."""

    def delete_line(self, number, following=1007):
        """Somebody deletes a register line by hand, the shares stay as they are."""
        self.line_of(number).unlink()
        self.set_next_numbers(self.company, NextNumbers(following, 504))

    def test_register_the_last_one(self):
        """The line of the conversion was deleted, and the sequence set back."""
        self.delete_line(1006, following=1006)
        findings = self.assertFinds(
            DONE_WITHOUT_OPERATION, SHARES_UNLIKE_REGISTER, CHANGED_BY_HAND
        )
        self.assertEqual(findings[0].fix_label, "Register / Set back to Approved")
        fix = self.assertFixed(
            findings[0], "subscription_register", "sequences", words="Register"
        )
        self.assertRegex(fix.choice, "The register gets operation 1006 on .*Alice Adam")
        line = self.line_of(1006)
        self.assertEqual((line.type, line.quantity_to), ("convert", 1))
        self.assertEqual(line.share_to_product_id, self.share_x)
        self.assertEqual(line.name, "1006")

    def test_register_with_its_old_number(self):
        """A transfer in the middle was deleted: the gap's number is chosen."""
        self.delete_line(1005)
        findings = self.find()
        finding = findings.filtered(lambda f: f.kind == DONE_WITHOUT_OPERATION)
        self.assertIn(OPERATION_GAP, findings.mapped("kind"))
        self.assertFixed(
            finding, "subscription_register", words="Register", number=1005
        )
        self.assertEqual(self.line_of(1005).partner_id_to, self.bruno.partner_id)

    def test_register_what_changed_no_shares(self):
        """Nothing was sold: the register would say otherwise."""
        self.sale.copy({"state": "done"})
        finding = self.assertFinds(DONE_WITHOUT_OPERATION)
        self.assertNotFixed(
            "Choose another possibility, .*: .*Operation 1007 .*Alice Adam",
            finding,
            words="Register",
        )

    def test_reopen(self):
        """Set to done by hand: nothing was executed."""
        request = self.sale.copy({"state": "done"})
        finding = self.assertFinds(DONE_WITHOUT_OPERATION)
        self.assertFixed(finding, "operation_request", words="Approved")
        self.assertEqual(request.state, "approved")

    def test_complete(self):
        """Somebody has cancelled a request that was executed."""
        self.sale.cancel_operation()
        finding = self.assertFinds(OPERATION_NOT_DONE)
        self.assertFixed(finding, "operation_request", words="Done")
        self.assertEqual(self.sale.state, "done")


@tagged("post_install", "-at_install", "slow")
class TestLinks(RegisterFixCase):
    """Operations of before the installation, which do not know their request."""

    def setUp(self):
        super().setUp()
        self.clara = self.join(CLARA, 2, self.share_y)
        self.again = self.subscribe(
            CLARA, 2, self.share_y, partner=self.clara.partner_id
        )
        self.pay(self.again)

    def unlink_all(self):
        lines = self.line_of(1007) | self.line_of(1008)
        self.execute(
            "UPDATE subscription_register SET capital_release_request_id = NULL"
            " WHERE id IN %s",
            lines._ids,
        )
        self.execute(
            "UPDATE share_line SET capital_release_request_id = NULL"
            " WHERE partner_id = %s",
            self.clara.partner_id.id,
        )

    def test_link(self):
        self.unlink_all()
        findings = self.assertFinds(SEVERAL_REQUESTS_FIT, SEVERAL_REQUESTS_FIT)
        first = findings.filtered(lambda f: f.number == 1007)
        request = self.clara.capital_release_request
        fix = self.assertFixed(
            first, "subscription_register", "share_line", words=request.name
        )
        self.assertRegex(
            fix.choice, f"Operation 1007 of Clara Cole comes from {request.name}"
        )
        self.assertEqual(self.line_of(1007).capital_release_request_id, request)

    def test_operation_gone(self):
        self.unlink_all()
        finding = self.assertFinds(SEVERAL_REQUESTS_FIT, SEVERAL_REQUESTS_FIT)[0]
        self.line_of(finding.number).unlink()
        self.assertRefused("not so any more: Operation 100", finding.action_mend)

    def test_nothing_chosen(self):
        self.unlink_all()
        finding = self.assertFinds(SEVERAL_REQUESTS_FIT, SEVERAL_REQUESTS_FIT)[0]
        wizard = self.open_fix(finding)
        wizard.option_id = False
        self.refuse("Choose what is to be done: Operation 100", wizard)

    def test_explain(self):
        """The request was deleted long ago."""
        self.unlink_all()
        self.execute(
            "UPDATE account_move SET release_capital_request = FALSE WHERE id IN %s",
            (self.clara | self.again).capital_release_request._ids,
        )
        findings = self.assertFinds(NO_REQUEST_FITS, NO_REQUEST_FITS)
        self.fix(findings[0], reason="Paid in cash in 1998")
        finding = self.assertFinds(NO_REQUEST_FITS)
        fix = self.assertFixed(finding, reason="Paid in cash in 1998")
        self.assertIn("stays without a request", fix.choice)


@tagged("post_install", "-at_install")
class TestMail(RegisterFixCase):
    def test_release(self):
        """A rollback has ended without releasing its mail."""
        clara = self.join(CLARA, 2, self.share_y)
        rollback = self.roll_back(clara.capital_release_request)
        self.execute(
            "UPDATE reconciliation_rollback SET mail_held = TRUE WHERE id = %s",
            rollback.id,
        )
        finding = self.assertFinds(MAIL_LEFT_HELD)
        self.assertEqual(finding.fix_label, "Release the mail")
        fix = self.assertFixed(finding)
        self.assertIn(rollback.name, fix.choice)
        self.assertFalse(rollback.mail_held)
        self.assertEqual(rollback._find_tampering(), [])
