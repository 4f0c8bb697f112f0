from odoo import api, fields, models

HELD = "rollback_held"


class MailMail(models.Model):
    """Mail that waits for the end of a rollback.

    A held mail has a state of its own: no code of Odoo's sends a mail that is not
    ``outgoing``, whether it is sent at once, by its scheduler or by hand.
    """

    _inherit = "mail.mail"

    state = fields.Selection(
        selection_add=[(HELD, "Held by a rollback")],
        # without this module nobody would ever decide on them
        ondelete={HELD: lambda mails: mails.write({"state": "cancel"})},
    )
    is_cooperator_certificate = fields.Boolean(
        help="The mail brings a cooperator certificate.", readonly=True
    )
    certificate_request_id = fields.Many2one(
        "account.move",
        readonly=True,
        help="The capital release request whose payment made the certificate.",
    )
    reconciliation_rollback_id = fields.Many2one(
        "reconciliation.rollback", string="Held by", readonly=True, index=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        context = self.env.context
        request = context.get("certificate_request_id")
        if request or context.get("is_cooperator_certificate"):
            vals_list = [
                {
                    **vals,
                    "is_cooperator_certificate": True,
                    "certificate_request_id": request,
                }
                for vals in vals_list
            ]
        mails = super().create(vals_list)
        # sudo: whoever triggers a mail knows nothing of rollbacks
        self.env["reconciliation.rollback"].sudo()._hold_mails(mails.sudo())
        return mails
