from odoo import models


class HoldMail(models.AbstractModel):
    """Manual, step 1: no mail about the people concerned leaves any more."""

    _name = "reconciliation.rollback.step.hold_mail"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: hold mail"

    def _get_snapshot(self, rollback):
        return {
            "mail held": rollback.mail_held,
            "mails": [
                {"subject": mail.subject, "to": mail.email_to, "state": mail.state}
                for mail in rollback.mail_ids
            ],
        }

    def _run(self, rollback):
        rollback.mail_held = True
        # a mail that is being sent at this moment is locked by its scheduler: the
        # write conflicts, and the job is tried again
        rollback._hold_mails(
            self.env["mail.mail"].search([("state", "=", "outgoing")])
        )
        gone = rollback.mail_ids.filtered(
            lambda row: row.state == "expected" and row.subject and not row.mail_id
        )
        gone.write({"state": "sent"})
