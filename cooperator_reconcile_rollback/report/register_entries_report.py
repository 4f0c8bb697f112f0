from odoo import _, api, fields, models
from odoo.tools.misc import format_date, format_datetime, formatLang

from ..services.chain_head import word_head
from ..services.entry_rows import EXTRACT, INSPECTION
from ..tools.excerpt import Excerpt
from .reconciliation_rollback_report import (
    HASH_LENGTH,
    LETTERHEAD_MARGIN,
    draws_headers,
)
from .register_countries import RegisterCountry

# Some fifty pages; the spreadsheet has all rows.
ROWS = 1000


class RegisterEntriesReport(models.AbstractModel):
    """Values of the PDF of the register; its template only draws them."""

    _name = "report.cooperator_reconcile_rollback.register_entries"
    _description = "PDF of the register of operations"

    @api.model
    def _get_report_values(self, docids, data=None):
        wizards = self.env["cooperator.register.document"].browse(docids)
        return {
            "doc_ids": docids,
            "doc_model": wizards._name,
            "docs": wizards,
            "printout_of": self._get_printout,
            "draws_headers": draws_headers(),
            "letterhead_margin": LETTERHEAD_MARGIN,
        }

    def _get_printout(self, wizard):
        """Return the values of the template; hook for modules that have more to say."""
        extract = wizard._load_extract()
        rows = Excerpt.of(extract.rows, ROWS)
        company = wizard.company_id
        return {
            "title": RegisterCountry(company).get_title(),
            "subtitle": wizard._get_subtitle(),
            "rows": rows,
            "more": _("%s more lines: in the spreadsheet, which has all.", rows.more),
            "opening": extract.opening,
            "closing": extract.closing,
            "counts": _(
                "%(valid)s lines, %(struck)s of them struck. The last entry of the register "
                "then is %(entry)s, with the hash %(hash)s.",
                valid=len(extract.rows),
                struck=extract.struck_count,
                entry=extract.last_entry[0],
                hash=extract.last_entry[1][:HASH_LENGTH],
            ),
            "facts": wizard._get_company_facts(),
            "is_whole": wizard.kind not in (INSPECTION, EXTRACT),
            "is_inspection": wizard.kind == INSPECTION,
            "day": lambda day: format_date(self.env, day) if day else "",
            "moment": lambda moment: self._format_datetime(wizard, moment),
            "amount": lambda amount: formatLang(
                self.env, amount, currency_obj=company.currency_id
            ),
            "printed": _(
                "Printed by %(user)s at %(time)s. All times are in the time zone "
                "%(timezone)s.",
                user=self.env.user.name,
                time=self._format_datetime(wizard, fields.Datetime.now()),
                timezone=wizard._get_timezone(),
            ),
            "head": word_head(company, self.env, wizard._get_timezone()),
        }

    def _format_datetime(self, wizard, moment):
        return format_datetime(
            self.env, moment, tz=wizard._get_timezone(), dt_format=False
        )
