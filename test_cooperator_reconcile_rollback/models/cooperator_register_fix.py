from odoo import api, models

from ..interruption import interrupt


class CooperatorRegisterFix(models.Model):
    _inherit = "cooperator.register.fix"

    @api.model
    def _record(self, company, values):
        """End the transaction when the fix is applied and not recorded yet, at "fix"."""
        interrupt(self.env, "fix")
        return super()._record(company, values)
