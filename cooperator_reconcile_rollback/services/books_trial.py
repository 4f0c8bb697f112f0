from contextlib import suppress

from odoo.exceptions import UserError

from ..books.entries_of_matches import find_entries
from ..books.request_reader import PAID_STATES
from ..tools import flags
from .commit_guard import CommitGuard
from .dry_run import DryRunOver
from .proposal import UNREGISTERED


class BooksTrial:
    """Makes the corrections' matches and takes that back, to see what Odoo makes of them.

    Where currencies differ, Odoo alone knows which request becomes paid. Where it has
    booked something with a wrong match, that is reversed, which a lock can forbid.

    :param lines: ``reconciliation.rollback.line`` of one rollback
    """

    def __init__(self, lines):
        self.lines = lines
        self.env = lines.env
        self._paid = None
        self._matched = {}
        self._reason = False

    def is_needed(self):
        """Whether amounts in the company's currency do not tell the outcome."""
        requests = self._get_requests() | self.lines.wrong_move_id
        items = self.lines.payment_line_id
        currencies = requests.currency_id | items.currency_id
        taxes = requests.invoice_line_ids.tax_ids
        return bool(
            currencies - self.lines.company_id.currency_id
            or "on_payment" in taxes.mapped("tax_exigibility")
            or find_entries(self.lines.wrong_match_id)
        )

    def find_refusal(self):
        """Why Odoo would refuse it, in its own sentence; or ``False``."""
        self._run()
        return self._reason

    def find_paid(self):
        """Find which right requests become paid.

        :return: ``account.move``
        """
        self._run()
        return self._paid

    def find_matched(self):
        """Find how much each payment pays of each right request.

        :return: ``{(id of the payment's entry, id of the request): amount}``, in the
            company's currency
        """
        self._run()
        return self._matched

    def _get_requests(self):
        requests = self.env["account.move"]
        return requests.union(*[line._get_right_moves() for line in self.lines])

    def _run(self):
        if self._paid is not None:
            return
        # sudo: as when the steps' jobs run, see ReconciliationRollbackStep._as_rollback
        lines = self.lines.sudo().with_company(self.lines.company_id)._by_action()
        paid = []
        guard = CommitGuard(lines.env, lines.rollback_id.name, is_trial=True)
        try:
            with suppress(DryRunOver), guard.whole():
                lines._remove_match()
                matching = lines.filtered(
                    lambda line: line.right_move_id and line.situation != UNREGISTERED
                )
                # nothing is registered
                matching.with_context(**flags.RESTORE.set())._make_match()
                paid = [
                    request.id
                    for request in self._get_requests().sudo()
                    if request.payment_state in PAID_STATES
                ]
                self._matched = _sum_matches(lines)
                raise DryRunOver
        except UserError as error:
            self._reason = error.args[0]
        # what was done has left in the cache what is not in the database
        self.env.clear()
        self._paid = self.env["account.move"].browse(paid)


def _sum_matches(lines):
    """What the payments of corrections pay of the right requests, by both ids."""
    payments = {move.id: move.id for move in lines.payment_move_id}
    payments.update(
        (line.reclassification_move_id.id, line.payment_move_id.id) for line in lines
    )
    amounts = {}
    for match in lines._get_all_right_moves()._get_request_matches():
        payment = payments.get(match.credit_move_id.move_id.id)
        if payment:
            key = (payment, match.debit_move_id.move_id.id)
            amounts[key] = amounts.get(key, 0.0) + match.amount
    return amounts
