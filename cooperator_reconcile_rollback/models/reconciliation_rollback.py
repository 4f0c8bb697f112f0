import json

from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html, ustr

from ..ledger.numbering import CLOSE_GAP, KEEP_GAP, REUSE
from ..ledger.plan import ALL, BLOCK, DEPENDENTS
from ..ledger.record import from_json
from ..services.change_report import report_changes
from ..services.plan_rows import PlanRows
from ..services.wording import Wording
from ..tools.access import check_readable
from ..tools.window_action import window_action

FAILURE = "cooperator_reconcile_rollback.mail_activity_type_failure"
REPORT = "cooperator_reconcile_rollback.reconciliation_rollback_report"
ENDED_STATES = ("done", "reverted", "cancelled")


class ReconciliationRollback(models.Model):
    """One or more corrections in one company: plan, steps and evidence."""

    _name = "reconciliation.rollback"
    _description = "Reconciliation rollback"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "reconciliation.rollback.evidence",
    ]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("planned", "Planned"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("reverting", "Reverting"),
            ("reverted", "Reverted"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        tracking=True,
        group_expand="_read_group_state",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        required=True,
        default=lambda self: self.env.user,
        readonly=True,
        states={"draft": [("readonly", False)], "planned": [("readonly", False)]},
    )
    reason = fields.Selection(
        [
            ("wrong_person", "Matched with another person's request"),
            ("wrong_request", "Matched with another request of the same person"),
            ("not_shares", "Not a payment for shares"),
            ("other", "Other"),
        ],
        required=True,
        default="wrong_person",
        readonly=True,
        states={"draft": [("readonly", False)]},
    )
    note = fields.Text(
        readonly=True,
        states={"draft": [("readonly", False)], "planned": [("readonly", False)]},
    )
    numbering = fields.Selection(
        [
            (REUSE, "The right operation takes the freed numbers"),
            (KEEP_GAP, "Freed numbers stay unused"),
            (CLOSE_GAP, "Later numbers move down"),
        ],
        required=True,
        default=REUSE,
        readonly=True,
        states={"draft": [("readonly", False)]},
        help="What becomes of the numbers when there are later operations. Where the "
        "wrong operation is the last one, the sequences simply go back. Later numbers "
        "move down only where no right operation takes a freed one.",
    )
    cascade = fields.Selection(
        [
            (BLOCK, "Stop where one needs the wrong operation"),
            (DEPENDENTS, "Roll back those that need the wrong operation too"),
            (ALL, "Take all of them back and apply the right ones again"),
        ],
        string="Later operations",
        required=True,
        default=BLOCK,
        readonly=True,
        states={"draft": [("readonly", False)]},
    )
    override_reason = fields.Text(
        string="Reason to override",
        readonly=True,
        states={"draft": [("readonly", False)]},
        help="Why the register is right where shares or memberships differ from it: "
        "these are then brought to the register. Only a cooperator manager can.",
    )
    line_ids = fields.One2many(
        "reconciliation.rollback.line",
        "rollback_id",
        string="Wrong matches",
        readonly=True,
        states={"draft": [("readonly", False)]},
    )
    step_ids = fields.One2many(
        "reconciliation.rollback.step", "rollback_id", readonly=True, copy=False
    )
    # of thousands of operations: read where it is needed, not with each other field
    plan = fields.Text(readonly=True, copy=False, prefetch=False)
    plan_html = fields.Html(compute="_compute_plan_html", sanitize=False)
    warnings = fields.Text(readonly=True, copy=False)
    made_user_ids = fields.Many2many(
        "res.users",
        string="Users made by the wrong operations",
        readonly=True,
        copy=False,
    )
    planned_at = fields.Datetime(readonly=True, copy=False)
    plan_user_id = fields.Many2one(
        "res.users", string="Planned by", readonly=True, copy=False
    )
    started_at = fields.Datetime(string="Started at", readonly=True, copy=False)
    start_user_id = fields.Many2one(
        "res.users", string="Started by", readonly=True, copy=False
    )
    done_at = fields.Datetime(string="Done at", readonly=True, copy=False)
    wrong_people = fields.Char(string="Wrong person", compute="_compute_people")
    right_people = fields.Char(string="Right person", compute="_compute_people")
    amount = fields.Monetary(compute="_compute_people")
    currency_id = fields.Many2one(related="company_id.currency_id")
    error = fields.Text(compute="_compute_error")
    waiting_problem = fields.Text(compute="_compute_waiting_problem")
    verification_html = fields.Html(
        compute="_compute_verification_html", sanitize=False
    )
    can_start = fields.Boolean(compute="_compute_can_start")

    def init(self):
        # Two rollbacks of one company never run together, however they are started.
        self.env.cr.execute(
            """
            CREATE UNIQUE INDEX IF NOT EXISTS reconciliation_rollback_running_uniq
            ON reconciliation_rollback (company_id)
            WHERE state IN ('running', 'failed', 'reverting')
            """
        )

    @api.depends("line_ids.wrong_move_id", "line_ids.right_move_id", "line_ids.amount")
    def _compute_people(self):
        for rollback in self:
            lines = rollback.line_ids
            wrong = lines.wrong_move_id.partner_id
            right = lines.right_move_id.partner_id
            rollback.wrong_people = ", ".join(wrong.mapped("display_name"))
            rollback.right_people = ", ".join(right.mapped("display_name"))
            rollback.amount = sum(lines.mapped("amount"))

    @api.depends("step_ids.error")
    def _compute_error(self):
        for rollback in self:
            errors = rollback.step_ids.filtered("error").mapped("error")
            rollback.error = "\n".join(errors)

    @api.depends("state", "step_ids.state")
    @api.depends_context("lang", "tz")
    def _compute_waiting_problem(self):
        """Why a rollback under way does not go on just now (requirement Q2)."""
        for rollback in self:
            problems = []
            if rollback.state in ("running", "reverting"):
                jobs = rollback.step_ids._get_jobs()
                problems = [jobs._get_waiting_problem()]
                problems += rollback.step_ids._word_retries(jobs)
            rollback.waiting_problem = "\n".join(filter(None, problems)) or False

    @api.depends("step_ids.state")
    @api.depends_context("lang")
    def _compute_verification_html(self):
        for rollback in self:
            step = rollback.step_ids.filtered(lambda s: s.kind == "verify" and s.after)
            rollback.verification_html = False
            if step:
                rollback.verification_html = self._render(
                    "reconciliation_rollback_verification",
                    {
                        "checks": json.loads(step.after)["checks"],
                        "labels": step._get_kind()._get_check_labels(),
                    },
                )

    @api.depends_context("uid")
    def _compute_can_start(self):
        self.can_start = self.env.user.has_group("cooperator.cooperator_group_manager")

    @api.model
    def _render(self, template, values):
        """A template of this module as HTML text."""
        name = "cooperator_reconcile_rollback.%s" % template
        return ustr(self.env["ir.qweb"]._render(name, values))

    @api.depends("plan", "warnings")
    @api.depends_context("lang")
    def _compute_plan_html(self):
        for rollback in self:
            rollback.plan_html = rollback._render_plan() if rollback.plan else False

    @api.model_create_multi
    def create(self, vals_list):
        rollbacks = super().create(vals_list)
        for rollback in rollbacks._by_action():
            rollback.name = self._get_next_name()
        return rollbacks

    @api.model
    def _get_next_name(self):
        return self.env["ir.sequence"].next_by_code("reconciliation.rollback") or "/"

    def _get_rollbacks(self):
        return self

    @api.model
    def _get_free_fields(self):
        """Messages and activities come and go."""
        talk = ("mail.thread", "mail.activity.mixin")
        return (
            super()
            ._get_free_fields()
            .union(*(self.env[name]._fields.keys() - {"id"} for name in talk))
        )

    @api.model
    def _get_fields_of_draft(self):
        return super()._get_fields_of_draft() | {
            "id",
            "reason",
            "numbering",
            "cascade",
            "override_reason",
            "line_ids",
        }

    @api.model
    def _get_fields_of_creation(self):
        return super()._get_fields_of_creation() | {"company_id"}

    @api.model
    def _get_fields_of_plan(self):
        return super()._get_fields_of_plan() | {
            "user_id",
            "note",
            "mail_scope",
            "mail_ids",
        }

    def _get_plan(self):
        """The stored :class:`~..ledger.plan.Plan`."""
        self.ensure_one()
        return from_json(self.plan)

    def _get_view_action(self, name):
        """Window action that shows these rollbacks; the form where it is one."""
        return window_action(self, name)

    def _check_state(self, *states):
        """:raises UserError: the rollback is in none of ``states``"""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for rollback in self:
            if rollback.state not in states:
                raise UserError(
                    _(
                        "%(rollback)s is in state %(state)s: this can't be done any more.",
                        rollback=rollback.name,
                        state=labels[rollback.state],
                    )
                )

    def _check_manager(self):
        """:raises AccessError: the user may prepare rollbacks, not carry them out"""
        if not self.env.user.has_group("cooperator.cooperator_group_manager"):
            raise AccessError(
                _(
                    "%(user)s may prepare rollbacks; only a cooperator manager can "
                    "start %(rollbacks)s.",
                    user=self.env.user.name,
                    rollbacks=", ".join(self.mapped("name")),
                )
            )

    def action_print(self):
        """Print the rollbacks, each as a document of its own to be filed and signed."""
        check_readable(self)
        # any layout of the company will do, none included
        return self.env.ref(REPORT).report_action(self, config=False)

    @api.model
    def _read_group_state(self, states, domain, order):
        """Sort the states that there are in the order in which a rollback has them."""
        return [
            state
            for state, _label in self._fields["state"].selection
            if state in states
        ]

    def _get_label(self, name):
        """Return the label of a selection field's value."""
        self.ensure_one()
        return dict(self._fields[name]._description_selection(self.env)).get(self[name])

    def _render_plan(self):
        """Return the plan as HTML."""
        changes = report_changes(self, passing=True, records=False)[self]
        later = Wording(self.env).later_operations(changes)
        values = {"changes": changes, "later": later}
        return self._render("reconciliation_rollback_plan", values)

    @api.model
    def _word_problem(self, problem):
        """Return a blocker of a plan as a sentence."""
        return Wording(self.env).problem(problem)

    @api.model
    def _word_holding(self, holding):
        """Return a :class:`~..ledger.holding.Holding` in words."""
        return PlanRows(self.env).holding(holding)

    def _get_warnings(self, plan):
        """Return what a person should know before the start, in sentences.

        Hook for modules that have more to warn of.
        """
        self.ensure_one()
        return Wording(self.env).warnings(self, plan)

    def action_draft(self):
        self._check_state("planned", "draft")
        self = self._by_action()
        # sudo: rows of mail are the plan's alone
        self.sudo().mail_ids.unlink()
        self.write(
            {
                "state": "draft",
                "plan": False,
                "warnings": False,
                "planned_at": False,
                "plan_user_id": False,
            }
        )
        return True

    def action_cancel(self):
        self._check_state("draft", "planned")
        self = self._by_action()
        self.write({"state": "cancelled"})
        return True

    def action_start(self):
        self._check_manager()
        self._check_state("planned")
        for rollback in self._by_action():
            rollback._lock_register()
            rollback._check_plan_is_current()
            rollback.write(
                {
                    "state": "running",
                    "started_at": fields.Datetime.now(),
                    "start_user_id": self.env.uid,
                }
            )
            # sudo: steps are made by the start alone, nobody has the right to
            rollback.sudo()._begin_chain()
            rollback.sudo()._create_steps()
            # before any job has a chance to run the mail scheduler has
            rollback.sudo()._hold_mail()
            rollback.step_ids._delay()
        return True

    def action_retry(self):
        self._check_manager()
        self._check_state("failed")
        for rollback in self._by_action():
            if rollback.revert_started_at:
                rollback.write({"state": "reverting"})
                rollback.step_ids._requeue_reverting()
            else:
                rollback.write({"state": "running"})
                rollback.step_ids._requeue()
            rollback._close_failure()
        return True

    def action_view_jobs(self):
        """The jobs behind the steps, with the graph that queue_job draws of them."""
        jobs = self.step_ids._get_jobs()
        return {
            "type": "ir.actions.act_window",
            "name": _("Jobs of %s", ", ".join(self.mapped("name"))),
            "res_model": jobs._name,
            "view_mode": "tree,form",
            "domain": [("id", "in", jobs.ids)],
        }

    def action_refresh(self):
        """Show the form again, with what the jobs have done meanwhile."""
        check_readable(self)
        return True

    def _lock_register(self):
        """Hold the company's register from now on, also against other rollbacks.

        :raises UserError: another one holds it, or what this transaction sees of the
            register is older than what it has waited for
        """
        self.ensure_one()
        company = self.company_id
        if not company._lock_register(self):
            raise UserError(
                _(
                    "%(other)s has not ended yet: %(rollback)s can go on after it, "
                    "since two rollbacks of %(company)s never run together.",
                    other=company._get_locking_rollback().name,
                    rollback=self.name,
                    company=company.name,
                )
            )
        if company._has_unseen_operations():
            raise UserError(
                _(
                    "An operation of %(company)s was registered while %(rollback)s waited "
                    "for the register: try again.",
                    company=company.name,
                    rollback=self.name,
                )
            )

    def _create_steps(self):
        steps = self.env["reconciliation.rollback.step"]
        for values in steps._prepare_steps(self):
            steps |= steps.create(values)
        return steps

    def _set_done(self):
        self.write({"state": "done", "done_at": fields.Datetime.now()})
        self._keep_done_hash()
        self._seal()
        self._close_failure()
        self._release_register()

    def _set_failed(self, message):
        """A step failed for good: mail stays held, the register locked.

        :param message: what happened and what to do, for the person responsible and in
            the language of that person
        """
        self.ensure_one()
        self.write({"state": "failed"})
        self.activity_schedule(
            FAILURE,
            user_id=self.user_id.id,
            summary=_("%s has failed", self.name),
            note=plaintext2html(message),
        )

    def _close_failure(self):
        """Whoever was told of a failure has dealt with it."""
        self.activity_feedback([FAILURE])
