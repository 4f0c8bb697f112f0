"""Every kind of finding has something that fixes it, be it a rollback."""

from odoo.tests import tagged

from ..fixes import FIXES
from ..ledger.finding import (
    ENTRIES_CHANGED,
    EVIDENCE_BOOKS_CHANGED,
    EVIDENCE_CHAIN_BROKEN,
    EVIDENCE_CHANGED,
    OPERATION_NOT_DONE,
    OPERATION_NOT_PAID,
    OPERATION_WITHOUT_GROUND,
    PAID_WITHOUT_OPERATION,
    REGISTERED_TWICE,
    SEVERITIES,
)
from ..tools import flags
from .builders import CLARA
from .register_fix_case import RegisterFixCase
from .snapshots import NextNumbers

# Evidence that was changed is not changed back: a manager looks at it and accepts it.
NEVER_FIXED = {
    ENTRIES_CHANGED,
    EVIDENCE_BOOKS_CHANGED,
    EVIDENCE_CHAIN_BROKEN,
    EVIDENCE_CHANGED,
}


@tagged("post_install", "-at_install")
class TestFixedByRollback(RegisterFixCase):
    """The button drafts a rollback, once."""

    def draft(self, finding, label="Roll back"):
        self.assertEqual(finding.fix_label, label)
        action = finding.with_user(self.user).action_mend()
        self.assertEqual(action["res_model"], "reconciliation.rollback")
        rollback = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(rollback.state, "draft")
        self.assertEqual(len(rollback.line_ids), 1)
        return rollback

    def test_every_kind(self):
        kinds = {kind for fix in FIXES for kind in fix.kinds} | NEVER_FIXED
        known = dict(self.env["cooperator.register.finding"]._get_kinds())
        self.assertEqual(kinds, set(known))
        self.assertLessEqual(set(SEVERITIES), kinds)

    def test_operation_not_paid(self):
        self.matches_of(self.bruno.capital_release_request).unlink()
        finding = self.assertFinds(OPERATION_NOT_PAID)
        label = "Finish the rollback"
        rollback = self.draft(finding, label)
        self.assertEqual(
            rollback.line_ids.wrong_move_id, self.bruno.capital_release_request
        )
        self.assertEqual(self.draft(finding, label), rollback)

    def test_registered_twice(self):
        clara = self.subscribe(CLARA, 2, self.share_y)
        payment = self.pay(clara)
        self.matches_of(clara.capital_release_request).unlink()
        self.match(payment, clara)
        self.draft(self.assertFinds(REGISTERED_TWICE))

    def test_paid_without_operation(self):
        clara = self.subscribe(CLARA, 2, self.share_y)
        payment = self.book_payment(clara.partner_id, 50)
        items = self.item_of(payment.move_id) + self.item_of(
            clara.capital_release_request
        )
        items.with_context(**flags.RESTORE.set()).reconcile()
        finding = self.assertFinds(PAID_WITHOUT_OPERATION)
        rollback = self.draft(finding, "Register")
        self.assertEqual(self.draft(finding, "Register"), rollback)

    def test_operation_without_ground(self):
        line = self.line_of(1004).copy(
            {"register_number_operation": 1007, "name": "1007", "quantity": 100}
        )
        line.operation_request_id = self.sale.copy({"state": "done"})
        self.set_next_numbers(self.company, NextNumbers(1008, 504))
        self.draft(self.assertFinds(OPERATION_WITHOUT_GROUND))

    def test_chosen_in_the_wizard(self):
        """An operation of a cancelled request goes, or the request is done."""
        self.sale.cancel_operation()
        finding = self.assertFinds(OPERATION_NOT_DONE)
        self.assertEqual(
            finding.fix_label, "Roll back / Set the operation request to Done"
        )
        wizard = self.open_fix(finding, self.user)
        self.choose(wizard, "Roll back")
        action = wizard.action_apply()
        self.assertEqual(action["res_model"], "reconciliation.rollback")
        rollback = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(rollback.state, "draft")
        self.assertFalse(self.env["cooperator.register.fix"].search([]))
