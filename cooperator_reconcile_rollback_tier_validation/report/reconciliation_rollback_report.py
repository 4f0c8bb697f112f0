from odoo import models


class ReconciliationRollbackReport(models.AbstractModel):
    _inherit = "report.cooperator_reconcile_rollback.report_rollback"

    def _get_printout(self, rollback):
        """Add the reviews, in the order in which they are asked for."""
        return {
            **super()._get_printout(rollback),
            "reviews": rollback.review_ids.sorted("sequence"),
        }
