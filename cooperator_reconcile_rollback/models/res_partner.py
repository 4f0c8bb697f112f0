from odoo import models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "reconciliation.rollback.mixin"]

    def _get_reconciliation_rollbacks(self):
        """The rollbacks of these partners' requests and payments."""
        lines = self.env["reconciliation.rollback.line"].search(
            [
                ("rollback_id.state", "!=", "cancelled"),
                "|",
                "|",
                "|",
                ("operation_partner_id", "in", self.ids),
                ("wrong_move_id.partner_id", "in", self.ids),
                ("right_move_id.partner_id", "in", self.ids),
                ("payment_partner_id", "in", self.ids),
            ]
        )
        return lines.rollback_id
