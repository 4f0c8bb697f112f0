from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..books.query import read_table
from ..ledger.hash_chain import link
from ..ledger.stored_json import BATCH, KEPT, SNAPSHOT, dump, load
from ..services.step_jobs import StepJobs
from ..tools.read_content import read_content
from ..tools.row_lock import lock_row

STEP_FIELDS = (
    "sequence",
    "number",
    "place",
    "kind",
    "job_uuid",
    "batch",
    "before",
    "after",
    "kept",
    "started_at",
    "done_at",
)
# what else running a step needs
STATE_FIELDS = ("rollback_id", "company_id", "state")
REVERT_FIELDS = ("place", "revert_job_uuid", "reverted_at")
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
        return [
            (ordered.kind, self.env[PREFIX + ordered.kind]._get_label())
            for ordered in self.env[PREFIX + "kind"]._get_ordered_kinds()
        ]

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
        return load(BATCH, self.batch)

    def _get_after(self):
        """Return the snapshot that was kept after the step ran."""
        self.ensure_one()
        return load(SNAPSHOT, self.after)

    def _get_kept(self):
        """Return what undoing the step needs, empty where nothing was kept."""
        self.ensure_one()
        return load(KEPT, self.kept) if self.kept else {}

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
            if step.state == "done" and not step.kept:
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
                        "install it.",
                        **names,
                    )
                )
            if not step._get_kind()._says_how_undone():
                raise UserError(
                    _(
                        "Step %(number)s (%(step)s) does not say how it is undone. Ask "
                        "your Odoo administrator to update the add-on that it comes from.",
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
        """Queue what is not done again, where it stopped."""
        steps = self.filtered(lambda step: step.state in ("pending", "failed"))
        # sudo: nobody has the right to change a step
        steps.sudo().write({"state": "pending", "error": False})
        if not StepJobs(steps).requeue_failed():
            steps._delay()

    def _delay_reverting(self):
        """Queue what undoes the steps, the last one first.

        :raises UserError: nothing says how to undo one that is done
        """
        self.filtered(lambda step: step.state == "done")._check_can_be_undone()
        # sudo: nobody has the right to change a step
        self.sudo().write({"error": False})
        StepJobs(self._in_language_of_responsible()).delay_reverting()

    def _requeue_reverting(self):
        """Queue what is not undone again, where it stopped."""
        steps = self.filtered(lambda step: step.state not in ("reverted", "cancelled"))
        # sudo: nobody has the right to change a step
        steps.sudo().write({"error": False})
        if not StepJobs(steps).requeue_failed():
            steps._delay_reverting()

    def _word_retries(self, jobs):
        """See :meth:`~..services.step_jobs.StepJobs.word_retries`."""
        return StepJobs(self).word_retries(jobs)

    def _on_job_failed(self, job):
        """Keep why a job failed for good; called by ``queue_job_config``.

        :param job: ``queue.job``
        """
        for step in self._in_language_of_responsible()._by_action():
            values = {"error": job.exc_message or job.exc_info}
            if step.state == "pending":
                values["state"] = "failed"
            step.write(values)
            step.rollback_id._set_failed(StepJobs(step).word_failure(job))

    def _run_job(self):
        """Run the step; the job's method.

        :return: a sentence for the job's result
        :raises UserError: the step can't be done; nothing was changed
        """
        self.ensure_one()
        # A failing job is stored in another transaction while this one is still open:
        # without the savepoint it would wait for the locks of this one for ever.
        with self.env.cr.savepoint():
            # two jobs may run a step
            lock_row(self)
            content = self._read_row()
            return self._as_rollback()._run_in_turn(content)

    def _as_rollback(self):
        """The steps as those of the rollback that holds the company's register."""
        # sudo: as the manual has it these are the superuser's doings. Whoever started
        # the rollback had the right to, see action_start.
        steps = self.sudo()
        return (
            steps.with_company(steps.company_id)
            .with_context(reconciliation_rollback_id=steps.rollback_id.id)
            ._by_action()
        )

    def _read_row(self):
        """Read all that running the step needs of it, at once.

        :return: what the hash covers, before the step
        """
        # sudo: see _as_rollback
        row = read_content(self.sudo(), STEP_FIELDS + STATE_FIELDS)[0]
        return {name: row[name] for name in STEP_FIELDS}

    def _run_in_turn(self, content):
        """Run the step unless it is done.

        :param content: what :meth:`_read_row` gave
        """
        if self.state == "done":
            return _("Was done already.")
        rollback = self.rollback_id
        if rollback.revert_started_at:
            return _("%s is being reverted: nothing was done.", rollback.name)
        # where its job was requeued from the list of jobs
        has_failed = rollback.state == "failed"
        others = self._read_others()
        self._check_turn(others)
        self._run(others, content)
        if all(other.state == "done" for other in others):
            rollback._set_done()
        elif has_failed:
            rollback.state = "running"
        return _("Done.")

    def _read_others(self):
        """The rollback's other steps in their order, read at once.

        :return: a named tuple of each
        """
        return read_table(
            self,
            ["sequence", "place", "state", "hash"],
            "rollback_id = %s AND id != %s",
            (self.rollback_id.id, self.id),
            order="sequence",
        )

    def _check_turn(self, others):
        """:raises UserError: a step before this one is not done"""
        earlier = [
            other
            for other in others
            if other.sequence < self.sequence and other.state != "done"
        ]
        if earlier:
            raise UserError(
                _(
                    "%(rollback)s: step %(step)s has to wait for step %(earlier)s.",
                    rollback=self.rollback_id.name,
                    step=self.place,
                    earlier=earlier[0].place,
                )
            )

    def _run(self, others, content):
        """Do the step, and keep all that is known of it in one write.

        :param others: what :meth:`_read_others` gave
        :param content: what :meth:`_read_row` gave
        """
        started_at = fields.Datetime.now()
        kind, rollback = self._get_kind(), self.rollback_id
        previous = [other.hash for other in others if other.hash]
        previous = previous[-1] if previous else rollback.start_hash
        known = kind._makes_mail and self._find_mail_rows(rollback)
        performed = kind._perform(self)
        if kind._makes_mail:
            made = self._find_mail_rows(rollback) - known
            if made:
                made.write({"is_own": True})
        values = {
            **performed,
            "before": dump(SNAPSHOT, performed["before"], indent=1),
            "after": dump(SNAPSHOT, performed["after"], indent=1),
            "kept": dump(KEPT, performed["kept"]),
            "started_at": started_at,
            "done_at": fields.Datetime.now(),
        }
        kept = {name: values[name] for name in STEP_FIELDS if name in values}
        values["hash"] = link(previous, {**content, **kept})
        self.write({**values, "state": "done", "error": False})

    @api.model
    def _find_mail_rows(self, rollback):
        """The rollback's rows whose mail is there."""
        return self.env["reconciliation.rollback.mail"].search(
            [("rollback_id", "=", rollback.id), ("mail_id", "!=", False)]
        )

    def _try_out(self):
        """Run the step as a part of a dry run.

        :return: why it can't be done, or ``False``
        """
        try:
            with self.env.cr.savepoint():
                self._run(self._read_others(), self._read_row())
        except UserError as error:
            return error.args[0]
        return False

    def _get_link(self):
        """The step's link of the chain: label, content and hash."""
        (content,) = read_content(self, STEP_FIELDS)
        return _("step %s", self.place), content, self.hash

    def _get_revert_link(self):
        """The link of the step's undoing: label, content and hash."""
        (content,) = read_content(self, REVERT_FIELDS)
        label = _("the revert of step %s", self.place)
        return label, content, self.revert_hash

    def _get_proven_state(self):
        """The state that the hashes tell; they tell nothing of a step not done yet."""
        if self.revert_hash:
            return "reverted" if self.hash else "cancelled"
        return "done" if self.hash else self.state

    def _run_revert_job(self):
        """Undo the step; the job's method.

        :return: a sentence for the job's result
        :raises UserError: the step can't be undone; nothing was changed
        """
        self.ensure_one()
        # see _run_job
        with self.env.cr.savepoint():
            lock_row(self)
            return self._as_rollback()._revert_in_turn()

    def _revert_in_turn(self):
        """Undo the step if it is done."""
        if self.state in ("reverted", "cancelled"):
            return _("Was undone already.")
        others = self._read_others()
        self._check_revert_turn(others)
        result = _("It had not been done.")
        state = "cancelled"
        if self.state == "done":
            self._get_kind()._undo(self)
            state = "reverted"
            result = _("Undone.")
        rollback = self.rollback_id
        values = {"reverted_at": fields.Datetime.now()}
        (content,) = read_content(self, REVERT_FIELDS)
        values["revert_hash"] = link(rollback._get_last_hash(), {**content, **values})
        self.write({**values, "state": state, "error": False})
        if all(other.state in ("reverted", "cancelled") for other in others):
            rollback._set_reverted()
        elif rollback.state == "failed":
            # its job was requeued from the list of jobs
            rollback.state = "reverting"
        return result

    def _check_revert_turn(self, others):
        """:raises UserError: a step after this one is not undone"""
        later = [
            other
            for other in others
            if other.sequence > self.sequence and other.state == "done"
        ]
        if later:
            raise UserError(
                _(
                    "%(rollback)s: undoing step %(step)s has to wait for step %(later)s.",
                    rollback=self.rollback_id.name,
                    step=self.place,
                    later=later[-1].place,
                )
            )
