"""All payments of a rollback, each with its corrections, and what they pay."""

from collections import defaultdict

from odoo.tools import lazy_property

from ..ledger.paying import Claim, share_out
from .payer import Payer
from .proposal import UNREGISTERED


class Payments:
    """The payments of corrections, read once.

    :param lines: ``reconciliation.rollback.line``, all of a rollback
    """

    def __init__(self, lines):
        self.lines = lines.filtered(lambda line: line.situation != UNREGISTERED)
        groups = {}
        for line in self.lines.filtered("payment_move_id"):
            key = _get_payment(line)
            groups[key] = groups.get(key, line.browse()) | line
        self.payers = [Payer(group) for group in groups.values()]
        self._payer_by_line = {
            line: payer for payer in self.payers for line in payer.lines
        }
        self._matched = set()

    @lazy_property
    def paid(self):
        """How much each correction pays of each right request, in the corrections' order.

        What is left of a payment after one request goes to the next.

        :return: ``{(reconciliation.rollback.line, account.move): amount}``, in the
            company's currency, as it was when it was first asked for
        """
        claims = [
            Claim(line, payer, request)
            for payer in self.payers
            for line in payer.lines
            for request in line._get_right_moves()
        ]
        # the corrections' order decides, not the payments'
        places = {line: place for place, line in enumerate(self.lines)}
        claims.sort(key=lambda claim: places[claim.correction])
        lines = {request: line for line, _payer, request in claims}
        return share_out(
            claims,
            {line: line.amount for line in self.lines},
            {payer: payer.get_amount() for payer in self.payers},
            {
                request: line._get_open_amount(request)
                for request, line in lines.items()
            },
        )

    @lazy_property
    def _lines_by_request(self):
        lines = defaultdict(list)
        for line, request in self.paid:
            lines[request].append(line)
        return lines

    def check(self):
        """:raises UserError: a payment can't be brought to the right people"""
        for payer in self.payers:
            payer.check(self.paid)

    def remove_matches(self):
        """Remove the wrong matches, and nothing but them."""
        undone = {payer: payer.is_statement_line_undone() for payer in self.payers}
        others = [payer.lines for payer, is_undone in undone.items() if not is_undone]
        # together: Odoo computes what follows for all requests at once
        self.lines.browse().union(*others).wrong_match_id.unlink()
        for payer, is_undone in undone.items():
            if is_undone:
                payer.undo_statement_line()

    def is_as_planned(self):
        """Whether the payments can pay what the plan lets them pay."""
        paid = defaultdict(float)
        for (line, _request), amount in self.paid.items():
            paid[line] += amount
        return all(
            line.company_id.currency_id.compare_amounts(paid[line], line.right_amount)
            >= 0
            for line in self.lines
        )

    def find_right_matches(self):
        """The matches of the payments with their right requests."""
        items = self.lines.payment_line_id.union(
            *[payer.items for payer in self.payers]
        )
        matches = self.lines._get_all_right_moves()._get_request_matches()
        return matches.filtered(lambda match: match.credit_move_id in items)

    def bring(self):
        """Bring each payment to the right people.

        :raises UserError: one has to be booked over, and there is no journal for it
        """
        for payer in self.payers:
            payer.bring(self.paid)

    def pay(self, request=None, is_registered=False):
        """Match the payments with their right requests, or with one of them; each once.

        :param is_registered: whether the request has its operation, so that cooperator is
            not to make one
        """
        paid = self.paid
        if request is not None:
            paid = [(line, request) for line in self._lines_by_request[request]]
        for line, move in paid:
            if (line, move) not in self._matched:
                self._matched.add((line, move))
                payer = self._payer_by_line[line]
                payer.pay(line, move, self.paid[line, move], is_registered)


def remove_right_matches(lines, plan):
    """Remove what somebody has matched rightly since the plan: a step makes it, as planned.

    :param lines: ``reconciliation.rollback.line``, all of a rollback
    :param plan: :class:`~..ledger.plan.Plan` of it
    """
    payments = Payments(lines)
    matches = payments.find_right_matches().filtered(
        lambda match: match.id not in plan.right_matches
    )
    if matches and not payments.is_as_planned():
        matches.unlink()
        lines._get_all_right_moves()._open_subscriptions()


def _get_payment(line):
    """By what corrections have the same payment, see :mod:`.payer`."""
    move = line.payment_move_id
    if move.payment_id or move.statement_line_id:
        return move, line.account_id
    payer = line.payment_line_id.partner_id.commercial_partner_id
    return move, line.account_id, payer
