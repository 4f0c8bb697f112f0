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
    operation_request_id = fields.Many2one(
        "operation.request",
        string="Operation request",
        readonly=True,
        index=True,
        help="The transfer that these shares come from, or the conversion that made "
        "them what they are.",
    )
