"""Putting back the journal items of bank statement lines that were undone."""

from .row_journal import restore_rows

ITEMS = "account.move.line"
# what Odoo computes of an item's matches
UNMATCHED = {"reconciled": False, "full_reconcile_id": None, "matching_number": None}


def restore_items(env, kept, matches):
    """Put back the items of undone statement lines, to their ids, open as they are
    before their matches are made again.

    :param kept: the difference of the rows, see :mod:`~..ledger.row_difference`
    :param matches: rows of the matches that are made again afterwards
    """
    matched = {
        row[name] for row in matches for name in ("debit_move_id", "credit_move_id")
    }
    deleted = [
        {**row, **_prepare_unmatched(row)} if row["id"] in matched else row
        for row in kept["deleted"]
    ]
    # the entry is posted, and whole again at the end
    items = env[ITEMS].with_context(
        force_delete=True, skip_account_move_synchronization=True
    )
    # Odoo would compute accounts and amounts anew that are as they were
    restore_rows(items, {**kept, "deleted": deleted}, recompute=False)
    statement_lines = items.browse([row["id"] for row in deleted]).statement_line_id
    for name in ("is_reconciled", "amount_residual"):
        env.add_to_compute(statement_lines._fields[name], statement_lines)


def _prepare_unmatched(row):
    residuals = {
        "amount_residual": row["balance"],
        "amount_residual_currency": row["amount_currency"],
    }
    unmatched = {name: value for name, value in UNMATCHED.items() if name in row}
    return {**residuals, **unmatched}
