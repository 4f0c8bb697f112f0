import json

from odoo import _, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.queue_job.delay import chain
from odoo.addons.queue_job.job import identity_exact


class ReconciliationRollbackStep(models.Model):
    """One step of a rollback: what it is, its job, and what it found and left."""

    _name = "reconciliation.rollback.step"
    _description = "Step of a reconciliation rollback"
    _order = "rollback_id, sequence"
    _rec_name = "kind"

    rollback_id = fields.Many2one(
        "reconciliation.rollback", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="rollback_id.company_id", store=True)
    sequence = fields.Integer(required=True, readonly=True)
    number = fields.Integer(
        readonly=True, help="The step's number in the manual procedure."
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
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [("pending", "Pending"), ("done", "Done"), ("failed", "Failed")],
        required=True,
        readonly=True,
        default="pending",
    )
    job_uuid = fields.Char(string="Job", readonly=True, index=True)
    job_state = fields.Char(compute="_compute_job_state")
    before = fields.Text(readonly=True)
    after = fields.Text(readonly=True)
    started_at = fields.Datetime(readonly=True)
    done_at = fields.Datetime(readonly=True)
    error = fields.Text(readonly=True)

    @api.depends("job_uuid")
    def _compute_job_state(self):
        # sudo: jobs are for job managers; of these only the state is shown
        jobs = self._get_jobs()
        states = {job.uuid: job.state for job in jobs}
        labels = dict(jobs._fields["state"]._description_selection(self.env))
        for step in self:
            step.job_state = labels.get(states.get(step.job_uuid))

    def _get_jobs(self):
        uuids = self.filtered("job_uuid").mapped("job_uuid")
        return self.env["queue.job"].sudo().search([("uuid", "in", uuids)])

    @api.model
    def _prepare_steps(self, rollback):
        """Values of the steps of ``rollback``, in order: those of the manual.

        Another module can add a step: a kind, its model, its place in this list.
        """
        kinds = [kind for kind, _label in self._fields["kind"].selection]
        return [
            {
                "rollback_id": rollback.id,
                "sequence": 10 * number,
                "number": number,
                "kind": kind,
            }
            for number, kind in enumerate(kinds, start=1)
        ]

    def _get_kind(self):
        """The model that knows what this kind of step does."""
        self.ensure_one()
        model = self.env["reconciliation.rollback.step.%s" % self.kind]
        return model.with_company(self.company_id)

    def _delay(self):
        """Queue the steps as a chain of jobs: each starts when the one before is done."""
        jobs = [
            step.delayable(
                description=_("%(rollback)s, step %(number)s: %(step)s")
                % {
                    "rollback": step.rollback_id.name,
                    "number": step.number,
                    "step": step._get_label(),
                },
                identity_key=identity_exact,
            )._run_job()
            for step in self
        ]
        chain(*jobs).delay()
        for step, job in zip(self, jobs):
            # sudo: nobody has the right to change a step
            step.sudo().job_uuid = job._generated_job.uuid

    def _get_label(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return labels[self.kind]

    def _requeue(self):
        """Queue what is not done again, where it stopped."""
        steps = self.filtered(lambda step: step.state != "done")
        jobs = steps._get_jobs()
        # sudo: nobody has the right to change a step
        steps.sudo().write({"state": "pending", "error": False})
        if jobs.filtered(lambda job: job.state == "failed"):
            jobs.requeue()
        else:
            # the jobs were cancelled or cleaned up
            steps._delay()

    def _run_job(self):
        """Run the step; the job's method.

        :return: a sentence for the job's result
        :raises UserError: the step can't be done; nothing was changed
        """
        self.ensure_one()
        # sudo: as the manual has it these are the superuser's doings. Whoever started
        # the rollback had the right to, see action_start.
        step = self.sudo().with_company(self.company_id)
        # A failing job is stored in another transaction while this one is still open:
        # without the savepoint it would wait for the locks of this one for ever.
        with self.env.cr.savepoint():
            return step._run_in_turn()

    def _run_in_turn(self):
        """Run the step unless it is done; never two runs at once."""
        step = self
        step._lock()
        if step.state == "done":
            return _("Was done already.")
        step._check_turn()
        started_at = fields.Datetime.now()
        kind = step._get_kind()
        rollback = step.rollback_id
        before = kind._get_snapshot(rollback)
        kind._run(rollback)
        after = kind._get_snapshot(rollback)
        step.write(
            {
                "state": "done",
                "error": False,
                "before": json.dumps(before, default=str, indent=1),
                "after": json.dumps(after, default=str, indent=1),
                "started_at": started_at,
                "done_at": fields.Datetime.now(),
            }
        )
        if all(other.state == "done" for other in rollback.step_ids):
            rollback._set_done()
        return _("Done.")

    def _lock(self):
        """Wait for another run of the same step, and see what it has done."""
        self.env.cr.execute(
            "SELECT id FROM reconciliation_rollback_step WHERE id = %s FOR UPDATE",
            (self.id,),
        )

    def _check_turn(self):
        earlier = self.rollback_id.step_ids.filtered(
            lambda step: step.sequence < self.sequence and step.state != "done"
        )
        if earlier:
            raise UserError(
                _("%(rollback)s: step %(step)s has to wait for step %(earlier)s.")
                % {
                    "rollback": self.rollback_id.name,
                    "step": self.number,
                    "earlier": earlier[0].number,
                }
            )

    def _on_job_failed(self, job):
        """A job failed for good; called by ``queue_job_config``.

        :param job: ``queue.job``
        """
        for step in self:
            message = job.exc_message or job.exc_info
            step.write({"state": "failed", "error": message})
            step.rollback_id._set_failed(message)
