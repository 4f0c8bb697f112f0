from odoo import _
from odoo.exceptions import UserError
from odoo.osv.expression import AND, OR
from odoo.tools.misc import formatLang

from ..books.request_reader import PAID_STATES


class Refusals:
    """Why a match cannot be removed, or a request not be paid instead.

    :param env: the environment of whoever is told
    """

    def __init__(self, env):
        self.env = env

    def check_wrong_move(self, move):
        """Check that ``move`` is a paid capital release request, and registered.

        :raises UserError: it is not, or it is refunded
        """
        self.check_is_request(move)
        self.check_not_refunded(move)
        if move.payment_state not in PAID_STATES:
            raise UserError(
                _(
                    "%(request)s of %(partner)s is not paid: there is no operation to "
                    "roll back, the match can simply be removed.",
                    **self._name(move),
                )
            )
        # sudo: what waits belongs to whoever booked it
        waiting = self.env["reconciliation.rollback.postponed"].sudo()
        waiting = waiting._get_waiting(move)
        if waiting:
            raise UserError(
                _(
                    "%(request)s of %(partner)s has no operation yet: it was paid during "
                    "%(rollback)s and is registered when that has ended.",
                    **self._name(move),
                    rollback=waiting.rollback_id.name,
                )
            )

    def check_operation(self, move, numbers):
        """Check that ``move`` made one operation.

        :param numbers: those of its operations, each of them once
        :raises UserError: it made none or several
        """
        if not numbers:
            raise UserError(
                _(
                    "No operation of the register was found that fits %(request)s of "
                    "%(partner)s: the register check says what it has instead.",
                    **self._name(move),
                )
            )
        if len(numbers) > 1:
            raise UserError(
                _(
                    "Several operations of the register fit %(request)s of "
                    "%(partner)s, %(numbers)s: have whoever runs your Odoo link the right "
                    "one to it.",
                    **self._name(move),
                    numbers=", ".join(map(str, sorted(numbers))),
                )
            )

    def check_is_request(self, move):
        """:raises UserError: ``move`` is no capital release request"""
        if not move.release_capital_request or move.move_type != "out_invoice":
            raise UserError(
                _(
                    "%(request)s of %(partner)s is not a capital release request: choose "
                    "one that is.",
                    **self._name(move),
                )
            )

    def check_not_refunded(self, move):
        """:raises UserError: ``move`` has a refund"""
        # cooperator finds a refund by its origin, Odoo's wizard only links it
        links = [move.get_refund_domain(move), [("reversed_entry_id", "in", move.ids)]]
        domain = AND([OR(links), [("state", "!=", "cancel")]])
        refund = move.search(domain, limit=1)
        if refund:
            raise UserError(
                _(
                    "%(request)s of %(partner)s has been refunded by %(refund)s: cancel "
                    "that refund first.",
                    **self._name(move),
                    refund=refund.display_name,
                )
            )

    def check_no_tax_shelter_certificate(self, register_lines):
        """:raises UserError: ``l10n_be_cooperator`` has certified an operation"""
        if "tax.shelter.certificate" not in self.env:
            return
        for line in register_lines:
            # sudo: these certificates are not for those who prepare rollbacks
            certificates = self.env["certificate.line"].sudo()
            if certificates.search(self._get_certificate_domain(line), limit=1):
                raise UserError(
                    _(
                        "A tax shelter certificate has been issued to %(partner)s for "
                        "operation %(number)s: withdraw it first.",
                        partner=line.partner_id.name,
                        number=line.register_number_operation,
                    )
                )

    def _get_certificate_domain(self, register_line):
        return [
            ("type", "=", "subscribed"),
            ("share_type", "=", register_line.share_product_id.id),
            ("quantity", "=", register_line.quantity),
            ("transaction_date", "=", register_line.date),
            ("tax_shelter_certificate.partner_id", "=", register_line.partner_id.id),
            ("tax_shelter_certificate.state", "in", ("validated", "sent")),
            ("declaration_id.company_id", "=", register_line.company_id.id),
        ]

    def check_right_move(self, line):
        """Check that the payment of a correction can pay its right request.

        :param line: ``reconciliation.rollback.line``
        :raises UserError: it cannot
        """
        move = line.right_move_id
        self.check_is_request(move)
        if move.company_id != line.company_id:
            raise UserError(
                _(
                    "%(request)s of %(partner)s belongs to %(company)s, the payment to "
                    "%(other)s: choose a request of that.",
                    **self._name(move),
                    company=move.company_id.name,
                    other=line.company_id.name,
                )
            )
        if move.state != "posted":
            raise UserError(
                _(
                    "%(request)s of %(partner)s is not posted: post it first.",
                    **self._name(move),
                )
            )
        self.check_not_refunded(move)
        if move == line.wrong_move_id:
            raise UserError(
                _(
                    "%(request)s of %(partner)s is the request to take the payment from: "
                    "choose another one.",
                    **self._name(move),
                )
            )
        self._check_open_amount(line)
        if not line._get_open_lines(move):
            raise UserError(
                _(
                    "%(request)s of %(partner)s is booked on another account than the "
                    "payment, %(account)s: choose another request.",
                    **self._name(move),
                    account=line.account_id.display_name,
                )
            )

    def _check_open_amount(self, line):
        """:raises UserError: less is open than is paid; after the start there is no choice"""
        move, rollback = line.right_move_id, line.rollback_id
        currency = line.company_id.currency_id
        open_amount = line._get_open_amount(move)
        paying = rollback.line_ids.filtered(lambda other: other.right_move_id == move)
        amount = sum(paying.mapped("amount"))
        is_too_little = currency.compare_amounts(open_amount, amount) < 0
        if is_too_little and rollback.started_at:
            raise UserError(
                _(
                    "%(request)s of %(partner)s is open for %(open)s, less than the "
                    "%(amount)s of the payment: remove what was matched with it after "
                    "%(rollback)s was planned.",
                    **self._name(move),
                    open=self._format_amount(line, open_amount),
                    amount=self._format_amount(line, amount),
                    rollback=rollback.name,
                )
            )
        if currency.compare_amounts(open_amount, 0.0) <= 0:
            raise UserError(
                _(
                    "%(request)s of %(partner)s is already paid: choose an open one.",
                    **self._name(move),
                )
            )
        if is_too_little:
            raise UserError(
                _(
                    "%(request)s of %(partner)s is open for %(open)s, less than the "
                    "%(amount)s of the payment: choose another one.",
                    **self._name(move),
                    open=self._format_amount(line, open_amount),
                    amount=self._format_amount(line, amount),
                )
            )

    def _name(self, move):
        """What a refusal calls a request; read only where there is one."""
        return {"request": move.display_name, "partner": move.partner_id.name}

    def _format_amount(self, line, amount):
        return formatLang(self.env, amount, currency_obj=line.currency_id)
