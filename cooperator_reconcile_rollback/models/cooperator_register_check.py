from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..ledger.finding import ERROR, NOTE, WARNING
from ..tools import series
from ..tools.access import check_readable
from ..tools.row_lock import lock_row
from ..tools.window_action import window_action

MANAGERS = "cooperator.cooperator_group_manager"
# findings listed in one message
TOLD_AT_ONCE = 20


class CooperatorRegisterCheck(models.Model):
    """The register check of one company: what is wrong or suspicious today."""

    _name = "cooperator.register.check"
    _description = "Register check"
    _inherit = ["mail.thread", "reconciliation.rollback.defaults"]
    _sql_constraints = [
        ("company_unique", "UNIQUE (company_id)", "A company has one register."),
    ]

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    checked_at = fields.Datetime(string="Checked at", readonly=True)
    user_id = fields.Many2one("res.users", string="Checked by", readonly=True)
    finding_ids = fields.One2many(
        "cooperator.register.finding", "check_id", readonly=True
    )
    problem_ids = fields.One2many(
        "cooperator.register.finding",
        "check_id",
        string="To look at",
        readonly=True,
        domain=[("severity", "!=", NOTE), ("is_accepted", "=", False)],
    )
    note_ids = fields.One2many(
        "cooperator.register.finding",
        "check_id",
        string="Notes",
        readonly=True,
        domain=[("severity", "=", NOTE), ("is_accepted", "=", False)],
    )
    error_count = fields.Integer(string="Errors", compute="_compute_counts")
    warning_count = fields.Integer(string="Warnings", compute="_compute_counts")
    entry_count = fields.Integer(
        readonly=True, help="How many entries the register has, see below its list."
    )
    entry_hash = fields.Char(readonly=True, help="The hash of the last one.")
    note_count = fields.Integer(string="Number of notes", compute="_compute_counts")

    @api.depends("company_id.name")
    @api.depends_context("lang")
    def _compute_name(self):
        for check in self:
            check.name = _("Register check of %s", check.company_id.name)

    @api.depends("finding_ids.severity", "finding_ids.is_accepted")
    def _compute_counts(self):
        groups = self.env["cooperator.register.finding"].read_group(
            [("check_id", "in", self.ids), ("is_accepted", "=", False)],
            ["check_id", "severity"],
            ["check_id", "severity"],
            lazy=False,
        )
        counts = {
            (group["check_id"][0], group["severity"]): group["__count"]
            for group in groups
        }
        for check in self:
            check.error_count = counts.get((check.id, ERROR), 0)
            check.warning_count = counts.get((check.id, WARNING), 0)
            check.note_count = counts.get((check.id, NOTE), 0)

    @api.model
    def _get_check(self, company):
        """Get the company's check; create it the first time."""
        # sudo: the one record of a company, which nobody has to make by hand
        checks = self.sudo().with_context(mail_create_nolog=True)
        check = checks.search([("company_id", "=", company.id)])
        return (check or check.create({"company_id": company.id})).with_env(self.env)

    @api.model
    def action_open_check(self):
        """Show the current company's register check."""
        self.check_access_rights("read")
        check = self._get_check(self.env.company)
        return window_action(check, _("Register check"), target="main")

    def _take_entries(self):
        """Keep others from adding entries until the transaction ends.

        Whoever has waited for one that has added some fails to serialize and is tried
        again.

        :return: how many entries there are, and the hash of the last one
        """
        lock_row(self)
        return self._load_entries()

    def _load_entries(self):
        """What is kept of the entries, see :meth:`_take_entries`."""
        self.env.cr.execute(
            "SELECT COALESCE(entry_count, 0), COALESCE(entry_hash, '') "
            "FROM cooperator_register_check WHERE id = %s",
            (self.id,),
        )
        return self.env.cr.fetchone()

    def _keep_entries(self, count, last_hash):
        """Keep how many entries there are, and the hash of the last one."""
        self.env.cr.execute(
            "UPDATE cooperator_register_check SET entry_count = %s, entry_hash = %s "
            "WHERE id = %s",
            (count, last_hash, self.id),
        )
        series.invalidate(self, ["entry_count", "entry_hash"])

    def action_check(self):
        """Check the registers again.

        :raises UserError: a rollback is changing one of them
        """
        check_readable(self)
        for check in self:
            rollback = check.company_id._get_locking_rollback()
            if rollback:
                raise UserError(
                    _(
                        "The register of %(company)s is being corrected by "
                        "%(rollback)s: press Check now when that has ended.",
                        company=check.company_id.name,
                        rollback=rollback.name,
                    )
                )
            # sudo: the register as a whole, with sequences and mail, is looked at, and
            # findings are the check's alone; who may see the check may see what it finds
            check.sudo()._check()
        return True

    def _check(self):
        """Check the books."""
        self.ensure_one()
        company = self.company_id.with_company(self.company_id)
        company._remember_register()
        lock_row(self)
        self._keep(company._check_register())

    def _keep(self, findings):
        """Add new findings, remove fixed ones, keep the others.

        :param findings: all that stands, as :class:`~..ledger.finding.Finding`
        """
        self.ensure_one()
        found = {finding.key: finding for finding in findings}
        known = {finding.key: finding for finding in self.finding_ids}
        self.finding_ids.browse(
            [row.id for key, row in known.items() if key not in found]
        ).unlink()
        self.finding_ids.create(
            [
                self.finding_ids._prepare_finding(self, finding)
                for key, finding in found.items()
                if key not in known
            ]
        )
        for key in found.keys() & known.keys():
            values = self.finding_ids._prepare_finding(self, found[key])
            # a later release may take it more or less seriously
            if any(
                known[key][name] != values[name] for name in ("content", "severity")
            ):
                known[key].write(values)
        self.write({"checked_at": fields.Datetime.now(), "user_id": self.env.uid})

    @api.model
    def _cron_check(self):
        """Check every register that no rollback holds, and notify the managers."""
        for company in self.env["res.company"]._get_companies_with_register():
            if not company._get_locking_rollback():
                check = self._get_check(company)
                check._check()
                check._notify_managers()

    def _notify_managers(self):
        """Notify the company's cooperator managers of new findings."""
        self.ensure_one()
        new = self.finding_ids.search(
            [
                ("check_id", "=", self.id),
                ("is_told", "=", False),
                ("is_accepted", "=", False),
            ]
        )
        managers = self._get_managers()
        if not new or not managers:
            return
        for manager in managers:
            self.with_context(lang=manager.lang, tz=manager.tz)._notify_partner(
                manager.partner_id, new
            )
        new.write({"is_told": True})

    def _get_managers(self):
        """Get the users who are notified of the company's findings."""
        return self.env.ref(MANAGERS).users.filtered(
            lambda user: self.company_id in user.company_ids
        )

    def _notify_partner(self, partner, findings):
        """Send one message, in the context's language.

        :param partner: ``res.partner``, the recipient
        :param findings: ``cooperator.register.finding``
        """
        told = findings[:TOLD_AT_ONCE].with_env(self.env)
        more = len(findings) - len(told)
        self.message_notify(
            partner_ids=partner.ids,
            subject=_(
                "Register check of %(company)s: %(count)s new",
                company=self.company_id.name,
                count=len(findings),
            ),
            body=self.env["reconciliation.rollback"]._render(
                "cooperator_register_check_news",
                {
                    "heading": _(
                        "The register check of %s has found:", self.company_id.name
                    ),
                    "findings": told,
                    "more": more and _("Further findings: %s.", more),
                },
            ),
        )

    def action_view_errors(self):
        return self._get_findings_action(_("Errors"), "error")

    def action_view_warnings(self):
        return self._get_findings_action(_("Warnings"), "warning")

    def action_view_notes(self):
        return self._get_findings_action(_("Notes"), "note")

    def _get_findings_action(self, name, severity):
        self.ensure_one()
        check_readable(self)
        return window_action(
            self.env["cooperator.register.finding"],
            name,
            domain=[("check_id", "=", self.id)],
            context={"search_default_open": 1, f"search_default_{severity}": 1},
        )
