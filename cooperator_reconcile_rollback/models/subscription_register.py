from odoo import api, fields, models

from ..books.request_reader import PAID_STATES
from ..tools import flags


class SubscriptionRegister(models.Model):
    _name = "subscription.register"
    _inherit = ["subscription.register", "reconciliation.rollback.mixin"]

    capital_release_request_id = fields.Many2one(
        "account.move",
        string="Capital release request",
        readonly=True,
        index=True,
        help="The paid request that made this operation.",
    )
    operation_request_id = fields.Many2one(
        "operation.request",
        string="Operation request",
        readonly=True,
        index=True,
        help="The request for the transfer, sale or conversion that this operation is.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.company_id._check_register_open()
        return lines

    def write(self, vals):
        self.company_id._check_register_open()
        return super().write(vals)

    def unlink(self):
        companies = self.company_id
        companies._check_register_open()
        if flags.HOLDER.get(self.env.context):
            # the rollback has seen to it, and does so again when it ends
            return super().unlink()
        companies._remember_register()
        result = super().unlink()
        companies._remember_register()
        return result

    def _get_reconciliation_rollbacks(self):
        """Get the rollbacks that concern these operations, or what made them."""
        lines = self.env["reconciliation.rollback.line"].search(
            [
                ("operation_request_id", "in", self.operation_request_id.ids),
                ("operation_request_id", "!=", False),
                ("rollback_id.state", "!=", "cancelled"),
            ]
        )
        requests = self.capital_release_request_id
        return requests._get_reconciliation_rollbacks() | lines.rollback_id

    def _get_operation_lines(self):
        """Get all register lines of the operation that this one belongs to."""
        self.ensure_one()
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("register_number_operation", "=", self.register_number_operation),
                ("type", "=", self.type),
                ("partner_id", "=", self.partner_id.id),
                ("partner_id_to", "=", self.partner_id_to.id),
                (
                    "capital_release_request_id",
                    "=",
                    self.capital_release_request_id.id,
                ),
            ],
            order="id",
        )

    def _get_requests(self):
        """Find the capital release requests that made these operations, paid or not."""
        return self.capital_release_request_id or self._get_paid_requests()

    def _get_paid_requests(self):
        """Find the capital release requests that made these operations."""
        requests = self.capital_release_request_id
        unlinked = self.filtered(
            lambda line: (
                line.type == "subscription" and not line.capital_release_request_id
            )
        )
        if unlinked:
            candidates = self.env["account.move"].search(
                [
                    ("release_capital_request", "=", True),
                    ("move_type", "=", "out_invoice"),
                    ("company_id", "in", unlinked.company_id.ids),
                    ("partner_id", "in", unlinked.partner_id.ids),
                    ("payment_state", "in", PAID_STATES),
                ]
            )
            requests |= candidates.filtered(
                lambda request: request._find_register_lines() & unlinked
            )
        return requests

    def _get_operation_requests(self):
        """Find the operation requests behind these sales, transfers and conversions.

        One that was executed before this module was installed is found where it alone
        fits.
        """
        requests = self.operation_request_id
        unlinked = self.filtered(
            lambda line: line.type != "subscription" and not line.operation_request_id
        )
        for company in unlinked.company_id:
            links = company._pair_other_operations().links
            of_company = unlinked.filtered(lambda line, c=company: line.company_id == c)
            requests |= requests.browse(
                request
                for operation, request in links.items()
                if set(operation.lines) & set(of_company.ids)
            )
        return requests
