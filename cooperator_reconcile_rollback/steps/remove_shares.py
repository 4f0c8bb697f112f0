from odoo import _, models

from .undo_rows import MEMBERSHIPS, SHARES, conditions_of


class RemoveShares(models.AbstractModel):
    """Manual, step 4: take the shares of the wrong operation away."""

    _name = "reconciliation.rollback.step.remove_shares"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: remove the shares"

    _manual_number = 4

    def _get_label(self):
        return _("Remove the shares")

    def _get_rows_conditions(self):
        return conditions_of(SHARES, MEMBERSHIPS)

    def _get_snapshot(self, step, reading):
        rows = reading.get_rows(SHARES)
        names = reading.names
        people = names.of("res.partner", [row["partner_id"] for row in rows])
        share_types = names.of(
            "product.product", [row["share_product_id"] for row in rows]
        )
        requests = names.of(
            "account.move", [row["capital_release_request_id"] for row in rows], "name"
        )
        return {
            "share lines": [
                {
                    "id": row["id"],
                    "partner": people[row["partner_id"]],
                    "share type": share_types[row["share_product_id"]],
                    "quantity": row["share_number"],
                    "price": float(row["share_unit_price"] or 0),
                    "date": row["effective_date"],
                    "request": requests[row["capital_release_request_id"]],
                }
                for row in rows
            ]
        }

    def _run(self, step):
        rollback = step.rollback_id
        changes = rollback._get_plan().changes
        rollback.company_id._apply_holdings([change.between for change in changes])
