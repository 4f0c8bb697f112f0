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


def change_currency(request, currency):
    """Keep a posted request in another currency.

    16.0 takes the currency of the journal; on 14.0 the accountant chooses it.
    """
    if request.currency_id == currency:
        return
    request.button_draft()
    draft = request.with_context(check_move_validity=False)
    draft.write({"currency_id": currency.id, "date": request.invoice_date})
    if SERIES < 16:
        draft._onchange_currency()
    request.action_post()
