from odoo import models


class ClearMail(models.AbstractModel):
    """Manual, step 10: cancel the mails that are not to be sent."""

    _name = "reconciliation.rollback.step.clear_mail"
    _inherit = "reconciliation.rollback.step.hold_mail"
    _description = "Step: clear the queued mail"

    def _run(self, step):
        rollback = step.rollback_id
        rollback.mail_ids._make_due_mails()
        rollback.mail_ids._cancel_held()
