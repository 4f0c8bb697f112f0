"""What a rollback names cannot be deleted, and the refusal says so."""

from odoo.tests import tagged

from .series import invalidate
from .test_revert import RevertCase


@tagged("post_install", "-at_install")
class TestNamedRecords(RevertCase):
    """Alice's request was paid with Bruno's payment."""

    def free_payment(self):
        """The payment in draft, as it has to be before anybody can delete it."""
        self.payment.action_draft()
        return self.payment

    def test_draft(self):
        """Somebody has to cancel the draft first; then all can go."""
        rollback = self.draft_rollback(self.request, self.bruno)
        payment = self.free_payment()
        request = self.bruno.capital_release_request
        request.button_draft()
        for record in (payment, request.with_context(force_delete=True)):
            self.assertRefused(
                f"{record.name}.* is named in {rollback.name}.*press Cancel first",
                record.unlink,
            )
        rollback.action_cancel()
        payment.unlink()
        request.with_context(force_delete=True).unlink()
        invalidate(self.env)
        self.assertFalse(rollback.line_ids.payment_move_id)
        self.assertFalse(rollback.line_ids.right_move_id)

    def test_evidence(self):
        """What is kept as evidence stays whole."""
        rollback = self.start()
        self.run_jobs(rollback)
        self.revert(rollback)
        payment = self.free_payment()
        request = self.request.with_context(force_delete=True)
        request.button_draft()
        named = f"is named in {rollback.name}, which is kept as evidence"
        for record in (payment, request):
            self.assertRefused(f"{record.name}.* {named}: cancel it", record.unlink)
        for record in (self.manager, self.bruno.partner_id):
            self.assertRefused(
                f"{record.display_name} {named}: archive it", record.unlink
            )
        self.assertEqual(rollback._find_tampering(), [])

    def test_further_right_request(self):
        """A cancelled draft lets go of those as well."""
        rollback = self.draft_rollback(self.request)
        request = self.bruno.capital_release_request
        rollback.line_ids.right_ids = [(0, 0, {"move_id": request.id})]
        request.button_draft()
        request = request.with_context(force_delete=True)
        self.assertRefused(rollback.name, request.unlink)
        rollback.action_cancel()
        request.unlink()
        invalidate(self.env)
        self.assertFalse(rollback.line_ids.right_ids)

    def test_others(self):
        """What no rollback names is deleted as ever, with no more queries for more."""
        self.start()
        partners = self.env["res.partner"].create(
            [{"name": f"Nobody {number}"} for number in range(3)]
        )
        partners.unlink()
        self.assertFalse(partners.exists())
