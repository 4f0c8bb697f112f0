from odoo import models

from odoo.addons.cooperator_reconcile_rollback.tools.read_content import read_content

REVIEW_FIELDS = (
    "sequence",
    "status",
    "requested_by",
    "done_by",
    "reviewed_date",
    "comment",
)


class ReconciliationRollback(models.Model):
    """The reviews are a part of what the hash at the start stands for."""

    _inherit = "reconciliation.rollback"

    def _get_start_content(self):
        content = super()._get_start_content()
        # sudo: whoever may see the rollback may have it proven
        reviews = self.sudo().review_ids.sorted(
            lambda review: (review.sequence, review.id)
        )
        if reviews:
            content["reviews"] = read_content(reviews, REVIEW_FIELDS)
        return content
