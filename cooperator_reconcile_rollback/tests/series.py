"""What the tests have to do differently on Odoo 14.0 and on 16.0, and nowhere else."""

from odoo.release import version_info
from odoo.tests import common

SERIES = version_info[0]

# One transaction per class, one savepoint per test: 16.0 says so with TransactionCase.
BaseCase = common.TransactionCase if SERIES >= 16 else common.SavepointCase


def flush(env):
    """Write everything that the ORM still keeps back, so that SQL sees it."""
    if SERIES >= 16:
        env.flush_all()
    else:
        env["base"].flush()


def invalidate(env):
    """Forget everything that the ORM remembers, so that the database is read again."""
    flush(env)
    if SERIES >= 16:
        env.invalidate_all()
    else:
        env["base"].invalidate_cache()


def receivable_account_values(env):
    """The values that make an account a receivable one."""
    if SERIES >= 16:
        return {"account_type": "asset_receivable"}
    return {"user_type_id": env.ref("account.data_account_type_receivable").id}


def make_statement_line(journal, values):
    """A posted bank statement line that nobody has matched yet.

    14.0 has lines only within a statement and posts them with it; on 16.0 a line stands
    alone and is posted at once.
    """
    if SERIES >= 16:
        return journal.env["account.bank.statement.line"].create(
            {"journal_id": journal.id, **values}
        )
    statement = journal.env["account.bank.statement"].create(
        {
            "journal_id": journal.id,
            "date": values["date"],
            "balance_end_real": values["amount"],
            "line_ids": [(0, 0, values)],
        }
    )
    # whatever was on the account before is not the subject here
    statement.balance_start = 0
    statement.balance_end_real = values["amount"]
    statement.button_post()
    return statement.line_ids


def match_statement_line(statement_line, journal_item):
    """Match a bank statement line with a journal item, as the bank screen does.

    14.0 has its own method. On 16.0 (Community) the bank screen comes from OCA's
    account_reconcile_oca, which moves the line on the suspense account to the account of
    the counterpart and reconciles the two.
    """
    if SERIES < 16:
        statement_line.reconcile([{"id": journal_item.id}])
        return
    _liquidity, suspense, _other = statement_line._seek_for_lines()
    suspense.write(
        {
            "account_id": journal_item.account_id.id,
            "partner_id": statement_line.partner_id.id,
        }
    )
    (suspense + journal_item).reconcile()


def render_pdf(report, records):
    """A PDF report of records, drawn by wkhtmltopdf as for the user of the records.

    While it is testing, Odoo draws none unless the context has
    ``force_report_rendering``.

    :param report: the report's XML id
    """
    reports = records.env["ir.actions.report"]
    if SERIES >= 16:
        return reports._render_qweb_pdf(report, records.ids)[0]
    return reports.env.ref(report)._render_qweb_pdf(records.ids)[0]


def render_html(report, records):
    """A report of records as HTML text.

    :param report: the report's XML id
    """
    reports = records.env["ir.actions.report"]
    if SERIES >= 16:
        content = reports._render_qweb_html(report, records.ids)[0]
    else:
        content = reports.env.ref(report)._render_qweb_html(records.ids)[0]
    return content.decode()


def render_xlsx(report, records):
    """A spreadsheet of records.

    :param report: the report's XML id
    """
    reports = records.env["ir.actions.report"]
    if SERIES >= 16:
        return reports._render_xlsx(report, records.ids, {})[0]
    return reports.env.ref(report)._render_xlsx(records.ids, {})[0]


def get_view_arch(records, kind):
    """The architecture of a model's view of that kind, as its user gets it."""
    if SERIES >= 16:
        return records.get_view(view_type=kind)["arch"]
    return records.fields_view_get(view_type=kind)["arch"]
