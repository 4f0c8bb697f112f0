from odoo import _, models


class HoldMail(models.AbstractModel):
    """Manual, step 1: let no more mail about the people concerned leave.

    The start holds it already; this makes sure of it and keeps what is held.
    """

    _name = "reconciliation.rollback.step.hold_mail"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: hold mail"

    _manual_number = 1
    # the end of a revert releases what is held
    _needs_no_undo = True
    _makes_mail = False

    def _get_label(self):
        return _("Hold mail")

    def _get_snapshot(self, step, reading):
        rollback = step.rollback_id
        return {
            "mail held": rollback.mail_held,
            "mails": [self._get_mail(mail) for mail in rollback.mail_ids],
        }

    def _get_mail(self, mail):
        """A mail in words; one that proves nothing about the correction without its own."""
        if mail.kind == "other":
            return {"kind": mail.kind, "state": mail.state}
        return {"subject": mail.subject, "to": mail.email_to, "state": mail.state}

    def _run(self, step):
        step.rollback_id._hold_mail()
