from odoo import _, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..ledger.plan import KEEP, REGISTER


class ReconciliationRollbackDifference(models.Model):
    """What a manager decides on a holding that neither the register nor an opening gives."""

    _name = "reconciliation.rollback.difference"
    _inherit = "reconciliation.rollback.evidence"
    _description = "Decision on an unexplained holding"
    _order = "rollback_id, id"
    _rec_name = "partner_id"
    rollback_id = fields.Many2one(
        "reconciliation.rollback", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="rollback_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        required=True,
        check_company=True,
        # of a cancelled draft; that of others is not deleted, see named_records
        ondelete="cascade",
    )
    choice = fields.Selection(
        [
            (KEEP, "Keep what is there, but for the correction"),
            (REGISTER, "Bring it to the register"),
        ],
        required=True,
        default=KEEP,
    )
    reason = fields.Text(required=True, help="It is kept for the auditor.")

    @api.model_create_multi
    def create(self, vals_list):
        differences = super().create(vals_list)
        differences.rollback_id._check_manager()
        differences._check_reason()
        return differences

    def write(self, vals):
        # only they answer for what the members have
        self.rollback_id._check_manager()
        res = super().write(vals)
        self._check_reason()
        return res

    def _check_reason(self):
        """:raises UserError: a decision has no reason"""
        for difference in self:
            if not (difference.reason or "").strip():
                raise UserError(
                    _(
                        "Write the reason for what is decided on the holding of %s: it is "
                        "kept.",
                        difference.partner_id.name,
                    )
                )

    @api.constrains("rollback_id", "partner_id")
    def _check_one_each(self):
        """:raises ValidationError: a person has two decisions in a rollback

        No constraint of PostgreSQL: where two people are merged that both have one, Odoo
        would delete one, which is evidence.
        """
        for rollback in self.rollback_id:
            people = rollback.difference_ids.partner_id
            if len(people) < len(rollback.difference_ids):
                raise ValidationError(
                    _(
                        "%s has two decisions on the holding of one person: remove one "
                        "of them.",
                        rollback.name,
                    )
                )

    @api.model
    def _get_fields_of_draft(self):
        return super()._get_fields_of_draft() | {
            "id",
            "rollback_id",
            "partner_id",
            "choice",
            "reason",
        }
