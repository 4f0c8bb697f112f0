from odoo import _
from odoo.exceptions import UserError
from odoo.osv.expression import AND, OR
from odoo.tools.misc import formatLang

from ..books.request_reader import PAID_STATES
from .traces import Traces


class Refusals:
    """Why a match cannot be removed, or a request not be paid instead.

    :param env: the environment of whoever is told
    """

    def __init__(self, env):
        self.env = env

    def check_wrong_move(self, move):
        """Check that ``move`` is a capital release request that can be corrected.

        :raises UserError: it is not, or it is refunded, or it waits to be registered
        """
        self.check_is_request(move)
        self.check_not_refunded(move)
        # sudo: what waits belongs to whoever booked it
        waiting = self.env["reconciliation.rollback.postponed"].sudo()
        waiting = waiting._get_waiting(move)
        if waiting:
            raise UserError(
                _(
                    "%(request)s of %(partner)s was paid during %(rollback)s and is "
                    "registered after it: try again when that has ended.",
                    **self._name(move),
                    rollback=waiting.rollback_id.name,
                )
            )

    def refuse_unpaid(self, move):
        """:raises UserError: ``move`` is not paid, and nothing tells that it was"""
        raise UserError(
            _(
                "%(request)s of %(partner)s is not paid and has no operation, so there is "
                "nothing to roll back. If a payment is matched with it in part, remove that "
                "match in the request.",
                **self._name(move),
            )
        )

    def refuse_removed(self, line):
        """:raises UserError: the operation that ``line`` removes is gone"""
        raise UserError(
            _(
                "Operation %(number)s of %(partner)s is no longer in the register: remove "
                "this correction.",
                number=line.operation_number,
                partner=line.wrong_partner_id.name,
            )
        )

    def check_operation(self, move, numbers):
        """Check that ``move`` made one operation.

        :param numbers: those of the operations that fit it, each of them once
        :raises UserError: several do
        """
        if len(numbers) > 1:
            raise UserError(
                _(
                    "Several operations of the register fit %(request)s of "
                    "%(partner)s, %(numbers)s: start from the wrong one in the menu "
                    "Subscription Register.",
                    **self._name(move),
                    numbers=", ".join(map(str, sorted(numbers))),
                )
            )

    def check_unregistered(self, move):
        """Check that ``move`` is paid and has no operation.

        :raises UserError: it is not, or it has one
        """
        self.check_wrong_move(move)
        numbers = list(move._find_operations())
        if numbers and move._knows_its_operations():
            raise UserError(
                _(
                    "%(request)s of %(partner)s is registered already, as operation "
                    "%(number)s: remove this correction.",
                    **self._name(move),
                    number=numbers[0],
                )
            )
        if move.payment_state not in PAID_STATES:
            raise UserError(
                _(
                    "%(request)s of %(partner)s is not paid any more: remove this "
                    "correction.",
                    **self._name(move),
                )
            )

    def check_match_in_no_other(self, match, rollback=None):
        """Check that no other rollback corrects ``match``.

        :param rollback: the one that does
        :raises UserError: another one does that has not ended
        """
        other = self._find_other([("wrong_match_id", "=", match.id)], rollback)
        if other:
            move = match.debit_move_id.move_id
            raise UserError(
                _(
                    "The payment %(payment)s on %(request)s of %(partner)s is already "
                    "in %(rollback)s: end or cancel that first.",
                    payment=match.credit_move_id.move_id.name,
                    request=move.name,
                    partner=move.partner_id.name,
                    rollback=other.rollback_id.name,
                )
            )

    def check_in_no_other(self, line):
        """Check that no other rollback makes the correction of ``line``.

        :param line: ``reconciliation.rollback.line``
        :raises UserError: another one does that has not ended
        """
        if line.wrong_match_id:
            self.check_match_in_no_other(line.wrong_match_id, line.rollback_id)
            return
        lines = line.register_lines
        if not lines or lines == "[]":
            return
        domain = [
            ("register_lines", "=", lines),
            ("company_id", "=", line.company_id.id),
        ]
        other = self._find_other(domain, line.rollback_id)
        if other:
            raise UserError(
                _(
                    "Operation %(number)s of %(partner)s is already in %(rollback)s: end "
                    "or cancel that first.",
                    number=line.operation_number,
                    partner=line.wrong_partner_id.name,
                    rollback=other.rollback_id.name,
                )
            )

    def _find_other(self, domain, rollback):
        """A line of another rollback that has not ended."""
        return self.env["reconciliation.rollback.line"].search(
            domain
            + [
                ("rollback_id", "not in", rollback.ids if rollback else []),
                ("rollback_id.state", "not in", ("done", "reverted", "cancelled")),
            ],
            limit=1,
        )

    def check_reversal(self, line):
        """Check that the entry of an operation request can be reversed, if it is to be.

        :param line: ``reconciliation.rollback.line``
        :raises UserError: it cannot
        """
        if not line.is_invoice_reversed:
            return
        entry = line.invoice_id
        if entry.state == "posted" and entry.payment_state in ("not_paid", False):
            return
        if line.rollback_id.started_at:
            # there is no choice any more
            raise UserError(
                _(
                    "%(entry)s of %(partner)s cannot be reversed, since it is not posted "
                    "or is paid already: post it first, or remove what was matched with "
                    "it.",
                    entry=entry.display_name or _("The entry"),
                    partner=line.wrong_partner_id.name,
                )
            )
        raise UserError(
            _(
                "%(entry)s of %(partner)s cannot be reversed, since it is not posted "
                "or is paid already: untick Reverse its entry and settle it "
                "yourself.",
                entry=entry.display_name or _("The entry"),
                partner=line.wrong_partner_id.name,
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

    def check_can_be_registered(self, move):
        """:raises UserError: cooperator would not register the payment of ``move``"""
        # it looks at refunds of whatever state
        refund = move.search(move.get_refund_domain(move), limit=1)
        if refund:
            raise UserError(
                _(
                    "%(request)s of %(partner)s has the cancelled refund %(refund)s, so "
                    "that a payment would not be registered: leave the right request "
                    "empty, match the payment with it afterwards, then start from the "
                    "request.",
                    **self._name(move),
                    refund=refund.display_name,
                )
            )

    def check_no_tax_shelter_certificate(self, register_lines):
        """:raises UserError: ``l10n_be_cooperator`` has certified an operation"""
        if "tax.shelter.certificate" not in self.env:
            return
        for line in register_lines:
            if self.find_certificates(line, ("validated", "sent")):
                raise UserError(
                    _(
                        "A tax shelter certificate has been issued to %(partner)s for "
                        "operation %(number)s: withdraw it first.",
                        partner=line.partner_id.name,
                        number=line.register_number_operation,
                    )
                )

    def find_certificates(self, register_line, states):
        """Find the certificates of ``l10n_be_cooperator`` for an operation.

        :param states: those of the certificates
        :return: ``certificate.line``, at most one
        """
        # sudo: these certificates are not for those who prepare rollbacks
        return (
            self.env["certificate.line"]
            .sudo()
            .search(
                [
                    ("type", "=", "subscribed"),
                    ("share_type", "=", register_line.share_product_id.id),
                    ("quantity", "=", register_line.quantity),
                    ("transaction_date", "=", register_line.date),
                    (
                        "tax_shelter_certificate.partner_id",
                        "=",
                        register_line.partner_id.id,
                    ),
                    ("tax_shelter_certificate.state", "in", states),
                    ("declaration_id.company_id", "=", register_line.company_id.id),
                ],
                limit=1,
            )
        )

    def check_right_moves(self, line, paid):
        """Check that the payment of a correction can pay its right requests.

        :param line: ``reconciliation.rollback.line``
        :param paid: see :class:`~.payments.Payments`
        :raises UserError: it cannot
        """
        for move in line._get_right_moves():
            self._check_right_move(line, move, paid)

    def _check_right_move(self, line, move, paid):
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
        self.check_can_be_registered(move)
        if move == line.wrong_move_id:
            raise UserError(
                _(
                    "%(request)s of %(partner)s is the request to take the payment from: "
                    "choose another one.",
                    **self._name(move),
                )
            )
        self._check_payment(line, move)
        self._check_open_amount(line, move, paid)
        self._check_no_shares_left(line, move)
        if line.account_id and not line._get_open_lines(move):
            raise UserError(
                _(
                    "%(request)s of %(partner)s is booked on another account than the "
                    "payment, %(account)s: choose another request.",
                    **self._name(move),
                    account=line.account_id.display_name,
                )
            )

    def _check_no_shares_left(self, line, move):
        """:raises UserError: shares of an operation that was deleted by hand are there"""
        if move in line.rollback_id.line_ids.wrong_move_id:
            return
        if Traces(self.env).find_share(move) and not move._knows_its_operations():
            raise UserError(
                _(
                    "%(request)s of %(partner)s has shares already, though its operation "
                    "was deleted from the register: press Cancel, and start from both "
                    "requests, so that these shares go first.",
                    **self._name(move),
                )
            )

    def _check_payment(self, line, move):
        """:raises UserError: nothing tells which payment is to pay ``move``, or it can't"""
        payment = line.payment_move_id
        if payment and payment.state != "posted":
            raise UserError(
                _(
                    "%(payment)s is not posted and cannot pay %(request)s of %(partner)s: "
                    "post it first.",
                    **self._name(move),
                    payment=payment.name,
                )
            )
        if line.payment_line_id or payment.statement_line_id:
            if not line.payment_line_id.reconciled or line.wrong_match_id:
                return
            if line.rollback_id.started_at:
                # there is no choice any more
                raise UserError(
                    _(
                        "%(payment)s is matched with %(others)s meanwhile and cannot pay "
                        "%(request)s of %(partner)s: remove that match first.",
                        **self._name(move),
                        payment=payment.name,
                        others=", ".join(self._find_matched(line).mapped("name")),
                    )
                )
            raise UserError(
                _(
                    "%(payment)s is matched with something else meanwhile and cannot pay "
                    "%(request)s of %(partner)s: choose another payment, or none.",
                    **self._name(move),
                    payment=line.payment_move_id.name,
                )
            )
        raise UserError(
            _(
                "Nothing tells which payment is to pay %(request)s of %(partner)s: choose "
                "the open payment, or leave the right request empty.",
                **self._name(move),
            )
        )

    def _find_matched(self, line):
        """The entries that the payment of a correction is matched with."""
        item = line.payment_line_id
        matches = item.matched_debit_ids | item.matched_credit_ids
        return (matches.debit_move_id | matches.credit_move_id).move_id - item.move_id

    def _check_open_amount(self, line, move, paid):
        """:raises UserError: nothing is open for the payment; after the start, too little"""
        rollback = line.rollback_id
        currency = line.company_id.currency_id
        open_amount = line._get_open_amount(move)
        amount = sum(paid.get((line, right), 0.0) for right in line._get_right_moves())
        if rollback.started_at and (
            currency.compare_amounts(amount, line.right_amount) < 0
        ):
            # there is no choice any more
            raise UserError(
                _(
                    "%(request)s of %(partner)s is open for %(open)s, less than the "
                    "%(amount)s of the payment: remove what was matched with it after "
                    "%(rollback)s was planned.",
                    **self._name(move),
                    open=self._format_amount(line, open_amount),
                    amount=self._format_amount(line, line.right_amount),
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
        # two instalments of one request can go over to one item of another
        amount = sum(
            part
            for (other, right), part in paid.items()
            if right == move and other.payment_move_id == line.payment_move_id
        )
        if currency.compare_amounts(amount, 0.0) <= 0:
            raise UserError(
                _(
                    "Nothing of %(payment)s is left for %(request)s of %(partner)s, which "
                    "is open for %(open)s: choose another request.",
                    **self._name(move),
                    payment=line.payment_move_id.name,
                    open=self._format_amount(line, open_amount),
                )
            )

    def _name(self, move):
        """What a refusal calls a request; read only where there is one."""
        return {"request": move.display_name, "partner": move.partner_id.name}

    def _format_amount(self, line, amount):
        return formatLang(self.env, amount, currency_obj=line.currency_id)
