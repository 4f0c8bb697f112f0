from odoo import _, fields, models


class SubscriptionRegister(models.Model):
    _inherit = "subscription.register"

    capital_release_request_id = fields.Many2one(
        "account.move",
        string="Capital release request",
        readonly=True,
        index=True,
        help="The paid request that made this operation.",
    )
    reconciliation_rollback_count = fields.Integer(
        string="Number of rollbacks",
        compute="_compute_reconciliation_rollback_count",
        groups="cooperator.cooperator_group_user",
    )

    def _get_reconciliation_rollbacks(self):
        """The rollbacks that removed or made the operations' requests."""
        return self.capital_release_request_id._get_reconciliation_rollbacks()

    def _compute_reconciliation_rollback_count(self):
        for line in self:
            line.reconciliation_rollback_count = len(
                line._get_reconciliation_rollbacks()
            )

    def action_view_reconciliation_rollbacks(self):
        return self._get_reconciliation_rollbacks()._get_view_action(
            _("Reconciliation rollbacks")
        )

    def _get_paid_requests(self):
        """The capital release requests that made these operations."""
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
                    ("payment_state", "in", ("paid", "in_payment")),
                ]
            )
            requests |= candidates.filtered(
                lambda request: request._find_register_lines() & unlinked
            )
        return requests
