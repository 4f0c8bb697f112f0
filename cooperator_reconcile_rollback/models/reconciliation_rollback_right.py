from odoo import api, fields, models

from ..services.refusals import Refusals


class ReconciliationRollbackRight(models.Model):
    """One more request that the payment of a correction was meant for."""

    _name = "reconciliation.rollback.right"
    _inherit = "reconciliation.rollback.evidence"
    _description = "Further right request of a correction"
    _order = "line_id, sequence, id"
    _rec_name = "move_id"

    line_id = fields.Many2one(
        "reconciliation.rollback.line", required=True, ondelete="cascade", index=True
    )
    rollback_id = fields.Many2one(related="line_id.rollback_id")
    company_id = fields.Many2one(related="line_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    move_id = fields.Many2one(
        "account.move",
        string="Right request",
        required=True,
        # of a cancelled draft; that of others is not deleted, see named_records
        ondelete="cascade",
        check_company=True,
        domain="[('release_capital_request', '=', True), "
        "('move_type', '=', 'out_invoice'), ('state', '=', 'posted'), "
        "('company_id', '=', company_id)]",
    )
    partner_id = fields.Many2one(related="move_id.partner_id", string="Right person")

    @api.model_create_multi
    def create(self, vals_list):
        rights = super().create(vals_list)
        rights._check_is_request()
        return rights

    def write(self, vals):
        result = super().write(vals)
        self._check_is_request()
        return result

    def _check_is_request(self):
        """:raises UserError: it is no capital release request"""
        for right in self:
            Refusals(self.env).check_is_request(right.move_id)

    @api.model
    def _get_fields_of_draft(self):
        return super()._get_fields_of_draft() | {"id", "line_id", "sequence", "move_id"}
