"""What somebody who began to correct by hand has left behind."""

from ..books.request_reader import PAID_STATES
from ..ledger.holding import Holding


class Traces:
    """Finds the traces of wrong operations whose match, or who themselves, are gone.

    :param env: the environment of whoever asks
    """

    def __init__(self, env):
        self.env = env

    def is_gone(self, request, is_paid):
        """Whether a request had an operation that was removed by hand.

        Its shares are there still, or its subscription has stayed paid: Odoo does not take
        that back when a match is removed.

        :param request: ``account.move``, without an operation
        :param is_paid: whether it is paid now
        """
        if self.find_share(request):
            return True
        return not is_paid and request.subscription_request.state == "paid"

    def find_share(self, request):
        """One of the share lines that a request has made, if there is any."""
        return self.env["share.line"].search(
            [("capital_release_request_id", "=", request.id)], limit=1
        )

    def find_groundless(self, payment):
        """Find unpaid requests with an operation that a payment could have made.

        Cooperator gives an operation the date of its payment.

        :param payment: the entry of a payment
        :return: ``account.move``
        """
        amount = sum(payment.line_ids.mapped("debit"))
        lines = self.env["subscription.register"].search(
            [
                ("company_id", "=", payment.company_id.id),
                ("type", "=", "subscription"),
                ("date", "=", payment.date),
                ("capital_release_request_id.payment_state", "not in", PAID_STATES),
            ]
        )
        currency = payment.company_id.currency_id
        return lines.capital_release_request_id.filtered(
            lambda request: (
                not currency.compare_amounts(request.amount_total_signed, amount)
            )
        )

    def propose_payment(self, request, dates=()):
        """Propose the open payment that was matched with a request, where one is likely.

        :param request: ``account.move`` that is not paid any more
        :param dates: dates of its operation's register lines: those of the payment
        :return: values of ``reconciliation.rollback.line``
        """
        items = request._get_request_items()
        candidates = self.env["account.move.line"].search(
            [
                ("company_id", "=", request.company_id.id),
                ("account_id", "in", items.account_id.ids),
                ("parent_state", "=", "posted"),
                ("move_id.move_type", "=", "entry"),
                ("balance", "<", 0),
                ("reconciled", "=", False),
            ]
        )
        currency = request.company_id.currency_id
        fitting = candidates.filtered(
            lambda item: (
                not currency.compare_amounts(
                    abs(item.amount_residual), request.amount_residual_signed
                )
            )
        )
        of_day = fitting.filtered(lambda item: item.date in dates)
        found = of_day if len(of_day) == 1 else fitting
        if len(found) != 1:
            return self._propose_statement_line(request, dates)
        lines = self.env["reconciliation.rollback.line"]
        return lines._prepare_payment(found)

    def _propose_statement_line(self, request, dates):
        """Propose the bank statement line that was undone; see :meth:`propose_payment`."""
        lines = self.env["account.bank.statement.line"].search(
            [
                ("company_id", "=", request.company_id.id),
                ("is_reconciled", "=", False),
                ("amount", "=", request.amount_residual),
                ("move_id.state", "=", "posted"),
            ]
        )
        of_day = lines.filtered(lambda line: line.date in dates)
        found = of_day if len(of_day) == 1 else lines
        if len(found) != 1:
            return {}
        return {
            "payment_move_id": found.move_id.id,
            "payment_partner_id": found.partner_id.id,
        }

    def find_date(self, request, line):
        """Find the effective date of an operation that is gone.

        :param line: ``reconciliation.rollback.line``
        :return: a date; ``None`` where nothing tells it
        """
        dates = request._get_request_matches().credit_move_id.mapped("date")
        return (
            self.find_share(request).effective_date
            or max(dates, default=None)
            or line.payment_move_id.date
            or None
        )

    def is_reset(self, holding):
        """Whether a membership was set back by hand.

        :param holding: :class:`~..ledger.holding.Holding` today
        """
        bare = Holding(holding.partner, holding.lines)
        return holding == bare
