from datetime import datetime, time, timedelta

import pytz

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ..models.reconciliation_rollback import ENDED_STATES
from ..services.change_report import load_register_rows
from ..services.corrections_register import Period, Register
from ..tools.access import check_readable

CHOSEN_STATES = {
    "ended": ENDED_STATES,
    "done": ("done",),
    "reverted": ("reverted",),
    "open": ("planned", "running", "failed", "reverting"),
    "all": ("planned", "running", "failed", "reverting", *ENDED_STATES),
}
PDF = "cooperator_reconcile_rollback.corrections_register_report"
XLSX = "cooperator_reconcile_rollback.corrections_register_xlsx"


class ReconciliationRollbackRegister(models.TransientModel):
    """Choose the period and the states of a register of corrections."""

    _name = "reconciliation.rollback.register"
    _description = "Register of corrections"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
    )
    date_to = fields.Date(
        string="To", required=True, default=lambda self: fields.Date.context_today(self)
    )
    state = fields.Selection(
        [
            ("ended", "Ended: done, reverted or cancelled"),
            ("done", "Done"),
            ("reverted", "Reverted"),
            ("open", "Not ended"),
            ("all", "All but drafts"),
        ],
        required=True,
        default="ended",
    )
    rollback_count = fields.Integer(
        string="Rollbacks", compute="_compute_rollback_count"
    )

    @api.depends("date_from", "date_to")
    def _compute_name(self):
        for register in self:
            register.name = _(
                "Register of corrections %(date_from)s to %(date_to)s",
                date_from=register.date_from,
                date_to=register.date_to,
            )

    @api.depends("company_id", "date_from", "date_to", "state")
    def _compute_rollback_count(self):
        rollbacks = self.env["reconciliation.rollback"]
        for register in self:
            register.rollback_count = 0
            if register.date_from and register.date_to:
                register.rollback_count = rollbacks.search_count(register._get_domain())

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for register in self:
            if register.date_from > register.date_to:
                raise ValidationError(
                    _(
                        "The period begins on %(date_from)s and ends before, on "
                        "%(date_to)s: choose a later end.",
                        date_from=register.date_from,
                        date_to=register.date_to,
                    )
                )

    def _get_period(self):
        """Return the period on the clock of the user."""
        self.ensure_one()
        return Period(
            datetime.combine(self.date_from, time.min),
            datetime.combine(self.date_to + timedelta(days=1), time.min),
        )

    def _get_utc(self, moment):
        """Return a moment on the clock of the user as the database stores it."""
        timezone = pytz.timezone(self._get_timezone())
        return timezone.localize(moment).astimezone(pytz.utc).replace(tzinfo=None)

    def _get_timezone(self):
        return self.env.context.get("tz") or self.env.user.tz or "UTC"

    def _get_domain(self):
        """Return the domain of the rollbacks to which something happened in the period.

        A rollback that never started is in the period in which it was created.
        """
        self.ensure_one()
        period = self._get_period()
        start, end = self._get_utc(period.start), self._get_utc(period.end)
        names = ("started_at", "done_at", "reverted_at")
        conditions = [["&", (name, ">=", start), (name, "<", end)] for name in names]
        conditions.append(
            [
                *("&", "&"),
                ("started_at", "=", False),
                ("create_date", ">=", start),
                ("create_date", "<", end),
            ]
        )
        return [
            ("company_id", "=", self.company_id.id),
            ("state", "in", CHOSEN_STATES[self.state]),
            *["|"] * (len(conditions) - 1),
            *[part for condition in conditions for part in condition],
        ]

    def _load_register(self):
        """Return the :class:`~..services.corrections_register.Register` to draw."""
        self.ensure_one()
        rollbacks = self.env["reconciliation.rollback"].search(
            self._get_domain(), order="id"
        )
        return Register(load_register_rows(rollbacks), self._get_period())

    def action_print_pdf(self):
        check_readable(self)
        return self.env.ref(PDF).report_action(self, config=False)

    def action_export_xlsx(self):
        check_readable(self)
        return self.env.ref(XLSX).report_action(self, config=False)
