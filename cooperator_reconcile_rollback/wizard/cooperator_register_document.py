from dataclasses import replace
from datetime import datetime, time, timedelta

import pytz

from odoo import _, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from ..report.register_countries import RegisterCountry
from ..services.entry_rows import EXTRACT, INSPECTION, REGISTER, EntryRows, Mask
from ..tools.access import check_readable

PDF = "cooperator_reconcile_rollback.register_entries_report"
XLSX = "cooperator_reconcile_rollback.register_entries_xlsx"


class CooperatorRegisterDocument(models.TransientModel):
    """Choose what is printed of the register, and for whom."""

    _name = "cooperator.register.document"
    _description = "Register of operations to print"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [
            (REGISTER, "Register, for the board and the auditor"),
            (INSPECTION, "Register, for a member to look at"),
            (EXTRACT, "Extract, for one member to keep"),
        ],
        string="What",
        required=True,
        default=REGISTER,
    )
    partner_id = fields.Many2one("res.partner", string="Member")
    date_from = fields.Date(
        string="Entered from", help="From the first entry on where it is empty."
    )
    date_to = fields.Date(string="Entered to")

    @api.depends("kind", "date_from", "date_to")
    @api.depends_context("lang")
    def _compute_name(self):
        for document in self:
            document.name = _(
                "Register of operations %s", document.date_to or fields.Date.today()
            )

    @api.constrains("kind", "partner_id", "date_from", "date_to")
    def _check_choice(self):
        for document in self:
            if document.kind == EXTRACT and not document.partner_id:
                raise ValidationError(_("An extract is one member's: choose a member."))
            start, end = document.date_from, document.date_to
            if start and end and start > end:
                raise ValidationError(
                    _(
                        "The period begins on %(date_from)s and ends before, on "
                        "%(date_to)s: choose a later end.",
                        date_from=start,
                        date_to=end,
                    )
                )

    def _get_timezone(self):
        return self.env.context.get("tz") or self.env.user.tz or "UTC"

    def _get_utc(self, day):
        """The first moment of a day on the clock of the user, as the database stores it."""
        timezone = pytz.timezone(self._get_timezone())
        moment = timezone.localize(datetime.combine(day, time.min))
        return moment.astimezone(pytz.utc).replace(tzinfo=None)

    def _load_extract(self):
        """Load what the document shows, as :class:`~..services.entry_rows.Extract`."""
        self.ensure_one()
        check_readable(self.env["cooperator.register.entry"])
        company = self.company_id
        if company not in self.env.companies:
            raise UserError(
                _("%s: choose one of the companies that you work in.", company.name)
            )
        # sudo: nobody adds entries by hand
        company.sudo()._remember_register()
        extract = EntryRows(company).load(
            self.date_from and self._get_utc(self.date_from),
            self.date_to and self._get_utc(self.date_to + timedelta(days=1)),
            self.partner_id.id if self.kind == EXTRACT else None,
        )
        mask = Mask(
            self.env,
            self.kind,
            self.partner_id.id,
            RegisterCountry(company).shows_domicile,
        )
        return replace(extract, rows=tuple(map(mask.apply, extract.rows)))

    def _get_subtitle(self):
        """Return what the document shows, in a sentence."""
        what = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        if self.kind == EXTRACT:
            what = _("Extract for %s", self.partner_id.display_name)
        if not self.date_from and not self.date_to:
            return _("%s. All entries.", what)
        return _(
            "%(what)s. Entered from %(date_from)s to %(date_to)s.",
            what=what,
            date_from=format_date(self.env, self.date_from) or _("the beginning"),
            date_to=format_date(self.env, self.date_to) or _("today"),
        )

    def _get_company_facts(self):
        """Return who keeps the register, as pairs of a label and a text."""
        # sudo: whoever may see the register may see whose it is
        company = self.company_id.sudo()
        partner = company.partner_id
        seat = [partner.street, partner.zip, partner.city, partner.country_id.name]
        facts = [
            (_("Cooperative"), company.name),
            (_("Enterprise number"), company.company_registry or company.vat or ""),
            (_("Seat"), ", ".join(filter(None, seat))),
        ]
        return [(label, text) for label, text in facts if text]

    def action_print_pdf(self):
        check_readable(self)
        return self.env.ref(PDF).report_action(self, config=False)

    def action_export_xlsx(self):
        check_readable(self)
        return self.env.ref(XLSX).report_action(self, config=False)
