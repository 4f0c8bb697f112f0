from odoo import api, models

ROLLBACK = "reconciliation.rollback"

UNDECIDED = {
    "status": "pending",
    "done_by": False,
    "reviewed_date": False,
    "comment": False,
}


class TierReview(models.Model):
    _inherit = "tier.review"

    @api.model_create_multi
    def create(self, vals_list):
        """Begin each review of a rollback undecided.

        Otherwise whoever asks for the validation could answer it, by a default that a
        context has or that each user can store.
        """
        return super().create(
            [
                {**UNDECIDED, **vals} if vals.get("model") == ROLLBACK else vals
                for vals in vals_list
            ]
        )

    def write(self, vals):
        """Refuse to make another record's review one of a rollback.

        Odoo asks for the right to write before it writes, when the review still belongs to
        the other record.
        """
        result = super().write(vals)
        # nothing for the superuser, as whom the validation writes
        self.check_access_rule("write")
        return result

    @api.model
    def _get_reviewer_fields(self):
        return super()._get_reviewer_fields() + [
            "requested_by",
            "definition_id.is_second_person",
        ]

    def _get_reviewers(self):
        """Leave out who planned and who asked, where the definition wants a second person."""
        reviewers = super()._get_reviewers()
        if self.model != ROLLBACK or not self.definition_id.is_second_person:
            return reviewers
        rollback = self.env[self.model].browse(self.res_id)
        return reviewers - self.requested_by - rollback.plan_user_id
