from odoo import _, api, fields, models, tools
from odoo.exceptions import UserError

from ..ledger.stored_json import BATCH, KEPT, SNAPSHOT, load
from ..services.commit_guard import CommitGuard
from ..services.match_restorer import MATCHES
from ..services.merged_rows import MergedRows
from ..services.step_jobs import StepJobs
from ..services.step_run import (
    BY_HAND,
    BY_HAND_STATE,
    DONE_STATES,
    StepRun,
    read_step,
)
from ..tools import flags
from ..tools.row_lock import lock_row

# of the models of the kinds of steps
PREFIX = "reconciliation.rollback.step."


class ReconciliationRollbackStep(models.Model):
    """One step of a rollback: what it is, its job, and what it found and left."""

    _name = "reconciliation.rollback.step"
    _inherit = "reconciliation.rollback.evidence"
    _description = "Step of a reconciliation rollback"
    _order = "rollback_id, sequence"
    _rec_name = "kind"

    rollback_id = fields.Many2one(
        "reconciliation.rollback", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="rollback_id.company_id", store=True)
    sequence = fields.Integer(required=True, readonly=True)
    number = fields.Integer(
        readonly=True,
        help="The step's number in the manual procedure; of a step that it does not "
        "have, that of the step before.",
    )
    place = fields.Char(
        string="Step",
        readonly=True,
        help="The number in the manual procedure, and a second one for steps between.",
    )
    kind = fields.Selection(selection="_get_kinds", required=True, readonly=True)
    state = fields.Selection(
        [
            ("pending", "Pending"),
            ("done", "Done"),
            ("by_hand", "Done by hand before"),
            ("failed", "Failed"),
            ("reverted", "Reverted"),
            ("cancelled", "Never done"),
        ],
        required=True,
        readonly=True,
        default="pending",
    )
    job_uuid = fields.Char(string="Job", readonly=True, index=True)
    job_state = fields.Char(compute="_compute_job_state")
    # of thousands of operations: read where they are needed, not with each other field
    batch = fields.Text(
        readonly=True,
        prefetch=False,
        help="The later operations that the step takes back.",
    )
    before = fields.Text(readonly=True, prefetch=False)
    after = fields.Text(readonly=True, prefetch=False)
    kept = fields.Text(
        readonly=True, prefetch=False, help="What undoing the step needs."
    )
    started_at = fields.Datetime(string="Started at", readonly=True)
    done_at = fields.Datetime(string="Done at", readonly=True)
    error = fields.Text(readonly=True)
    revert_job_uuid = fields.Char(string="Revert job", readonly=True, index=True)
    reverted_at = fields.Datetime(string="Reverted at", readonly=True)
    hash = fields.Char(
        readonly=True, help="Stands for the step and all that came before it."
    )
    revert_hash = fields.Char(readonly=True)

    def init(self):
        # The first release had a fixed list of kinds. Odoo 14.0 would empty the kind of
        # each step when it finds the list's rows gone: let them go before it looks.
        self.env.cr.execute(
            """
            WITH gone AS (
                DELETE FROM ir_model_fields_selection selection
                USING ir_model_fields field
                WHERE field.id = selection.field_id AND field.name = 'kind'
                AND field.model = 'reconciliation.rollback.step'
                RETURNING selection.id
            )
            DELETE FROM ir_model_data
            WHERE model = 'ir.model.fields.selection'
            AND res_id IN (SELECT id FROM gone)
            """
        )

    @api.depends("job_uuid")
    @api.depends_context("lang")
    def _compute_job_state(self):
        # sudo: jobs are for job managers; of these only the state is shown
        jobs = self._get_jobs()
        states = {job.uuid: job.state for job in jobs}
        labels = dict(jobs._fields["state"]._description_selection(self.env))
        for step in self:
            step.job_state = labels.get(states.get(step._get_job_uuid()))

    def _get_job_uuid(self):
        """The uuid of the job that runs the step now, or ran it last."""
        self.ensure_one()
        return self.revert_job_uuid or self.job_uuid

    def _get_jobs(self):
        """The jobs that run the steps now, or ran them last."""
        uuids = [step._get_job_uuid() for step in self if step._get_job_uuid()]
        # sudo: jobs are for job managers
        return self.env["queue.job"].sudo().search([("uuid", "in", uuids)])

    @api.model
    def _get_kinds(self):
        """The kinds of steps with their labels, in their order; selection of ``kind``."""
        # a list of its own for each caller
        return list(self._get_known_kinds())

    @api.model
    @tools.ormcache("self.env.lang")
    def _get_known_kinds(self):
        """See :meth:`_get_kinds`; Odoo asks for it each time that a kind is written."""
        return tuple(
            (ordered.kind, self.env[PREFIX + ordered.kind]._get_label())
            for ordered in self.env[PREFIX + "kind"]._get_ordered_kinds()
        )

    @api.model
    def _prepare_steps(self, rollback):
        """Values of the steps of ``rollback``, in order, each with its place.

        What is none of the manual's steps gets a second number after that of the step
        before: 9.1.
        """
        steps, between = [], 0
        for ordered in self.env[PREFIX + "kind"]._get_ordered_kinds():
            model = self.env[PREFIX + ordered.kind]
            for index, values in enumerate(model._prepare_steps(rollback)):
                is_manual = model._manual_number and not index
                between = 0 if is_manual else between + 1
                place = "%d.%d" % (ordered.number, between)
                steps.append(
                    {
                        **values,
                        "kind": ordered.kind,
                        "number": ordered.number,
                        "place": str(ordered.number) if is_manual else place,
                    }
                )
        return [
            {**values, "rollback_id": rollback.id, "sequence": 10 * index}
            for index, values in enumerate(steps, start=1)
        ]

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._check_can_be_undone()
        return steps

    def _get_batch(self):
        self.ensure_one()
        return self._get_merged_rows().read_batch(load(BATCH, self.batch))

    def _get_after(self):
        """Return the snapshot that was kept after the step ran."""
        self.ensure_one()
        return load(SNAPSHOT, self.after)

    def _get_kept(self):
        """Return what undoing the step needs, empty where nothing was kept."""
        self.ensure_one()
        if not self.kept:
            return {}
        return self._get_merged_rows().read_kept(load(KEPT, self.kept))

    def _get_matches(self):
        """Return what the step has changed of matches.

        :return: see :func:`~..ledger.row_difference.difference`
        """
        none = {"deleted": [], "created": []}
        return self._get_kept().get("rows", {}).get(MATCHES, none)

    def _get_merged_rows(self):
        """Read what is stored for the partners that there are today."""
        return MergedRows(self.env, self.rollback_id._get_survivors())

    def _get_kind(self):
        """The model that knows what this kind of step does."""
        self.ensure_one()
        return self.env[PREFIX + self.kind].with_company(self.company_id)

    def _get_kind_label(self):
        """What people call this kind of step."""
        return dict(self._get_kinds()).get(self.kind, self.kind)

    def _check_can_be_undone(self):
        """:raises UserError: nothing says how to undo a step, or nothing was kept for it

        The first release could not revert, so its steps kept nothing.
        """
        for step in self:
            if step.state in DONE_STATES and not step.kept:
                raise UserError(
                    _(
                        "%s was carried out by a release that kept nothing to undo it "
                        "with: correct the match with a new rollback.",
                        step.rollback_id.name,
                    )
                )
            names = {"number": step.place, "step": step._get_kind_label()}
            if PREFIX + step.kind not in self.env:
                raise UserError(
                    _(
                        "Step %(number)s (%(step)s) cannot be undone: the add-on that it "
                        "comes from is not installed. Ask your Odoo administrator to "
                        "install it under Apps.",
                        **names,
                    )
                )
            if not step._get_kind()._says_how_undone():
                raise UserError(
                    _(
                        "Step %(number)s (%(step)s) does not say how it is undone. Ask "
                        "your Odoo administrator to update the add-on that it comes from, "
                        "under Apps.",
                        **names,
                    )
                )

    def _in_language_of_responsible(self):
        """What fails in a job is told to that user."""
        return self.with_context(lang=self.rollback_id.user_id.lang)

    def _delay(self):
        """Queue the steps as a chain of jobs: each starts when the one before is done."""
        StepJobs(self._in_language_of_responsible()).delay()

    def _requeue(self):
        """Queue what is not done again, for whoever asks for it."""
        steps = self.filtered(lambda step: step.state in ("pending", "failed"))
        # sudo: nobody has the right to change a step
        steps.sudo().write({"state": "pending", "error": False})
        steps._delay()

    def _delay_reverting(self):
        """Queue what undoes the steps, the last one first.

        :raises UserError: nothing says how to undo one that is done
        """
        self.filtered(lambda step: step.state in DONE_STATES)._check_can_be_undone()
        # sudo: nobody has the right to change a step
        self.sudo().write({"error": False})
        StepJobs(self._in_language_of_responsible()).delay_reverting()

    def _requeue_reverting(self):
        """Queue what is not undone again, for whoever asks for it."""
        steps = self.filtered(lambda step: step.state not in ("reverted", "cancelled"))
        steps._delay_reverting()

    def _word_retries(self, jobs):
        """See :meth:`~..services.step_jobs.StepJobs.word_retries`."""
        return StepJobs(self).word_retries(jobs)

    def _on_job_failed(self, job):
        """Keep why a job failed for good; called by ``queue_job_config``.

        :param job: ``queue.job``
        """
        for step in self._in_language_of_responsible()._by_action():
            step._set_failed(job.exc_message or job.exc_info)
            step.rollback_id._set_failed(StepJobs(step).word_failure(job))
        return super()._on_job_failed(job)

    def _on_job_lost(self):
        """Keep that nothing will run the step, and tell so."""
        for step in self._in_language_of_responsible()._by_action():
            message = StepJobs(step).word_lost()
            step._set_failed(message)
            step.rollback_id._set_failed("%s: %s" % (step.rollback_id.name, message))

    def _set_failed(self, error):
        """Keep why the step does not go on.

        :param error: in the language of the person responsible
        """
        values = {"error": error}
        if self.state == "pending":
            values["state"] = "failed"
        self.write(values)

    def _run_job(self):
        """Run the step; the job's method.

        :return: a sentence for the job's result
        :raises UserError: the step can't be done; nothing was changed
        """
        self.ensure_one()
        # A failing job is stored in another transaction while this one is still open:
        # without the savepoint it would wait for the locks of this one for ever.
        with self._guard_run().whole():
            # two jobs may run a step
            lock_row(self)
            return self._get_run().run_in_turn()

    def _guard_run(self):
        """What keeps a run of the step whole."""
        # sudo: who has started the rollback may have lost the right to read it
        return CommitGuard(self.env, StepJobs(self).word_run(self.sudo()))

    def _guard_undo(self):
        """What keeps the undoing of the step whole."""
        # sudo: see _guard_run
        return CommitGuard(self.env, StepJobs(self).word_undo(self.sudo()))

    def _as_rollback(self):
        """The steps as those of the rollback that holds the company's register."""
        # sudo: as the manual has it these are the superuser's doings. Whoever started
        # the rollback had the right to, see action_start.
        steps = self.sudo()
        user = steps.rollback_id._find_registrar(steps.env.user)
        return (
            steps.with_user(user)
            .sudo()
            .with_company(steps.company_id)
            .with_context(**flags.HOLDER.set(steps.rollback_id.id))
            ._by_action()
        )

    def _get_run(self):
        """A run of the step, as the rollback's own.

        :return: :class:`~..services.step_run.StepRun`
        """
        # sudo: see _as_rollback
        content = read_step(self.sudo())
        return StepRun(self._as_rollback(), content)

    def _try_out(self):
        """Run the step as a part of a dry run.

        :return: why it can't be done, or ``False``
        """
        try:
            with self._guard_run().whole():
                self._get_run().run()
        except UserError as error:
            return error.args[0]
        return False

    def _get_proven_state(self):
        """The state that the hashes tell; they tell nothing of a step not done yet."""
        if self.revert_hash:
            return "reverted" if self.hash else "cancelled"
        if not self.hash:
            return self.state
        return BY_HAND_STATE if BY_HAND in self._get_after() else "done"

    def _run_revert_job(self):
        """Undo the step; the job's method.

        :return: a sentence for the job's result
        :raises UserError: the step can't be undone; nothing was changed
        """
        self.ensure_one()
        # see _run_job
        with self._guard_undo().whole():
            lock_row(self)
            return StepRun(self._as_rollback()).undo_in_turn()
