from odoo import models

from .books import OPERATION_REQUESTS, REGISTER


class RemoveRegisterLines(models.AbstractModel):
    """Manual, step 5: delete the wrong operation's lines from the register."""

    _name = "reconciliation.rollback.step.remove_register_lines"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: remove the register lines"

    def _get_books(self):
        return [REGISTER, OPERATION_REQUESTS]

    def _get_lines(self, rollback):
        lines = rollback._get_plan().removed_lines
        return self.env["subscription.register"].browse(lines).exists()

    def _get_snapshot(self, step):
        rollback = step.rollback_id
        return {
            "register lines": [
                {
                    "id": line.id,
                    "number": line.register_number_operation,
                    "partner": line.partner_id.display_name,
                    "share type": line.share_product_id.display_name,
                    "quantity": line.quantity,
                    "price": line.share_unit_price,
                    "date": line.date,
                    "responsible": line.user_id.name,
                    "request": line.capital_release_request_id.name,
                }
                for line in self._get_lines(rollback)
            ]
        }

    def _run(self, step):
        rollback = step.rollback_id
        lines = self._get_lines(rollback)
        lines._get_operation_requests().cancel_operation()
        lines.unlink()
