from odoo import models


class OperationRequest(models.Model):
    _inherit = "operation.request"

    # tells a hold that the mail is a certificate, see mail_mail.py

    def _get_share_transfer_mail_template(self):
        template = super()._get_share_transfer_mail_template()
        return template.with_context(is_cooperator_certificate=True)

    def _get_share_update_mail_template(self):
        template = super()._get_share_update_mail_template()
        return template.with_context(is_cooperator_certificate=True)

    def execute_operation(self):
        # before cooperator draws a number
        self.company_id._check_register_open()
        return super().execute_operation()
