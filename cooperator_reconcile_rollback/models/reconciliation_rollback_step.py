from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from odoo.addons.queue_job.delay import chain
from odoo.addons.queue_job.job import identity_exact

from ..ledger.hash_chain import link
from ..ledger.stored_json import BATCH, KEPT, SNAPSHOT, dump, load
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
MANUAL_STEPS = (
    "hold_mail",
    "record_numbers",
    "remove_match",
    "remove_shares",
    "remove_register_lines",
    "reset_operation_sequence",
    "reset_membership",
    "make_match",
    "verify",
    "clear_mail",
    "release_mail",
)


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
    kind = fields.Selection(
        [
            ("hold_mail", "Hold mail"),
            ("record_numbers", "Record the numbers"),
            ("remove_match", "Remove the wrong match"),
            ("remove_shares", "Remove the shares"),
            ("remove_register_lines", "Remove the register lines"),
            ("reset_operation_sequence", "Set back the operation sequence"),
            ("reset_membership", "Set back cooperator numbers and membership"),
            ("make_match", "Make the right match"),
            ("verify", "Verify"),
            ("clear_mail", "Clear the queued mail"),
            ("release_mail", "Release mail"),
            ("take_back", "Take later operations back"),
            ("apply_again", "Apply later operations again"),
            ("renumber", "Close the gaps"),
        ],
        required=True,
        readonly=True,
    )
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
    def _prepare_steps(self, rollback):
        """Values of the steps of ``rollback``, in order.

        These are the manual's, and what a cascade needs between them. Another module
        can add a step: a kind, its model, its place in this list.
        """
        plan = rollback._get_plan()
        batches = self._get_line_batches(plan.reapplied)
        between = {
            "record_numbers": [
                {"kind": "take_back", "batch": dump(BATCH, {"lines": lines})}
                for lines in reversed(batches)
            ],
            "make_match": [{"kind": "apply_again"} for _lines in batches],
        }
        if plan.operation_shifts or plan.cooperator_shifts:
            between["make_match"].append({"kind": "renumber"})
        steps = []
        for number, kind in enumerate(MANUAL_STEPS, start=1):
            steps.append({"kind": kind, "number": number, "place": str(number)})
            steps += [
                {**values, "number": number, "place": "%d.%d" % (number, index)}
                for index, values in enumerate(between.get(kind, []), start=1)
            ]
        return [
            {**values, "rollback_id": rollback.id, "sequence": 10 * index}
            for index, values in enumerate(steps, start=1)
        ]

    @api.model
    def _get_line_batches(self, operations):
        """Register lines' ids of later operations, in batches of whole operations."""
        size = self._get_batch_size()
        return [
            [line for operation in operations[i : i + size] for line in operation.lines]
            for i in range(0, len(operations), size)
        ]

    @api.model
    def _get_batch_size(self):
        """How many later operations one job deals with."""
        # sudo: system parameters are for system administrators
        parameters = self.env["ir.config_parameter"].sudo()
        return int(
            parameters.get_param("cooperator_reconcile_rollback.batch_size", 100)
        )

    def _get_after(self):
        """Return the snapshot that was kept after the step ran."""
        self.ensure_one()
        return load(SNAPSHOT, self.after)

    def _get_kept(self):
        """Return what undoing the step needs, ``None`` if nothing was kept."""
        self.ensure_one()
        return load(KEPT, self.kept) if self.kept else None

    def _check_undoable(self):
        """:raises UserError: nothing was kept that would undo a step

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

    def _get_batch(self):
        self.ensure_one()
        return load(BATCH, self.batch)

    def _get_taken_back(self):
        """The batch that this step applies again: the last one taken is the first."""
        self.ensure_one()
        steps = self.rollback_id.step_ids.sorted("sequence")
        applied = steps.filtered(lambda step: step.kind == "apply_again")
        taken = steps.filtered(lambda step: step.kind == "take_back")
        return taken[-1 - applied.ids.index(self.id)]._get_batch()

    def _get_kind(self):
        """The model that knows what this kind of step does."""
        self.ensure_one()
        model = self.env["reconciliation.rollback.step.%s" % self.kind]
        return model.with_company(self.company_id)

    def _delay(self):
        """Queue the steps as a chain of jobs: each starts when the one before is done."""
        steps = self._in_language_of_responsible()
        steps._chain(
            [step._get_delayable(step._word_job())._run_job() for step in steps],
            "job_uuid",
        )

    def _word_job(self):
        return _(
            "%(rollback)s, step %(number)s: %(step)s",
            rollback=self.rollback_id.name,
            number=self.place,
            step=self._get_label(),
        )

    def _in_language_of_responsible(self):
        """What fails in a job is told to that user."""
        return self.with_context(lang=self.rollback_id.user_id.lang)

    def _get_delayable(self, description):
        return self.delayable(description=description, identity_key=identity_exact)

    def _chain(self, jobs, name):
        """Queue the steps' jobs: each starts when the one before is done.

        :param name: the field that tells a step's job
        """
        chain(*jobs).delay()
        for step, job in zip(self, jobs):
            # sudo: nobody has the right to change a step
            step.sudo()[name] = job._generated_job.uuid

    def _get_label(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return labels[self.kind]

    def _requeue(self):
        """Queue what is not done again, where it stopped."""
        steps = self.filtered(lambda step: step.state in ("pending", "failed"))
        # sudo: nobody has the right to change a step
        steps.sudo().write({"state": "pending", "error": False})
        if not steps._requeue_failed_job():
            steps._delay()

    def _requeue_failed_job(self):
        """Requeue the job where the chain stopped; the others wait for it.

        :return: whether there was one: jobs can be cancelled or cleaned up
        """
        failed = self._get_jobs().filtered(lambda job: job.state == "failed")
        failed.requeue()
        return bool(failed)

    def _run_job(self):
        """Run the step; the job's method.

        :return: a sentence for the job's result
        :raises UserError: the step can't be done; nothing was changed
        """
        self.ensure_one()
        # A failing job is stored in another transaction while this one is still open:
        # without the savepoint it would wait for the locks of this one for ever.
        with self.env.cr.savepoint():
            return self._as_rollback()._run_in_turn()

    def _as_rollback(self):
        """The steps as those of the rollback that holds the company's register."""
        # sudo: as the manual has it these are the superuser's doings. Whoever started
        # the rollback had the right to, see action_start.
        return (
            self.sudo()
            .with_company(self.company_id)
            .with_context(reconciliation_rollback_id=self.rollback_id.id)
            ._by_action()
        )

    def _run_in_turn(self):
        """Run the step unless it is done; never two runs at once."""
        lock_row(self)
        if self.state == "done":
            return _("Was done already.")
        rollback = self.rollback_id
        if rollback.revert_started_at:
            return _("%s is being reverted: nothing was done.", rollback.name)
        self._check_turn()
        self._run(fields.Datetime.now())
        if all(other.state == "done" for other in rollback.step_ids):
            rollback._set_done()
        elif rollback.state == "failed":
            # its job was requeued from the list of jobs
            rollback.state = "running"
        return _("Done.")

    def _run(self, started_at):
        """Do the step, and keep what was before and after, and what undoing it needs."""
        kind = self._get_kind()
        books = kind._read_books(self)
        mails = self.rollback_id.mail_ids.mail_id
        before, after = kind._perform(self)
        self._mark_own_mails(mails)
        self.write(
            {
                "state": "done",
                "error": False,
                "before": dump(SNAPSHOT, before, indent=1),
                "after": dump(SNAPSHOT, after, indent=1),
                "kept": dump(KEPT, kind._compare_books(self, books)),
                "started_at": started_at,
                "done_at": fields.Datetime.now(),
            }
        )
        self._keep_hash()

    def _mark_own_mails(self, known):
        """Know the mails that the step has made; the first one finds, and makes none.

        :param known: the rollback's ``mail.mail`` before it
        """
        rows = self.rollback_id.mail_ids
        if self.kind != "hold_mail":
            made = rows.filtered(lambda row: row.mail_id and row.mail_id not in known)
            made.write({"is_own": True})

    def _check_turn(self):
        earlier = self.rollback_id.step_ids.filtered(
            lambda step: step.sequence < self.sequence and step.state != "done"
        )
        if earlier:
            raise UserError(
                _(
                    "%(rollback)s: step %(step)s has to wait for step %(earlier)s.",
                    rollback=self.rollback_id.name,
                    step=self.place,
                    earlier=earlier[0].place,
                )
            )

    def _on_job_failed(self, job):
        """A job failed for good; called by ``queue_job_config``.

        :param job: ``queue.job``
        """
        for step in self._in_language_of_responsible()._by_action():
            values = {"error": job.exc_message or job.exc_info}
            if step.state == "pending":
                values["state"] = "failed"
            step.write(values)
            step.rollback_id._set_failed(step._word_failure(job))

    def _word_retries(self, jobs):
        """Which steps have failed for a passing reason, and when they are tried again.

        :param jobs: the steps' ``queue.job``
        """
        steps = {step._get_job_uuid(): step for step in self}
        return [
            _(
                "Step %(number)s (%(step)s) is tried again by itself at %(time)s, since "
                "it could not go on: %(error)s",
                number=steps[job.uuid].place,
                step=steps[job.uuid]._get_label(),
                error=(job.exc_message or job.exc_name or "").split("\n")[0],
                time=format_datetime(self.env, job.next_attempt),
            )
            for job in jobs
            if job.next_attempt
        ]

    def _word_failure(self, job):
        """What happened, for the person responsible, and what to do next."""
        happened = _(
            "%(rollback)s, step %(number)s (%(step)s), could not go on: %(error)s",
            rollback=self.rollback_id.name,
            number=self.place,
            step=self._get_label(),
            error=self.error,
        )
        # of an error that is not meant for people they can make nothing
        if (job.exc_name or "").startswith("odoo.exceptions."):
            if self.rollback_id.revert_started_at:
                advice = _(
                    "Nothing of this step was changed: put it right, then press Retry."
                )
            else:
                advice = _(
                    "Nothing of this step was changed: put it right, then press Retry; "
                    "if nobody can, press Revert."
                )
        else:
            advice = _(
                "Nothing of this step was changed: show job %s to whoever runs your "
                "Odoo, then press Retry.",
                job.uuid,
            )
        return "%s\n%s" % (happened, advice)

    def _try_out(self):
        """Run the step.

        :return: why it can't be done, or ``False``
        """
        try:
            with self.env.cr.savepoint():
                self._run(fields.Datetime.now())
        except UserError as error:
            return error.args[0]
        return False

    def _get_link(self):
        (content,) = read_content(self, STEP_FIELDS)
        return _("step %s", self.place), content, self.hash

    def _get_revert_link(self):
        names = ("place", "revert_job_uuid", "reverted_at")
        (content,) = read_content(self, names)
        label = _("the revert of step %s", self.place)
        return label, content, self.revert_hash

    def _get_proven_state(self):
        """The state that the hashes tell; they tell nothing of a step not done yet."""
        if self.revert_hash:
            return "reverted" if self.hash else "cancelled"
        return "done" if self.hash else self.state

    def _keep_hash(self):
        """Chain the step that is done now to what came before it."""
        previous = self.rollback_id._get_last_hash()
        self.hash = link(previous, self._get_link()[1])

    def _keep_revert_hash(self):
        """Chain the step that is undone now to what came before it."""
        previous = self.rollback_id._get_last_hash()
        self.revert_hash = link(previous, self._get_revert_link()[1])

    def _delay_reverting(self):
        """Queue what undoes the steps, the last one first; drop what has not run yet.

        There is a job for each step, also for one that was not done: one may be running
        at this moment.
        """
        self._get_jobs().filtered(
            lambda job: (
                job.state in ("wait_dependencies", "pending", "enqueued", "failed")
            )
        ).button_cancelled()
        # sudo: nobody has the right to change a step
        self.sudo().write({"error": False})
        steps = self._in_language_of_responsible().sorted("sequence", reverse=True)
        steps._chain(
            [
                step._get_delayable(step._word_revert_job())._run_revert_job()
                for step in steps
            ],
            "revert_job_uuid",
        )

    def _word_revert_job(self):
        return _(
            "%(rollback)s, undo step %(number)s: %(step)s",
            rollback=self.rollback_id.name,
            number=self.place,
            step=self._get_label(),
        )

    def _requeue_reverting(self):
        """Queue what is not undone again, where it stopped."""
        steps = self.filtered(lambda step: step.state not in ("reverted", "cancelled"))
        # sudo: nobody has the right to change a step
        steps.sudo().write({"error": False})
        if not steps._requeue_failed_job():
            steps._delay_reverting()

    def _run_revert_job(self):
        """Undo the step; the job's method.

        :return: a sentence for the job's result
        :raises UserError: the step can't be undone; nothing was changed
        """
        self.ensure_one()
        # see _run_job
        with self.env.cr.savepoint():
            return self._as_rollback()._revert_in_turn()

    def _revert_in_turn(self):
        """Undo the step if it is done; never two runs at once."""
        lock_row(self)
        if self.state in ("reverted", "cancelled"):
            return _("Was undone already.")
        self._check_revert_turn()
        result = _("It had not been done.")
        state = "cancelled"
        if self.state == "done":
            self._get_kind()._undo(self)
            state = "reverted"
            result = _("Undone.")
        self.write(
            {"state": state, "error": False, "reverted_at": fields.Datetime.now()}
        )
        self._keep_revert_hash()
        rollback = self.rollback_id
        if all(other.state in ("reverted", "cancelled") for other in rollback.step_ids):
            rollback._set_reverted()
        elif rollback.state == "failed":
            # its job was requeued from the list of jobs
            rollback.state = "reverting"
        return result

    def _check_revert_turn(self):
        later = self.rollback_id.step_ids.filtered(
            lambda step: step.sequence > self.sequence and step.state == "done"
        )
        if later:
            raise UserError(
                _(
                    "%(rollback)s: undoing step %(step)s has to wait for step %(later)s.",
                    rollback=self.rollback_id.name,
                    step=self.place,
                    later=later[-1].place,
                )
            )
