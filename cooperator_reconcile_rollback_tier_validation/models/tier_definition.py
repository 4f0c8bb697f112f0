from odoo import api, fields, models


class TierDefinition(models.Model):
    _inherit = "tier.definition"

    is_second_person = fields.Boolean(
        string="By a second person",
        default=True,
        help="Of a rollback: neither whoever planned it nor whoever asked for the "
        "validation can give it.",
    )

    @api.model
    def _get_tier_validation_model_names(self):
        return super()._get_tier_validation_model_names() + ["reconciliation.rollback"]
