from odoo import models


class HoldMail(models.AbstractModel):
    """Manual, step 1: no mail about the people concerned leaves any more.

    The start holds it already; this makes sure of it and keeps what is held.
    """

    _name = "reconciliation.rollback.step.hold_mail"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: hold mail"

    def _get_snapshot(self, step):
        rollback = step.rollback_id
        return {
            "mail held": rollback.mail_held,
            "mails": [
                {"subject": mail.subject, "to": mail.email_to, "state": mail.state}
                for mail in rollback.mail_ids
            ],
        }

    def _run(self, step):
        step.rollback_id._hold_mail()
