"""What differs between Odoo 14.0 and 16.0, and nowhere else."""

from contextlib import contextmanager

from odoo import api, release

SERIES = release.version_info[0]


def get_membership(partner, company):
    """The partner's ``cooperative.membership`` in the company; maybe empty."""
    return partner.get_cooperative_membership(company if SERIES >= 16 else company.id)


def invalidate(records, names):
    """Forget the cached values of fields that SQL has written."""
    if SERIES >= 16:
        records.invalidate_recordset(names)
    else:
        records.invalidate_cache(names, records.ids)


def invalidate_all(records):
    """Forget all cached values of the records' model, after SQL has written many."""
    if SERIES >= 16:
        records.invalidate_model()
    else:
        records.invalidate_cache()


def flush(records):
    """Write what is pending of the records' model, before SQL reads or writes it."""
    if SERIES >= 16:
        records.flush_model()
    else:
        records.flush()


def flush_all(env):
    """Write all that is pending, of every model."""
    if SERIES >= 16:
        env.flush_all()
    else:
        env["base"].flush()


@contextmanager
def own_transaction(env):
    """Give the block an environment like ``env`` in another transaction, and commit that.

    What ``env`` has not written yet does not get there. All environments of a thread share
    that on 14.0, so those inside are kept apart.
    """
    if SERIES >= 16:
        with env.registry.cursor() as cr:
            yield env(cr=cr)
        return
    outside = api.Environment.envs
    api.Environment.reset()
    try:
        with env.registry.cursor() as cr:
            yield env(cr=cr)
    finally:
        api.Environment._local.environments = outside


# SQL condition on account_move_line: what makes it one of ``invoice_line_ids``
INVOICE_LINE = (
    "display_type = 'product'"
    if SERIES >= 16
    else "exclude_from_invoice_tab IS NOT TRUE"
)


def undo_statement_line(line):
    """Remove the matches of a bank statement line and the items they made."""
    if SERIES >= 16:
        line.action_undo_reconciliation()
    else:
        line.button_undo_reconciliation()


def get_exchange_entries(matches):
    """The exchange differences that Odoo booked with matches, and reverses with them."""
    entries = matches.full_reconcile_id.exchange_move_id
    if SERIES >= 16:
        entries |= matches.exchange_move_id
    return entries


def preview_match(debit, credit):
    """The amounts with which Odoo would match two journal items now.

    :return: ``amount``, ``debit_amount_currency`` and ``credit_amount_currency``; nothing
        where one of the items is settled
    """
    items = debit | credit
    if SERIES < 16:
        matches = items._prepare_reconciliation_partials()
        return matches[0] if matches else {}
    matches, _exchange_differences = items._prepare_reconciliation_partials(
        [
            {
                "record": item,
                "balance": item.balance,
                "amount_currency": item.amount_currency,
                "amount_residual": item.amount_residual,
                "amount_residual_currency": item.amount_residual_currency,
                "company": item.company_id,
                "currency": item.currency_id,
                "date": item.date,
            }
            for item in items
        ]
    )
    return matches[0] if matches else {}
