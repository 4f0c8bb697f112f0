from odoo import models

from ..services.named_records import check_not_named


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def unlink(self):
        # before anything of it is gone
        check_not_named(self.move_id)
        return super().unlink()
