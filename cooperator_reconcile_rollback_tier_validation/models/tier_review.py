from odoo import api, models


class TierReview(models.Model):
    _inherit = "tier.review"

    @api.model
    def _get_reviewer_fields(self):
        return super()._get_reviewer_fields() + [
            "requested_by",
            "definition_id.is_second_person",
        ]

    def _get_reviewers(self):
        """Leave out who planned and who asked, where the definition wants a second person."""
        reviewers = super()._get_reviewers()
        if (
            self.model != "reconciliation.rollback"
            or not self.definition_id.is_second_person
        ):
            return reviewers
        rollback = self.env[self.model].browse(self.res_id)
        return reviewers - self.requested_by - rollback.plan_user_id
