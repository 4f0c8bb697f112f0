from odoo import fields, models


class ShareLine(models.Model):
    _inherit = "share.line"

    capital_release_request_id = fields.Many2one(
        "account.move",
        string="Capital release request",
        readonly=True,
        index=True,
        help="The paid request that these shares come from.",
    )
