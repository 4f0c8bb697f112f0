from odoo import _, api, fields, models
from odoo.tools.misc import format_date, format_datetime, formatLang

from ..services.chain_head import word_head
from ..services.corrections_register import grand_total
from ..services.numbered_series import RollbackSeries
from ..tools.excerpt import Excerpt, ranges
from .reconciliation_rollback_report import (
    HASH_LENGTH,
    LETTERHEAD_MARGIN,
    draws_headers,
)

# Some fifty pages; the spreadsheet has all rows.
ROWS = 1000
# So much of a note is printed; the spreadsheet has all of it.
NOTE = 80


class CorrectionsRegisterReport(models.AbstractModel):
    """Values of the PDF of the register of corrections; its template only draws them."""

    _name = "report.cooperator_reconcile_rollback.corrections_register"
    _description = "PDF of the register of corrections"

    @api.model
    def _get_report_values(self, docids, data=None):
        wizards = self.env["reconciliation.rollback.register"].browse(docids)
        return {
            "doc_ids": docids,
            "doc_model": wizards._name,
            "docs": wizards,
            "printout_of": self._get_printout,
            "draws_headers": draws_headers(),
            "letterhead_margin": LETTERHEAD_MARGIN,
        }

    def _get_printout(self, wizard):
        """Return the values of the template."""
        register = wizard._load_register()
        rows = Excerpt.of(register.rows, ROWS)
        currency = wizard.company_id.currency_id
        state = wizard._fields["state"]
        return {
            "rows": rows,
            "more": _(
                "%s more: in the spreadsheet of this register, which has them all. The "
                "totals include them.",
                rows.more,
            ),
            "totals": register.totals,
            "total": grand_total(_("Total"), register.totals),
            "period": "%s – %s"
            % (
                format_date(self.env, wizard.date_from),
                format_date(self.env, wizard.date_to),
            ),
            "states": dict(state._description_selection(self.env))[wizard.state],
            "amount": lambda amount: formatLang(
                self.env, amount, currency_obj=currency
            ),
            "day": lambda moment: moment and format_date(self.env, moment.date()),
            "numbers": lambda numbers: ", ".join(ranges(numbers)) or "–",
            "short": lambda evidence_hash: evidence_hash[:HASH_LENGTH],
            "has_hash": any(row.evidence_hash for row in register.rows),
            "printed": self._word_printed(wizard),
            "series": RollbackSeries(wizard.company_id).word(),
            "excerpt": lambda text: text if len(text) <= NOTE else text[:NOTE] + "…",
            "date": lambda day: format_date(self.env, day) if day else "–",
            "head": word_head(wizard.company_id, self.env, wizard._get_timezone()),
        }

    def _word_printed(self, wizard):
        """Return who prints the register and when, as a sentence."""
        timezone = wizard._get_timezone()
        now = fields.Datetime.now()
        return _(
            "Printed by %(user)s at %(time)s. All days are those of the time zone "
            "%(timezone)s.",
            user=self.env.user.name,
            time=format_datetime(self.env, now, tz=timezone, dt_format=False),
            timezone=timezone,
        )
