from odoo import models


class ReconciliationRollback(models.Model):
    _inherit = "reconciliation.rollback"

    def _plan_mails(self, plan):
        result = super()._plan_mails(plan)
        self._plan_notices(plan)
        return result

    def _plan_notices(self, plan):
        """Rows to tell those who got a wrong certificate, for people to choose.

        Sent mail leaves no trace in Odoo: whose certificate neither waits in the queue
        nor is replaced by a right one has got it.
        """
        if not self.company_id.send_certificate_email:
            return
        certificates = self.mail_ids.filtered(lambda row: row.kind == "certificate")
        losing = [
            change.partner
            for change in plan.changes
            if change.after.quantity < change.before.quantity
        ]
        told = self.env["res.partner"].browse(losing) - certificates.partner_id
        certificates.create([self._prepare_notice(partner) for partner in told])

    def _prepare_notice(self, partner):
        """Values of the row that expects a notice."""
        return {
            "rollback_id": self.id,
            "partner_id": partner.id,
            "subject": self.mail_ids._get_notice_template().subject,
            "email_to": partner.email_formatted,
            "kind": "notice",
            "choice": "cancel",
        }
