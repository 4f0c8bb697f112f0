from odoo import fields, models

from ..books.request_reader import PAID_STATES
from ..ledger.linking import Candidates, match_key_of_subscription
from ..services.named_records import check_not_named
from ..tools import flags, series


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "reconciliation.rollback.mixin"]

    reclassified_move_id = fields.Many2one(
        "account.move",
        string="Reclassified payment",
        readonly=True,
        copy=False,
        index=True,
        help="The payment that this entry books over to the right person.",
    )
    reclassification_ids = fields.One2many(
        "account.move", "reclassified_move_id", string="Reclassifications"
    )
    wrong_rollback_line_ids = fields.One2many(
        "reconciliation.rollback.line",
        "wrong_move_id",
        string="Wrong matches",
        groups="cooperator.cooperator_group_user",
    )
    right_rollback_line_ids = fields.One2many(
        "reconciliation.rollback.line",
        "right_move_id",
        string="Right matches",
        groups="cooperator.cooperator_group_user",
    )

    def unlink(self):
        check_not_named(self)
        return super().unlink()

    def _get_reconciliation_rollbacks(self):
        """Get the rollbacks that concern these capital release requests."""
        lines = self.wrong_rollback_line_ids | self.right_rollback_line_ids
        return lines.rollback_id.filtered(lambda r: r.state != "cancelled")

    def get_share_line_vals(self, line, effective_date):
        vals = super().get_share_line_vals(line, effective_date)
        vals["capital_release_request_id"] = self.id
        return vals

    def get_subscription_register_vals(self, line, effective_date):
        vals = super().get_subscription_register_vals(line, effective_date)
        vals["capital_release_request_id"] = self.id
        return vals

    def post_process_confirm_paid(self, effective_date):
        """Let what a payment makes wait while a rollback holds the register."""
        if flags.RESTORE.get(self.env.context):
            # what the payment has made comes back from what was kept of it
            return True
        if self._is_registered_by_rollback():
            return True
        rollback = self.company_id._get_locking_rollback()
        if rollback:
            # sudo: whoever books a payment knows nothing of rollbacks
            postponed = self.env["reconciliation.rollback.postponed"].sudo()
            postponed._postpone(rollback, self, effective_date)
            return True
        # A number that cooperator draws is lost where PostgreSQL refuses what was written
        # before it, and Odoo tries the payment again: let that come first.
        series.flush_all(self.env)
        with self.env["cooperator.register.lock"]._known_open(self.company_id):
            return super().post_process_confirm_paid(effective_date)

    def _is_registered_by_rollback(self):
        """Whether a step of a rollback has registered the request already.

        Odoo 16.0 takes a request as paid twice, when its payment is matched and when the
        exchange difference on the request is.
        """
        return bool(flags.HOLDER.get(self.env.context)) and bool(
            self.env["subscription.register"].search(
                [("capital_release_request_id", "=", self.id)], limit=1
            )
        )

    def _send_certificate_mail(self, certificate_email_template, sub_reg_line):
        if flags.REPLAY.get(self.env.context):
            return None
        # tells a hold which mail is the certificate, see mail_mail.py
        template = certificate_email_template.with_context(
            **flags.CERTIFICATE_REQUEST.set(self.id)
        )
        return super()._send_certificate_mail(template, sub_reg_line)

    def _get_payment_account_moves(self):
        """Count a payment that was booked over to the right person at its own date.

        A rollback plans the dates of payments: an exchange difference is none.
        """
        moves = super()._get_payment_account_moves()
        if flags.HOLDER.get(self.env.context):
            moves -= moves._get_exchange_differences()
        reclassifications = moves.filtered("reclassified_move_id")
        return moves - reclassifications | reclassifications.reclassified_move_id

    def _get_request_matches(self):
        """Get the ``account.partial.reconcile`` between these requests and payments."""
        matches = self.line_ids.matched_credit_ids
        payments = matches.credit_move_id.move_id.filtered(
            lambda move: move.move_type == "entry"
        )
        payments -= payments._get_exchange_differences()
        return matches.filtered(lambda match: match.credit_move_id.move_id in payments)

    def _open_subscriptions(self):
        """Let the subscriptions of those of these requests that are not paid wait again.

        Cooperator takes a subscription for paid before it registers it, and never back.
        """
        opened = self.filtered(lambda move: move.payment_state not in PAID_STATES)
        paid = opened.subscription_request.filtered(lambda s: s.state == "paid")
        paid.write({"state": "done"})

    def _get_exchange_differences(self):
        """Those of these entries that Odoo has booked for a change of currency rates."""
        return self.filtered(
            lambda move: move.journal_id == move.company_id.currency_exchange_journal_id
        )

    def _get_request_items(self):
        """Get the journal items of these requests that payments are matched with."""
        return self.line_ids.filtered(
            lambda item: item.account_id.reconcile and item.debit
        )

    def _get_payment_matches(self):
        """Get the matches between these payments and capital release requests.

        What a payment was booked over with pays for it.
        """
        paying = self | self.reclassification_ids
        return paying.line_ids.matched_debit_ids.filtered(
            lambda match: (
                match.debit_move_id.move_id.release_capital_request
                and match.debit_move_id.move_id.move_type == "out_invoice"
            )
        )

    def _knows_its_operations(self):
        """Whether the operations of this request are linked to it, and not only fit."""
        self.ensure_one()
        lines = self._find_register_lines()
        return lines.capital_release_request_id == self

    def _find_operations(self):
        """Find the operations that this request has made, the oldest first.

        :return: ``{number: subscription.register}``; see :meth:`_find_register_lines`
        """
        operations = {}
        for line in self._find_register_lines().sorted("id"):
            number = line.register_number_operation
            operations[number] = operations.get(number, line.browse()) | line
        return operations

    def _find_register_lines(self):
        """Find the register lines of the operation that this paid request made.

        Operations made since this module was installed know their request. An older one
        fits if it has the request's person, shares and prices; where several do, the one
        with the effective date that cooperator gives it.

        :return: ``subscription.register``; lines of several operations where several
            fit, none where none does
        """
        self.ensure_one()
        register = self.env["subscription.register"]
        domain = [("company_id", "=", self.company_id.id)]
        lines = register.search(domain + [("capital_release_request_id", "=", self.id)])
        if lines:
            return lines
        operations = {}
        for line in register.search(
            domain
            + [
                ("partner_id", "=", self.partner_id.id),
                ("type", "=", "subscription"),
                ("capital_release_request_id", "=", False),
            ]
        ):
            number = line.register_number_operation
            operations[number] = operations.get(number, register) | line
        candidates = Candidates(
            {
                number: self._get_match_key(
                    [
                        (line.share_product_id, line.quantity, line.share_unit_price)
                        for line in lines
                    ],
                    lines[0].date,
                )
                for number, lines in operations.items()
            }
        )
        date = max(self._get_payment_account_moves().mapped("date"), default=None)
        key = self._get_match_key(
            [
                (line.product_id, line.quantity, line.price_unit)
                for line in self.invoice_line_ids
            ],
            date,
        )
        return register.union(
            *[operations[number] for number in candidates.fitting(key)]
        )

    def _get_match_key(self, shares, date):
        """Get the key by which a request and its operation are matched.

        :param shares: share product, quantity and price of each line
        :return: :class:`~..ledger.linking.MatchKey`
        """
        make_shares = self.company_id._get_shares_maker()
        return match_key_of_subscription(
            self.partner_id.id,
            [
                make_shares(product.id, quantity, unit_price)
                for product, quantity, unit_price in shares
            ],
            date,
        )
