"""Rows that undo a step: which ones it may change, and how they are put back.

Matches come and go through Odoo, since residuals and payment states depend on them, see
:mod:`~..services.match_restorer`.
The other records come back as they were, to their ids, see :mod:`~..books.row_journal`.

A condition may use the parameters ``company``, ``partners`` and ``moves``, ids all.
"""

from ..books.row_journal import restore_rows
from ..services.match_restorer import MATCHES, MatchRestorer

REGISTER = "subscription.register"
SHARES = "share.line"
MEMBERSHIPS = "cooperative.membership"
OPERATION_REQUESTS = "operation.request"
SUBSCRIPTIONS = "subscription.request"

OF_PARTNERS = "company_id = %(company)s AND partner_id = ANY(%(partners)s)"
OF_MOVES = "SELECT id FROM account_move_line WHERE move_id = ANY(%(moves)s)"
CONDITIONS = {
    MATCHES: f"debit_move_id IN ({OF_MOVES}) OR credit_move_id IN ({OF_MOVES})",
    REGISTER: f"{OF_PARTNERS} OR company_id = %(company)s "
    "AND partner_id_to = ANY(%(partners)s)",
    SHARES: OF_PARTNERS,
    MEMBERSHIPS: OF_PARTNERS,
    OPERATION_REQUESTS: OF_PARTNERS,
    SUBSCRIPTIONS: "id IN "
    "(SELECT subscription_request FROM account_move WHERE id = ANY(%(moves)s))",
}


def conditions_of(*models):
    """The conditions of models that accounting and cooperator bring."""
    return {model: CONDITIONS[model] for model in models}


class UndoRows:
    """Puts back what :meth:`.reading.Reading.compare` has kept.

    :param items: journal items' ids that stand for others, which are no more
    :param rollback: ``reconciliation.rollback`` whose revert is under way
    """

    def __init__(self, env, items, rollback=None):
        self.env = env
        self.items = items
        self.rollback = rollback

    def restore(self, kept):
        """Put rows back.

        :param kept: what to undo, by model
        :raises UserError: a match can't be made again; nothing was changed
        """
        kept = dict(kept)
        matches = kept.pop(MATCHES, None)
        if matches:
            MatchRestorer(self.env, self.items, self.rollback).restore(matches)
        if MEMBERSHIPS in kept:
            self._clear_numbers(kept[MEMBERSHIPS]["changed"])
        for model, rows in kept.items():
            restore_rows(self.env[model], rows)

    def _clear_numbers(self, rows):
        """Let two memberships swap their numbers, which 16.0 wants to be unique."""
        numbered = [row["id"] for row in rows if "cooperator_register_number" in row]
        self.env[MEMBERSHIPS].browse(numbered)._clear_cooperator_register_number()
