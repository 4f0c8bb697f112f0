from odoo import _, models


class ReleaseMail(models.AbstractModel):
    """Manual, step 11: hand the other mails over and hold no more."""

    _name = "reconciliation.rollback.step.release_mail"
    _inherit = "reconciliation.rollback.step.hold_mail"
    _description = "Step: release mail"

    _manual_number = 11

    def _get_label(self):
        return _("Release mail")

    def _run(self, step):
        rollback = step.rollback_id
        rollback.mail_held = False
        rollback.mail_ids._cancel_held()
        rollback.mail_ids._release_held()
        # nothing has come of these
        rollback.mail_ids.filtered(lambda row: row.state == "expected").write(
            {"state": "cancelled"}
        )
        rollback.mail_ids._forget_others()
