from odoo import api, fields, models

from ..tools import flags

HELD = "rollback_held"


class MailMail(models.Model):
    """Mail that waits for the end of a rollback.

    A held mail has a state of its own: no code of Odoo's sends a mail that is not
    ``outgoing``, whether it is sent at once, by its scheduler or by hand.
    """

    _inherit = "mail.mail"

    state = fields.Selection(
        selection_add=[(HELD, "Held by a rollback")],
        # what the uninstall hook has left: ordinary mail must not be lost
        ondelete={HELD: lambda mails: mails.mark_outgoing()},
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
        marks = self._prepare_marks()
        mails = super().create(
            [
                {"reconciliation_rollback_id": False, **vals, **marks}
                for vals in vals_list
            ]
        )
        mails._hold_for_rollback()
        return mails

    def write(self, vals):
        """Whoever puts a mail back into the queue does not get around a hold."""
        res = super().write(vals)
        if vals.get("state") == "outgoing":
            self._hold_for_rollback()
        return res

    def _hold_for_rollback(self):
        # sudo: whoever triggers a mail knows nothing of rollbacks
        self.env["reconciliation.rollback"].sudo()._hold_mails(self.sudo())

    def _send(self, *args, **kwargs):
        """Leave held mails alone: Odoo 14.0 deletes what it is told to send and may not."""
        sent = self.exists().filtered(lambda mail: mail.state != HELD)
        return super(MailMail, sent)._send(*args, **kwargs)

    @api.model
    def _prepare_marks(self):
        """Prepare what a new mail is to a rollback, whatever its values or a context say.

        Whoever may send a mail chooses these: with a certificate's marks, a mail would take
        the place of the one that a rollback expects.
        """
        context = self.env.context
        request = flags.CERTIFICATE_REQUEST.get(context)
        return {
            "is_cooperator_certificate": bool(
                request or flags.CERTIFICATE.get(context)
            ),
            "certificate_request_id": request or False,
        }
