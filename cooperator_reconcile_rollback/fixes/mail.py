from odoo import _

from ..ledger import finding as kinds
from ..models.mail_mail import HELD
from ..services.mail_hold import release_left
from .fix import Fix


class ReleaseMail(Fix):
    """Release the mail that an ended rollback has left behind."""

    code = "release_mail"
    kinds = (kinds.MAIL_LEFT_HELD,)

    def get_label(self):
        return _("Release the mail")

    @property
    def rollback(self):
        """The ``reconciliation.rollback`` that was found."""
        return self.env["reconciliation.rollback"].browse(self.finding.rollback)

    def describe(self, option, number=0):
        return _(
            "%s holds no mail any more: each mail is sent or cancelled as the rollback "
            "says.",
            self.rollback.name,
        )

    def get_snapshot(self, option):
        mails = self.env["mail.mail"].search(
            [
                ("reconciliation_rollback_id", "=", self.rollback.id),
                ("state", "=", HELD),
            ],
            order="id",
        )
        return {
            "rollback": self.rollback.name,
            "holds mail": self.rollback.mail_held,
            "held mails": mails.mapped("subject"),
        }

    def apply(self, option, number=0):
        release_left(self.rollback._by_action())
