from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..services.register_seals import RegisterSeals
from ..tools import flags
from ..tools.access import check_readable

MANAGERS = "cooperator.cooperator_group_manager"
# what may still be noted on a closed one
FREE_FIELDS = ("signed_by", "filed_on", "filing_number")
# what closing it sets
CLOSED_FIELDS = {"state", "closed_at", "user_id", "seal_id", "last_operation"}


class CooperatorRegisterClosing(models.Model):
    """The register of a financial year, closed: corrections of it only append.

    It was printed, signed, maybe filed with an authority: from then on no number in it is
    given again and none moves.
    """

    _name = "cooperator.register.closing"
    _description = "Closing of the register"
    _inherit = ["mail.thread", "reconciliation.rollback.defaults"]
    _order = "company_id, date_to desc"
    _sql_constraints = [
        (
            "date_unique",
            "UNIQUE (company_id, date_to)",
            "The register is closed to a day once.",
        ),
    ]

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_to = fields.Date(
        string="Closed to", required=True, default=lambda self: self._get_year_end()
    )
    state = fields.Selection(
        [("draft", "Draft"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    signed_by = fields.Char(help="Who has signed the printed register.", tracking=True)
    filed_on = fields.Date(
        help="When it was filed, or legalised, where that is asked for.", tracking=True
    )
    filing_number = fields.Char(tracking=True)
    closed_at = fields.Datetime(string="Closed on", readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users", string="Closed by", readonly=True, copy=False
    )
    seal_id = fields.Many2one(
        "cooperator.register.seal", readonly=True, copy=False, ondelete="restrict"
    )
    last_operation = fields.Integer(
        string="Last operation", readonly=True, copy=False, group_operator=False
    )

    @api.model
    def _get_year_end(self):
        """The end of the last financial year of the current company."""
        company, today = self.env.company, fields.Date.context_today(self)
        year = company.compute_fiscalyear_dates(today)
        return fields.Date.subtract(year["date_from"], days=1)

    @api.depends("date_to")
    @api.depends_context("lang")
    def _compute_name(self):
        for closing in self:
            closing.name = _("Register closed to %s", closing.date_to)

    def action_close(self):
        """Seal the register, and close it to the day.

        :raises AccessError: the user is no cooperator manager
        :raises UserError: it is closed already, or the day is to come
        """
        check_readable(self)
        self._check_manager()
        for closing in self:
            closing._check_can_close()
            company = closing.company_id
            # sudo: as the scheduled action seals
            seal = RegisterSeals(company.sudo()).seal()
            lines = self.env["subscription.register"].search(
                [("company_id", "=", company.id), ("date", "<=", closing.date_to)],
                order="register_number_operation desc",
                limit=1,
            )
            # sudo: nobody closes a register but by this
            closing.sudo().with_context(**flags.ACTION.set()).write(
                {
                    "state": "closed",
                    "closed_at": fields.Datetime.now(),
                    "user_id": self.env.uid,
                    "seal_id": seal.id,
                    "last_operation": lines.register_number_operation,
                }
            )
        return True

    def _check_manager(self):
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(
                _(
                    "%s may not close a register: ask a cooperator manager.",
                    self.env.user.name,
                )
            )

    def _check_can_close(self):
        if self.state == "closed":
            raise UserError(
                _("%s: choose another day, it was closed before.", self.name)
            )
        if self.date_to >= fields.Date.context_today(self):
            raise UserError(
                _(
                    "The register cannot be closed to %s yet: choose a day that is past.",
                    self.date_to,
                )
            )
        self.company_id._check_register_open()

    @api.model
    def _get_last(self, company):
        """The last closing of a company; maybe none."""
        # sudo: whoever plans a rollback has to keep to it
        return self.sudo().search(
            [("company_id", "=", company.id), ("state", "=", "closed")], limit=1
        )

    def _covers(self, number, date):
        """Whether an operation is in a register that is closed.

        :param number: operation number
        :param date: when it is effective
        """
        return bool(self) and (number <= self.last_operation or date <= self.date_to)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_by_button(set().union(*vals_list))
        return super().create(vals_list)

    def write(self, vals):
        self._check_by_button(vals)
        free = {*FREE_FIELDS, *self.env["mail.thread"]._fields}
        closed = self.filtered(lambda closing: closing.state == "closed")
        if set(vals) - free and closed:
            closed._refuse()
        return super().write(vals)

    def _check_by_button(self, names):
        """:raises UserError: what the button sets would be set by hand"""
        by_button = flags.ACTION.get(self.env.context)
        if CLOSED_FIELDS.intersection(names) and not by_button:
            raise UserError(
                _("A register is closed by a button alone: use the button Close.")
            )

    def unlink(self):
        self.filtered(lambda closing: closing.state == "closed")._refuse()
        return super().unlink()

    def _refuse(self):
        for closing in self:
            raise UserError(
                _(
                    "%s: nobody opens it again. Correct it with a new rollback, which "
                    "appends.",
                    closing.name,
                )
            )
