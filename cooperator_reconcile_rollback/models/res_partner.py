from odoo import _, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    reconciliation_rollback_count = fields.Integer(
        string="Number of rollbacks",
        compute="_compute_reconciliation_rollback_count",
        groups="cooperator.cooperator_group_user",
    )

    def _get_reconciliation_rollbacks(self):
        """The rollbacks of these partners' requests and payments."""
        lines = self.env["reconciliation.rollback.line"].search(
            [
                ("rollback_id.state", "!=", "cancelled"),
                "|",
                "|",
                ("wrong_move_id.partner_id", "in", self.ids),
                ("right_move_id.partner_id", "in", self.ids),
                ("payment_partner_id", "in", self.ids),
            ]
        )
        return lines.rollback_id

    def _compute_reconciliation_rollback_count(self):
        for partner in self:
            partner.reconciliation_rollback_count = len(
                partner._get_reconciliation_rollbacks()
            )

    def action_view_reconciliation_rollbacks(self):
        return self._get_reconciliation_rollbacks()._get_view_action(
            _("Reconciliation rollbacks")
        )
