from odoo import models

from ..services.named_records import check_not_named


class ResUsers(models.Model):
    _inherit = "res.users"

    def unlink(self):
        check_not_named(self)
        return super().unlink()
