from odoo import models


class CommentWizard(models.TransientModel):
    _inherit = "comment.wizard"

    def add_comment(self):
        """Comment on one's own reviews of a rollback, which nobody writes by hand."""
        if self.res_model != "reconciliation.rollback":
            return super().add_comment()
        rollback = self.env[self.res_model].browse(self.res_id)
        rollback._check_reviewer(self.review_ids)
        # sudo: reviews are written by the validation alone
        return super(CommentWizard, self.sudo()).add_comment()
