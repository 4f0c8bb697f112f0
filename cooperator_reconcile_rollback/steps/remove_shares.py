from odoo import models

from .books import MEMBERSHIPS, SHARES


class RemoveShares(models.AbstractModel):
    """Manual, step 4: take the shares of the wrong operation away."""

    _name = "reconciliation.rollback.step.remove_shares"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: remove the shares"

    def _get_books(self):
        return [SHARES, MEMBERSHIPS]

    def _get_snapshot(self, step):
        rollback = step.rollback_id
        lines = rollback.company_id._get_share_lines(
            self._get_changed_partners(rollback)
        )
        return {
            "share lines": [
                {
                    "id": line.id,
                    "partner": line.partner_id.display_name,
                    "share type": line.share_product_id.display_name,
                    "quantity": line.share_number,
                    "price": line.share_unit_price,
                    "date": line.effective_date,
                    "request": line.capital_release_request_id.name,
                }
                for line in lines
            ]
        }

    def _run(self, step):
        rollback = step.rollback_id
        changes = rollback._get_plan().changes
        rollback.company_id._apply_holdings([change.between for change in changes])
