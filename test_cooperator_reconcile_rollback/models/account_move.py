from odoo import models

from ..interruption import interrupt


class AccountMove(models.Model):
    _inherit = "account.move"

    def post_process_confirm_paid(self, effective_date):
        """End the transaction once the payment is registered, at "payment"."""
        res = super().post_process_confirm_paid(effective_date)
        interrupt(self.env, "payment")
        return res
