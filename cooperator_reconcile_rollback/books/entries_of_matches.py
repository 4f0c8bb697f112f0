"""Entries that Odoo books of itself with a match, and reverses when the match goes.

They are exchange differences and taxes on a cash basis. Whoever makes the match again gets
them again.
"""

from ..tools import series


def find_entries(matches):
    """Find the entries that were booked with matches.

    :param matches: ``account.partial.reconcile``
    :return: ``account.move``
    """
    cash_basis = matches.env["account.move"].search(
        [("tax_cash_basis_rec_id", "in", matches.ids)]
    )
    return series.get_exchange_entries(matches) | cash_basis


def find_matches_of_entries(matches):
    """Find the matches with the entries that were booked with ``matches``.

    :return: ``account.partial.reconcile``, which go when ``matches`` go
    """
    items = find_entries(matches).line_ids
    return items.matched_debit_ids | items.matched_credit_ids


def is_reversed_entry(entry):
    """Whether an entry was booked with a match and reversed with it.

    Nothing but its journal tells it, once the match is gone.

    :param entry: ``account.move``
    """
    company = entry.company_id
    journals = company.currency_exchange_journal_id | company.tax_cash_basis_journal_id
    return entry.journal_id in journals and bool(entry.reversal_move_id)
