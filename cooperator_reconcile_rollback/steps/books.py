"""What a step changes in the books: read before and after it, put back to undo it.

Matches come and go through Odoo, since residuals and payment states depend on them.
The other records come back as they were, to their ids, see
:mod:`~..books.row_journal`.
"""

from odoo.exceptions import UserError

from ..books.row_journal import read_rows, restore_rows
from ..ledger.row_difference import difference

MATCHES = "account.partial.reconcile"
REGISTER = "subscription.register"
SHARES = "share.line"
MEMBERSHIPS = "cooperative.membership"
OPERATION_REQUESTS = "operation.request"
SUBSCRIPTIONS = "subscription.request"
# of cooperator's two the next number is kept, no row
SEQUENCES = "ir.sequence"

OF_PARTNERS = "company_id = %(company)s AND partner_id = ANY(%(partners)s)"
OF_MOVES = "SELECT id FROM account_move_line WHERE move_id = ANY(%(moves)s)"
ROWS = {
    MATCHES: f"debit_move_id IN ({OF_MOVES}) OR credit_move_id IN ({OF_MOVES})",
    REGISTER: f"{OF_PARTNERS} OR company_id = %(company)s "
    "AND partner_id_to = ANY(%(partners)s)",
    SHARES: OF_PARTNERS,
    MEMBERSHIPS: OF_PARTNERS,
    OPERATION_REQUESTS: OF_PARTNERS,
    SUBSCRIPTIONS: "id IN "
    "(SELECT subscription_request FROM account_move WHERE id = ANY(%(moves)s))",
}


def read_books(env, names, scope):
    """The rows of the models ``names`` that are in the scope of a step.

    :param names: all but ``SEQUENCES``
    :param scope: ``company``, ``partners`` and ``moves``, as ids
    :return: ``{model: {id: row}}``
    """
    return {name: read_rows(env[name], ROWS[name], scope) for name in names}


def compare_books(before, after):
    """What undoing the way from one reading to the next needs, by model."""
    return {name: difference(rows, after[name]) for name, rows in before.items()}


def restore_books(env, kept, items):
    """Put back what :func:`compare_books` has kept.

    :param items: journal items' ids that stand for others, which are no more
    """
    kept = dict(kept)
    matches = kept.pop(MATCHES, None)
    if matches:
        env[MATCHES].browse(matches["created"]).exists().unlink()
        for row in matches["deleted"]:
            restore_match(env, row, items)
    memberships = kept.get(MEMBERSHIPS)
    if memberships:
        # two of them may change their numbers, which 16.0 wants to be unique
        numbered = [
            row["id"]
            for row in memberships["changed"]
            if "cooperator_register_number" in row
        ]
        env[MEMBERSHIPS].browse(numbered)._clear_cooperator_register_number()
    for name, rows in kept.items():
        restore_rows(env[name], rows)


def restore_match(env, row, items):
    """Make a match again as it was, without what a payment sets in motion.

    Odoo matches as much as it can: where that would be more than before, the match is
    made without it, and no item is settled by it then.

    :raises UserError: one of its items is no longer open for its amount
    """
    debit, credit = (
        env["account.move.line"].browse(items.get(row[name], row[name]))
        for name in ("debit_move_id", "credit_move_id")
    )
    currency = debit.company_currency_id
    amount = float(row["amount"])
    possible = min(abs(debit.amount_residual), abs(credit.amount_residual))
    if currency.compare_amounts(possible, amount) < 0:
        kind = env["reconciliation.rollback.step.kind"]
        raise UserError(kind._word_matched_otherwise(credit.move_id, debit.move_id))
    if currency.compare_amounts(possible, amount) == 0:
        (debit | credit).with_context(is_rollback_restore=True).reconcile()
        return
    env[MATCHES].create(
        {
            "debit_move_id": debit.id,
            "credit_move_id": credit.id,
            "amount": amount,
            "debit_amount_currency": float(row["debit_amount_currency"]),
            "credit_amount_currency": float(row["credit_amount_currency"]),
        }
    )
