from odoo import _, models


class ClearMail(models.AbstractModel):
    """Manual, step 10: cancel the mails that are not to be sent."""

    _name = "reconciliation.rollback.step.clear_mail"
    _inherit = "reconciliation.rollback.step.hold_mail"
    _description = "Step: clear the queued mail"

    _manual_number = 10
    # it makes the mails that are due and that no match has made
    _makes_mail = True

    def _get_label(self):
        return _("Clear the queued mail")

    def _run(self, step):
        rollback = step.rollback_id
        rollback.mail_ids._make_due_mails()
        rollback.mail_ids._cancel_held()
