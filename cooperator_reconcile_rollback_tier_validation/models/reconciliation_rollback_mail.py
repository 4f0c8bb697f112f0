from odoo import models


class ReconciliationRollbackMail(models.Model):
    _inherit = "reconciliation.rollback.mail"

    def write(self, vals):
        """Refuse changes under validation: the choice for each mail is validated too."""
        if not self._is_by_action():
            self.rollback_id._check_not_under_validation("mail_ids")
        return super().write(vals)
