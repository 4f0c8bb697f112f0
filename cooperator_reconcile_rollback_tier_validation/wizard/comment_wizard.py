from odoo import models


class CommentWizard(models.TransientModel):
    _inherit = "comment.wizard"

    def add_comment(self):
        """Write the comment on a rollback's reviews for their reviewer, and nobody else."""
        if self.res_model != "reconciliation.rollback":
            return super().add_comment()
        rollback = self.env[self.res_model].browse(self.res_id)
        rollback._check_reviewer(self.review_ids)
        # sudo: only the validation writes reviews
        return super(CommentWizard, self.sudo()).add_comment()
