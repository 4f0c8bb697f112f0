from odoo import _
from odoo.exceptions import UserError

from .refusals import Refusals


class Proposal:
    """The matches behind the records that a person has before him.

    :param env: the environment of that person
    """

    def __init__(self, env):
        self.env = env

    def find_matches(self, records):
        """Find the matches that ``records`` stand for.

        :param records: see ``ReconciliationRollback.create_from``
        :return: ``account.partial.reconcile``, at least one for each record
        :raises UserError: a record has no match that can be rolled back
        """
        moves = self._find_moves(records)
        if not moves:
            raise UserError(_("There is nothing to roll back: no record was chosen."))
        return self.env["account.partial.reconcile"].union(
            *[self._find_move_matches(move) for move in moves]
        )

    def _find_move_matches(self, move):
        if move.release_capital_request:
            found = move._get_request_matches()
            if not found:
                # says why there is none
                Refusals(self.env).check_wrong_move(move)
            return found
        found = move._get_payment_matches()
        if not found:
            raise UserError(
                _(
                    "%(move)s is neither a capital release request nor a "
                    "payment that is matched with one.",
                    move=move.display_name,
                )
            )
        return found

    def _find_moves(self, records):
        """The journal entries behind ``records``: requests or payments."""
        if records._name == "account.move":
            return records
        if records._name == "subscription.register":
            return self._find_requests(records)
        if records._name == "account.bank.statement.line":
            return self.env["account.move"].union(
                *[self._find_statement_line_moves(line) for line in records]
            )
        return records.move_id

    def _find_requests(self, register_lines):
        for line in register_lines:
            if line.type != "subscription" or not line._get_paid_requests():
                raise UserError(
                    _(
                        "Operation %(number)s of %(partner)s does not come from a "
                        "paid capital release request.",
                        number=line.register_number_operation,
                        partner=line.partner_id.name,
                    )
                )
        return register_lines._get_paid_requests()

    def _find_statement_line_moves(self, statement_line):
        """The line's own entry, or the booked payments that it has confirmed."""
        move = statement_line.move_id
        if move._get_payment_matches():
            return move
        items = move.line_ids
        confirmed = (
            items.matched_debit_ids.debit_move_id.move_id
            | items.matched_credit_ids.credit_move_id.move_id
        )
        return confirmed.filtered(lambda m: m._get_payment_matches()) or move
