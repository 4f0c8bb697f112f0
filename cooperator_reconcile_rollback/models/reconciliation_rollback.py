import json

from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html, ustr
from odoo.tools.misc import formatLang

from ..ledger.merged_partners import replace_partners
from ..ledger.numbering import APPEND, CLOSE_GAP, KEEP_GAP, KEEPING, REUSE
from ..ledger.plan import ALL, BLOCK, DEPENDENTS
from ..ledger.plan_json import from_json, is_same_plan, to_json
from ..ledger.stored_json import DRY_RUN, dump, load
from ..services import accounting_changes
from ..services.change_report import report_changes
from ..services.dry_run import dry_run, find_obstacle
from ..services.effect_words import EffectWords, keep_effects
from ..services.evidence import EvidenceChain
from ..services.evidence_check import find_changes
from ..services.evidence_contents import EvidenceContents, load_kept
from ..services.mail_hold import MailHold, hold_outgoing, release_left
from ..services.mail_plan import MailPlan
from ..services.number_words import NumberWords
from ..services.numbered_series import PREFIX, RollbackSeries
from ..services.plan_rows import PlanRows
from ..services.planner import Planner
from ..services.progress import Progress
from ..services.proposal import Proposal
from ..services.register_hold import RegisterHold
from ..services.reverter import Reverter
from ..services.start_conditions import StartConditions
from ..services.step_jobs import StepJobs
from ..services.wording import Wording
from ..tools.access import check_readable
from ..tools.window_action import notification, window_action
from .mail_mail import HELD

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
            ("payment_returned", "Payment returned"),
            ("operation", "Operation that should not have been carried out"),
            ("register", "Register not kept rightly"),
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
        help="What happened, and how you know whom the payment was for. Nothing of "
        "anybody's private circumstances: it is kept, and printed for the auditor.",
    )
    decided_by = fields.Char(
        readonly=True,
        states={"draft": [("readonly", False)], "planned": [("readonly", False)]},
        help="The board, or whoever keeps the register, where it decides on corrections.",
    )
    decision_date = fields.Date(
        string="Decided on",
        readonly=True,
        states={"draft": [("readonly", False)], "planned": [("readonly", False)]},
    )
    decision_reference = fields.Char(
        string="Minutes",
        readonly=True,
        states={"draft": [("readonly", False)], "planned": [("readonly", False)]},
        help="Where the decision is written down.",
    )
    numbering = fields.Selection(
        [
            (REUSE, "The right operation takes the freed number"),
            (APPEND, "The right operation gets the next number"),
            (KEEP_GAP, "The freed number stays unused"),
            (CLOSE_GAP, "Later numbers move down"),
        ],
        string="Operation numbers",
        required=True,
        default=lambda self: self.env.company.rollback_numbering,
        readonly=True,
        states={"draft": [("readonly", False)]},
        help="What becomes of operation numbers. Where the right operation takes the freed "
        "number and the wrong one is the last, the sequence goes back. Where it gets the "
        "next one, the wrong operation keeps its own, struck through. Later numbers move "
        "down only where no right operation takes a freed one; the note has to say why.",
    )
    member_numbering = fields.Selection(
        [
            (REUSE, "The freed number is given again"),
            (APPEND, "The freed number is not given again"),
        ],
        string="Cooperator numbers",
        compute="_compute_member_numbering",
        store=True,
        readonly=False,
        help="What becomes of the cooperator number of somebody who is none any more.",
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
    difference_ids = fields.One2many(
        "reconciliation.rollback.difference",
        "rollback_id",
        string="Unexplained holdings",
        readonly=True,
        states={"draft": [("readonly", False)]},
    )
    line_ids = fields.One2many(
        "reconciliation.rollback.line",
        "rollback_id",
        string="Corrections",
        readonly=True,
        states={"draft": [("readonly", False)]},
    )
    step_ids = fields.One2many(
        "reconciliation.rollback.step", "rollback_id", readonly=True, copy=False
    )
    # of thousands of operations: read where it is needed, not with each other field
    plan = fields.Text(readonly=True, copy=False, prefetch=False)
    accounting = fields.Text(
        readonly=True, copy=False, help="What the plan changes in the books."
    )
    # as the record's values, it is forgotten when the transaction is taken back in part
    merged_partners = fields.Char(
        compute="_compute_merged_partners",
        help="Who contacts became that were merged, for reading what is stored.",
    )
    plan_html = fields.Html(compute="_compute_plan_html", sanitize=False)
    effects = fields.Text(
        readonly=True, copy=False, help="What it changes of totals and of past years."
    )
    warnings = fields.Text(readonly=True, copy=False)
    mail_scope = fields.Selection(
        [
            ("affected", "Mail about the people concerned"),
            ("all", "All mail of this company"),
        ],
        string="Mail to hold",
        required=True,
        default="affected",
        readonly=True,
        states={"draft": [("readonly", False)], "planned": [("readonly", False)]},
    )
    mail_held = fields.Boolean(
        string="Mail is held", readonly=True, copy=False, index=True
    )
    mail_ids = fields.One2many(
        "reconciliation.rollback.mail", "rollback_id", copy=False
    )
    postponed_ids = fields.One2many(
        "reconciliation.rollback.postponed",
        "rollback_id",
        string="Payments meanwhile",
        readonly=True,
        copy=False,
    )
    made_user_ids = fields.Many2many(
        "res.users",
        string="Users made by the wrong operations",
        readonly=True,
        copy=False,
    )
    planned_at = fields.Datetime(readonly=True, copy=False)
    was_planned = fields.Boolean(readonly=True, copy=False)
    plan_user_id = fields.Many2one(
        "res.users", string="Planned by", readonly=True, copy=False
    )
    dry_run_at = fields.Datetime(string="Tried out at", readonly=True, copy=False)
    dry_run = fields.Text(
        readonly=True, copy=False, prefetch=False, help="What became of each step."
    )
    dry_run_html = fields.Html(
        string="Trial", compute="_compute_dry_run_html", sanitize=False
    )
    started_at = fields.Datetime(string="Started at", readonly=True, copy=False)
    start_user_id = fields.Many2one(
        "res.users", string="Started by", readonly=True, copy=False
    )
    done_at = fields.Datetime(string="Done at", readonly=True, copy=False)
    revert_started_at = fields.Datetime(
        string="Revert started at", readonly=True, copy=False
    )
    revert_user_id = fields.Many2one(
        "res.users", string="Reverted by", readonly=True, copy=False
    )
    reverted_at = fields.Datetime(string="Reverted at", readonly=True, copy=False)
    previous_hash = fields.Char(
        readonly=True,
        copy=False,
        help="The hash of the company's rollback before this one, when it started.",
    )
    start_hash = fields.Char(readonly=True, copy=False)
    done_hash = fields.Char(readonly=True, copy=False)
    evidence_hash = fields.Char(
        string="Hash of the evidence",
        readonly=True,
        copy=False,
        help="Stands for all that the rollback has kept. Whoever has it on paper can "
        "prove that nothing was changed since.",
    )
    evidence_version = fields.Integer(
        readonly=True, copy=False, help="How much the hashes cover."
    )
    evidence_kept = fields.Text(
        readonly=True,
        copy=False,
        help="What the first hash covers and what may be gone later.",
    )
    evidence_books = fields.Text(
        readonly=True,
        copy=False,
        help="The journal entries and matches behind the rollback when it ended.",
    )
    wrong_people = fields.Char(string="Wrong person", compute="_compute_people")
    right_people = fields.Char(string="Right person", compute="_compute_people")
    amount = fields.Monetary(compute="_compute_people")
    currency_id = fields.Many2one(related="company_id.currency_id")
    error = fields.Text(compute="_compute_error")
    waiting_problem = fields.Text(compute="_compute_waiting_problem")
    can_retry = fields.Boolean(compute="_compute_can_retry")
    verification_html = fields.Html(
        compute="_compute_verification_html", sanitize=False
    )
    can_start = fields.Boolean(compute="_compute_can_start")
    progress = fields.Float(compute="_compute_progress")
    progress_html = fields.Html(
        string="Progress now", compute="_compute_progress_html", sanitize=False
    )

    def init(self):
        # Two rollbacks of one company never run together, however they are started.
        self.env.cr.execute(
            """
            CREATE UNIQUE INDEX IF NOT EXISTS reconciliation_rollback_running_uniq
            ON reconciliation_rollback (company_id)
            WHERE state IN ('running', 'failed', 'reverting')
            """
        )

    @api.depends(
        "line_ids.wrong_partner_id", "line_ids.right_partner_id", "line_ids.amount"
    )
    def _compute_people(self):
        for rollback in self:
            # sudo: who may see a rollback may see whom it concerns
            lines = rollback.line_ids.sudo()
            wrong = lines.wrong_partner_id
            right = lines.right_partner_id
            rollback.wrong_people = ", ".join(wrong.mapped("display_name"))
            rollback.right_people = ", ".join(right.mapped("display_name"))
            rollback.amount = sum(lines.mapped("amount"))

    @api.depends("numbering", "company_id")
    def _compute_member_numbering(self):
        for rollback in self:
            is_kept = rollback.numbering in KEEPING
            default = rollback.company_id.rollback_member_numbering
            rollback.member_numbering = APPEND if is_kept else default

    @api.depends("step_ids.error")
    def _compute_error(self):
        for rollback in self:
            errors = rollback.step_ids.filtered("error").mapped("error")
            rollback.error = "\n".join(errors)

    @api.depends("state", "step_ids.state")
    @api.depends_context("lang", "tz")
    def _compute_waiting_problem(self):
        for rollback in self:
            rollback.waiting_problem = (
                rollback._is_under_way() and Progress(rollback).describe_waiting()
            ) or False

    @api.depends("state", "step_ids.state")
    def _compute_can_retry(self):
        for rollback in self:
            rollback.can_retry = rollback.state == "failed" or (
                rollback._is_under_way() and bool(Progress(rollback).find_lost_step())
            )

    @api.depends("step_ids.state")
    @api.depends_context("lang")
    def _compute_verification_html(self):
        for rollback in self:
            step = rollback.step_ids.filtered(lambda s: s.kind == "verify" and s.after)
            rollback.verification_html = bool(step) and rollback._render(
                "reconciliation_rollback_verification",
                {
                    "checks": step._get_after()["checks"],
                    "labels": step._get_kind()._get_check_labels(),
                },
            )

    @api.depends_context("uid")
    def _compute_can_start(self):
        self.can_start = self.env.user.has_group("cooperator.cooperator_group_manager")

    def _compute_merged_partners(self):
        former = self.env["reconciliation.rollback.former.partner"]
        self.merged_partners = json.dumps(sorted(former._get_survivors().items()))

    @api.depends("plan", "warnings")
    @api.depends_context("lang")
    def _compute_plan_html(self):
        for rollback in self:
            rollback.plan_html = rollback._render_plan() if rollback.plan else False

    @api.depends("dry_run")
    @api.depends_context("lang")
    def _compute_dry_run_html(self):
        for rollback in self:
            rollback.dry_run_html = bool(rollback.dry_run) and rollback._render(
                "reconciliation_rollback_dry_run", load(DRY_RUN, rollback.dry_run)
            )

    @api.depends("state", "step_ids.state")
    def _compute_progress(self):
        for rollback in self:
            rollback.progress = Progress(rollback).percentage

    @api.depends("state")
    def _compute_progress_html(self):
        for rollback in self:
            rollback.progress_html = rollback._is_under_way() and rollback._render(
                "reconciliation_rollback_progress_frame", {"rollback": rollback}
            )

    @api.model
    def _render(self, template, values):
        """Render a template of this module as HTML text."""
        name = "cooperator_reconcile_rollback.%s" % template
        return ustr(self.env["ir.qweb"]._render(name, values))

    def _is_under_way(self):
        """Whether the rollback's jobs do something now."""
        self.ensure_one()
        return self.state in ("running", "reverting")

    def _word_progress(self):
        """Say which step is next, in a sentence."""
        return Progress(self).describe()

    # ------------------------------------------------------------------ the record

    @api.model_create_multi
    def create(self, vals_list):
        rollbacks = super().create(vals_list)
        for rollback in rollbacks._by_action():
            rollback.name = _("Draft %s", rollback.id)
        decided = rollbacks.filtered(
            lambda one: one.override_reason or one.numbering == CLOSE_GAP
        )
        if decided:
            decided._check_manager()
        return rollbacks

    def write(self, vals):
        if vals.get("override_reason") or vals.get("numbering") == CLOSE_GAP:
            # only they answer for setting aside what the members have, and for changing
            # the numbers of people who are not concerned
            self._check_manager()
        return super().write(vals)

    def _check_alterable(self, names, of_draft):
        is_deletion = set(names) == {"id"}
        for rollback in self.filtered("was_planned") if is_deletion else ():
            if rollback.state == "draft":
                raise UserError(
                    _(
                        "%s was planned and stays on record: press Cancel instead of "
                        "deleting it.",
                        rollback.name,
                    )
                )
        return super()._check_alterable(names, of_draft)

    def _draw_name(self):
        """Get the name that the rollback keeps from its start on; hook for modules.

        One that an earlier release has numbered at its creation keeps that number.
        """
        self.ensure_one()
        if self.name.startswith(PREFIX):
            return self.name
        return RollbackSeries(self.company_id).draw()

    def _get_rollbacks(self):
        return self

    @api.model
    def _get_free_fields(self):
        """Names of fields of messages and activities: these come and go."""
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
            "member_numbering",
            "cascade",
            "override_reason",
            "line_ids",
            "difference_ids",
        }

    @api.model
    def _get_fields_of_creation(self):
        return super()._get_fields_of_creation() | {"company_id"}

    @api.model
    def _get_fields_of_plan(self):
        return super()._get_fields_of_plan() | {
            "user_id",
            "note",
            "decided_by",
            "decision_date",
            "decision_reference",
            "mail_scope",
            "mail_ids",
        }

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
                        "%(rollback)s is in state %(state)s, where this can't be done: "
                        "reload the page and use its buttons.",
                        rollback=rollback.name,
                        state=labels[rollback.state],
                    )
                )

    def _check_manager(self):
        """:raises AccessError: the user may prepare rollbacks, not carry them out"""
        if not self.env.user.has_group("cooperator.cooperator_group_manager"):
            raise AccessError(
                _(
                    "%(user)s may prepare rollbacks: ask a cooperator manager to carry "
                    "out %(rollbacks)s.",
                    user=self.env.user.name,
                    rollbacks=", ".join(self.mapped("name")),
                )
            )

    # -------------------------------------------------------------------- the draft

    @api.model
    def create_from(self, records):
        """Make draft rollbacks of what is wrong with ``records``.

        :param records: capital release requests, paid or not, or payments' entries
            (``account.move``), ``account.payment``, ``account.bank.statement.line``,
            ``subscription.register`` of every type, ``operation.request``,
            ``res.partner`` or ``cooperator.register.finding``
        :return: one draft for each company, with one line for each correction
        :raises UserError: a record has nothing that could be corrected; nothing was made
            then
        """
        corrections = self._get_corrections(records)
        drafts = self._by_action().create(
            [self._prepare_rollback(*correction) for correction in corrections.items()]
        )
        for draft in drafts:
            if draft._find_closing():
                draft.write({"numbering": APPEND, "member_numbering": APPEND})
        return self.browse(drafts.ids)

    @api.model
    def action_create_from(self, records):
        """Make drafts of ``records``, see :meth:`create_from`, and show them."""
        return self.create_from(records)._get_view_action(_("Roll back reconciliation"))

    @api.model
    def _get_corrections(self, records):
        """Find the corrections that ``records`` stand for.

        Another module can add a kind of record by extending this method.

        :return: values of ``reconciliation.rollback.line``, a list by ``res.company``; at
            least one for each record
        """
        return Proposal(self.env).find_corrections(records)

    @api.model
    def _prepare_rollback(self, company, corrections):
        """Prepare a draft.

        :param corrections: values of its lines
        :return: values of the rollback
        """
        return {
            "company_id": company.id,
            "numbering": company.rollback_numbering,
            "reason": self._propose_reason(corrections),
            "line_ids": [(0, 0, values) for values in corrections],
        }

    def _find_closing(self):
        """The closing of the register that has one of the wrong operations; maybe none."""
        self.ensure_one()
        closing = self.env["cooperator.register.closing"]._get_last(self.company_id)
        numbers = [line.operation_number for line in self.line_ids]
        is_closed = any(0 < number <= closing.last_operation for number in numbers)
        return closing if is_closed else closing.browse()

    @api.model
    def _propose_reason(self, corrections):
        """The reason that is likely from what was found of the corrections."""
        situations = {values.get("situation") for values in corrections}
        if situations == {"unmatched"} and not any(
            values.get("payment_move_id") for values in corrections
        ):
            return "payment_returned"
        if situations <= {"surplus", "unregistered"}:
            return "register"
        if situations == {"operation"}:
            return "operation"
        return "wrong_person"

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
        values = {
            "changes": changes,
            "later": later,
            "number_words": NumberWords(self).sentences(),
            "effect_words": EffectWords(self).sentences(),
            "entries": any(row.items for row in changes.accounting.rows),
            "amount": lambda amount: formatLang(
                self.env, amount, currency_obj=self.currency_id
            ),
        }
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
        conditions = StartConditions(self)
        return [*Wording(self.env).warnings(self, plan), *conditions.warn()]

    def action_draft(self):
        """Drop the plan."""
        self._check_state("planned", "draft")
        self = self._by_action()
        # sudo: rows of mail are the plan's alone
        self.sudo().mail_ids.unlink()
        self.write(
            {
                "state": "draft",
                "plan": False,
                "accounting": False,
                "effects": False,
                "warnings": False,
                "planned_at": False,
                "plan_user_id": False,
            }
        )
        return True

    def action_cancel(self):
        """End a rollback that was never started."""
        self._check_state("draft", "planned")
        self = self._by_action()
        self.write({"state": "cancelled"})
        return True

    # --------------------------------------------------------------------- the plan

    def action_plan(self):
        """Compute what the corrections change, and keep it.

        :raises UserError: they can't be carried out
        """
        self._check_state("draft", "planned")
        for rollback in self._by_action():
            planner = Planner(rollback)
            plan = rollback._make_plan(planner)
            # sudo: rows of mail are the plan's alone
            rollback.sudo().mail_ids.unlink()
            users = planner.find_made_users(plan)
            rollback.line_ids._keep_plan(plan, planner.payments)
            rollback.write(
                {
                    "state": "planned",
                    "plan": to_json(plan),
                    "accounting": accounting_changes.to_json(
                        planner.find_accounting_changes()
                    ),
                    "effects": keep_effects(rollback, plan, planner.register),
                    "planned_at": fields.Datetime.now(),
                    "was_planned": True,
                    "plan_user_id": self.env.uid,
                    "made_user_ids": [(6, 0, users.ids)],
                }
            )
            rollback.warnings = "\n".join(rollback._get_warnings(plan)) or False
            # sudo: as above; and the mail queue is for system administrators
            rollback.sudo()._plan_mails(plan)
        return True

    def _make_plan(self, planner):
        """Plan the corrections.

        :param planner: :class:`~..services.planner.Planner` of the rollback
        :return: :class:`~..ledger.plan.Plan`
        :raises UserError: they can't be carried out
        """
        return planner.make_plan()

    def _get_plan(self):
        """Get the stored :class:`~..ledger.plan.Plan`, read once in a transaction.

        Partners that were merged since are those whom they became.

        The plan of a long cascade takes a second to read. What was read is kept with its
        text: whatever is undone in the transaction, it is never another text's.
        """
        self.ensure_one()
        plans = self.env.cr.cache.setdefault(self._name, {})
        stored = self.plan, self.merged_partners
        known, plan = plans.get(self.id, (None, None))
        if known != stored:
            plan = replace_partners(from_json(self.plan), self._get_survivors())
            plans[self.id] = stored, plan
        return plan

    def _get_survivors(self):
        """Who partners became that were merged since; read once in a transaction.

        :return: id by former id
        """
        self.ensure_one()
        return dict(json.loads(self.merged_partners))

    def _plan_mails(self, plan):
        """Make rows for the mails that wait now and those to come.

        Another module can add a row by extending this method.
        """
        self.mail_ids.create(MailPlan(self, plan).prepare_rows())

    def action_view_entries(self):
        """Show the journal entries of the corrections, those that were posted included."""
        self.ensure_one()
        lines = self.line_ids
        entries = (
            lines.payment_move_id
            | lines.reclassification_move_id
            | lines.reclassification_move_id.reversal_move_id
            | lines.invoice_id
            | lines.reversal_move_id
        )
        return window_action(entries, _("Journal entries"))

    def action_view_later_operations(self):
        """Show the register's lines from the first wrong operation on."""
        self.ensure_one()
        numbers = self.line_ids.mapped("operation_number")
        return {
            "type": "ir.actions.act_window",
            "name": _("Later operations"),
            "res_model": "subscription.register",
            "view_mode": "tree,form",
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("register_number_operation", ">", min(numbers, default=0)),
            ],
        }

    def action_dry_run(self):
        """Run the plan's steps and show what came of them; nothing of it remains."""
        self._check_manager()
        self._check_state("planned")
        for rollback in self._by_action():
            steps = rollback._try_out()
            rollback.write(
                {
                    "dry_run_at": fields.Datetime.now(),
                    "dry_run": dump(DRY_RUN, {"steps": steps}),
                }
            )
        return True

    def _try_out(self):
        """Run the steps and undo them; see :func:`~..services.dry_run.dry_run`."""
        return dry_run(self)

    # ------------------------------------------------------------------- the start

    def action_start(self):
        """Hold the register and mail, and queue the steps as jobs.

        :raises AccessError: the user is no cooperator manager
        :raises UserError: the plan would be another one today, or something is missing
            that has to be said before; see :class:`~..services.start_conditions`
        """
        self._check_manager()
        self._check_state("planned")
        for rollback in self._by_action():
            StartConditions(rollback).check()
            rollback._lock_register()
            rollback._check_plan_is_current()
            # sudo: nobody adds entries by hand
            rollback.sudo().company_id._remember_register()
            rollback.write(
                {
                    "name": rollback._draw_name(),
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

    def _get_validators(self):
        """Get who has validated the plan, beside who planned and started it.

        Hook for modules that ask for a validation.

        :return: ``res.users``
        """
        self.ensure_one()
        return self.env["res.users"]

    def _check_plan_is_current(self):
        """:raises UserError: the plan would be another one today"""
        self.ensure_one()
        planner = Planner(self)
        if not is_same_plan(self.plan, self._make_plan(planner)):
            raise UserError(
                _(
                    "The register has changed since %s was planned: plan it again, press "
                    "Back to draft, then Plan.",
                    self.name,
                )
            )
        changes = planner.find_accounting_changes()
        if self.accounting and not accounting_changes.is_same(self.accounting, changes):
            raise UserError(
                _(
                    "What %s changes in the books is not what was planned any more: plan "
                    "it again, press Back to draft, then Plan.",
                    self.name,
                )
            )

    def _create_steps(self):
        """Create the steps, all at once.

        :return: ``reconciliation.rollback.step``
        """
        steps = self.env["reconciliation.rollback.step"]
        return steps.create(steps._prepare_steps(self))

    def action_retry(self):
        """Queue the steps again from the one that stopped.

        One stops by failing, or since somebody cancelled or deleted its job or set it to
        done by hand.

        :raises UserError: something is still in the way; nothing was changed
        """
        self._check_manager()
        self.filtered(lambda rollback: not rollback.can_retry)._check_state("failed")
        for rollback in self._by_action():
            rollback._check_can_go_on()
            if rollback.revert_started_at:
                rollback.write({"state": "reverting"})
                rollback.step_ids._requeue_reverting()
            else:
                rollback.write({"state": "running"})
                rollback.step_ids._requeue()
            rollback._close_failure()
        return True

    def _check_can_go_on(self):
        """Look at all that the steps need that are left, on the way there or back.

        After a fault of the machine only a job tells whether it is over.

        :raises UserError: something is in the way
        """
        if not StepJobs(self.step_ids).has_failed_for_people():
            return
        if self.revert_started_at:
            Reverter(self).check_can_go_on()
            return
        reason = find_obstacle(self)
        if reason:
            raise UserError(
                _(
                    "%(rollback)s cannot go on yet. %(reason)s Then press Retry again; "
                    "where that cannot be done, press Revert.",
                    rollback=self.name,
                    reason=reason,
                )
            )

    def action_view_jobs(self):
        """Show the jobs behind the steps, with the graph that queue_job draws of them."""
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

    # ------------------------------------------------------------- the register's lock

    def _lock_register(self):
        """Hold the company's register from now on, also against other rollbacks.

        :raises UserError: another one holds it, or what this transaction sees of the
            register is older than what it has waited for
        """
        RegisterHold(self).take()

    def _keep_register_locked(self):
        """Hold the register again where it was released behind the rollback's back."""
        RegisterHold(self).keep()

    def _register_postponed(self):
        """Queue what has waited for this rollback.

        :return: a sentence for the job's result
        """
        self.ensure_one()
        waiting = self.postponed_ids.filtered(lambda p: p.state == "waiting")
        waiting._delay()
        return _("Payments that have waited: %s.", len(waiting))

    # ---------------------------------------------------------------------- its mail

    def _hold_mail(self):
        """Hold mail from now on, and what waits already."""
        MailHold(self).begin()

    @api.model
    def _hold_mails(self, mails):
        """Hold those of ``mails`` that concern a rollback which holds mail now.

        :param mails: ``mail.mail``
        :return: those that are held now
        """
        if "outgoing" not in mails.mapped("state"):
            return mails.browse()
        holding = self._by_action().search(
            [("mail_held", "=", True), ("plan", "!=", False)]
        )
        return hold_outgoing(holding, mails)

    def _get_waiting_mails(self):
        """The mails that wait in Odoo's queue and concern this rollback.

        :return: see :meth:`~..services.mail_hold.MailHold.find_concerned`
        """
        # sudo: the mail queue is for system administrators
        waiting = self.env["mail.mail"].sudo().search([("state", "=", "outgoing")])
        return MailHold(self).find_concerned(waiting)

    @api.model
    def _get_mail_subject_partners(self, mail):
        """Find whom the record behind ``mail`` is about; hook for other models.

        :return: ``res.partner``, maybe none
        """
        partners = self.env["res.partner"]
        if mail.model == "res.partner":
            return partners.browse(mail.res_id)
        if mail.model in ("account.move", "subscription.request", "res.users"):
            return self.env[mail.model].browse(mail.res_id).exists().partner_id
        return partners

    @api.model
    def _cron_release_left_mail(self):
        """Release the mail that an ended rollback left behind."""
        release_left(
            self._by_action().search(
                [
                    ("state", "in", ENDED_STATES),
                    "|",
                    ("mail_held", "=", True),
                    ("mail_ids.mail_id.state", "=", HELD),
                ]
            )
        )

    # ---------------------------------------------------------------------- its end

    def _set_done(self):
        """End the rollback: its last step is done."""
        self.write({"state": "done", "done_at": fields.Datetime.now()})
        self.company_id._remember_register(self)
        EvidenceChain(self).end()
        self._close_failure()
        RegisterHold(self).release()

    def _set_failed(self, message):
        """Tell the person responsible that a step failed for good.

        Mail stays held, the register locked.

        :param message: what happened and what to do, for the person responsible and in
            the language of that person
        """
        self.ensure_one()
        self.write({"state": "failed"})
        self._add_failure_activity(_("%s has failed", self.name), message)

    def _add_failure_activity(self, summary, message):
        """Tell the person responsible of something that did not work.

        :param message: what happened and what to do, as plain text
        """
        self.activity_schedule(
            FAILURE,
            user_id=self._find_told_user().id,
            summary=summary,
            note=plaintext2html(message),
        )

    def _find_told_user(self):
        """Find who is told what went wrong, where the person responsible sees it no more.

        :return: ``res.users``
        """
        # sudo: whose jobs these are may have lost the right to read users
        rollback = self.sudo()
        managers = rollback.env.ref("cooperator.cooperator_group_manager").users
        people = rollback.user_id | rollback.revert_user_id | rollback.start_user_id
        able = (people | managers).filtered(rollback._is_seen_by)
        return able[:1] or rollback.user_id

    def _find_registrar(self, user):
        """Find in whose name operations are registered.

        Odoo takes nobody for it who does not work in the company.

        :param user: ``res.users``, who would do it
        """
        # sudo: as above
        if self.sudo().company_id in user.sudo().company_ids:
            return user
        return self._find_told_user()

    def _is_seen_by(self, user):
        """Whether a user works with the rollbacks of the company."""
        return (
            user.active
            and self.company_id in user.company_ids
            and user.has_group("cooperator.cooperator_group_user")
        )

    @api.model
    def _cron_find_lost_jobs(self):
        """Tell of rollbacks whose jobs were taken away, and queue the payments meanwhile."""
        for rollback in self.search([("state", "in", ("running", "reverting"))]):
            Progress(rollback).find_lost_step()._on_job_lost()
        self.env["reconciliation.rollback.postponed"]._delay_lost()

    def _close_failure(self):
        """Close the activity that told of a failure."""
        self.activity_feedback([FAILURE])

    def action_revert(self):
        """Undo what the steps have done, the last one first, as jobs.

        :raises UserError: later operations build on the result, or something is in the
            way of undoing a step; nothing was changed
        """
        self._check_manager()
        self._check_state("running", "failed", "done")
        for rollback in self._by_action():
            if rollback.revert_started_at:
                rollback.action_retry()
                continue
            if rollback.state == "done":
                rollback._lock_register()
                # sudo: as the start does it
                rollback.sudo().company_id._remember_register()
            Reverter(rollback).check_revertible()
            rollback.write(
                {
                    "state": "reverting",
                    "revert_started_at": fields.Datetime.now(),
                    "revert_user_id": self.env.uid,
                }
            )
            # sudo: as the start does it
            rollback.sudo()._begin_revert_chain()
            rollback.sudo()._hold_mail()
            rollback.step_ids._delay_reverting()
        return True

    def _set_reverted(self):
        """End the revert: the last step is undone.

        :raises UserError: something is not as it was before the rollback
        """
        Reverter(self).check_restored()
        self.write(
            {
                "state": "reverted",
                "reverted_at": fields.Datetime.now(),
                "mail_held": False,
            }
        )
        self.company_id._remember_register(self)
        self.mail_ids._release_reverted()
        EvidenceChain(self).end_revert()
        self._close_failure()
        RegisterHold(self).release()

    # ----------------------------------------------------------------- the evidence

    def _get_start_content(self):
        """What the hash at the start stands for, as JSON values; hook for modules.

        What a module adds is kept with the rollback: it proves without the module too.
        See :meth:`_find_changed_additions` for comparing it while the module is there.
        """
        return EvidenceContents(self).get_start(self)

    def _find_changed_additions(self):
        """Find where what modules have added to the evidence is not what was kept of it.

        Hook for modules that extend :meth:`_get_start_content`.

        :return: sentences, a list by rollback
        """
        return {}

    def _get_kept_additions(self):
        """What modules have added to the evidence at the start, as JSON values by name."""
        self.ensure_one()
        return load_kept(self) if self.evidence_kept else {}

    def _begin_chain(self):
        """Chain the rollback to the company's one before it."""
        EvidenceChain(self).begin()

    def _begin_revert_chain(self):
        """Chain the start of the revert."""
        EvidenceChain(self).begin_revert()

    def _get_last_hash(self):
        """The hash of the last link of the chain."""
        return EvidenceChain(self).get_last_hash()

    def _find_tampering(self):
        """Find what was changed behind Odoo's back.

        :return: sentences, none where nothing was
        """
        return EvidenceChain(self).find_tampering()

    def _find_changes(self):
        """Find what was changed in each rollback, and in the books behind it.

        :return: see :func:`~..services.evidence_check.find_changes`
        """
        return find_changes(self)

    def action_prove(self):
        """Compute all hashes again, and show whether something was changed."""
        check_readable(self)
        found, books = [], []
        for rollback, (changed, changed_books) in self._find_changes().items():
            found += [*changed, *EvidenceChain(rollback).find_breaks()]
            books += changed_books
        proven = _(
            "Nothing was changed: %(rollbacks)s, hash %(hashes)s.",
            rollbacks=", ".join(self.mapped("name")),
            hashes=", ".join(filter(None, self.mapped("evidence_hash"))) or "-",
        )
        action = notification(
            _("Proof of the evidence"),
            "\n".join([*(found or [proven]), *books]),
            is_good=not found,
        )
        if books and not found:
            action["params"]["type"] = "warning"
        return action
