from odoo import models

from ..services.named_records import check_not_named
from ..tools import flags


class OperationRequest(models.Model):
    _inherit = "operation.request"

    def unlink(self):
        check_not_named(self)
        return super().unlink()

    # tells a hold that the mail is a certificate, see mail_mail.py

    def _get_share_transfer_mail_template(self):
        template = super()._get_share_transfer_mail_template()
        return template.with_context(**flags.CERTIFICATE.set())

    def _get_share_update_mail_template(self):
        template = super()._get_share_update_mail_template()
        return template.with_context(**flags.CERTIFICATE.set())

    def get_subscription_register_vals(self, effective_date):
        vals = super().get_subscription_register_vals(effective_date)
        vals["operation_request_id"] = self.id
        return vals

    def execute_operation(self):
        # before cooperator draws a number
        self.company_id._check_register_open()
        with self.env["cooperator.register.lock"]._known_open(self.company_id):
            result = super().execute_operation()
        self._get_made_share_line().operation_request_id = self
        return result

    def _find_register_lines(self):
        """Find the register lines of the operation that this request made.

        :return: ``subscription.register``; none where it was not executed
        """
        self.ensure_one()
        register = self.env["subscription.register"]
        lines = register.search([("operation_request_id", "=", self.id)])
        if lines:
            return lines
        links = self.company_id._pair_other_operations().links
        return register.union(
            *[
                register.browse(operation.lines)
                for operation, request in links.items()
                if request == self.id
            ]
        )

    def _get_made_share_line(self):
        """Get the share line of a transfer or a conversion that was just executed.

        A transfer appends to the receiver's lines. A conversion leaves a single line.
        Cooperator has no hook at either.

        :return: ``share.line``; empty for other operations
        """
        share_line = self.env["share.line"]
        if self.operation_type not in ("transfer", "convert"):
            return share_line
        is_transfer = self.operation_type == "transfer"
        holder = self.partner_id_to if is_transfer else self.partner_id
        return share_line.search(
            [("partner_id", "=", holder.id), ("company_id", "=", self.company_id.id)],
            order="id desc",
            limit=1,
        )
