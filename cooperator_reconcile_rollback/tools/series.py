"""What differs between Odoo 14.0 and 16.0, and nowhere else."""

from odoo import release

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
