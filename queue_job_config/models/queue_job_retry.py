from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.queue_job.job import (
    CANCELLED,
    DONE,
    FAILED,
    PENDING,
    WAIT_DEPENDENCIES,
)


class QueueJob(models.Model):
    """What becomes of a failed job: it is retried as its policy says, or given up.

    A failed job has a ``next_attempt``, or is ``given_up``, or has not been dealt with yet:
    its failure was stored by SQL, or dealing with it did not work at once.
    """

    _inherit = "queue.job"

    attempt_count = fields.Integer(
        string="Failed attempts",
        readonly=True,
        copy=False,
        help="How many times the job has failed since it was created or since a person "
        "requeued it. Retries that the job itself asks for do not count.",
    )
    next_attempt = fields.Datetime(
        readonly=True,
        copy=False,
        index=True,
        help="When the failed job is tried again by itself.",
    )
    given_up = fields.Boolean(
        readonly=True,
        copy=False,
        help="The job has failed and is not tried again by itself.",
    )
    retry_policy_id = fields.Many2one(
        comodel_name="queue.job.retry.policy",
        compute="_compute_retry_policy_id",
        help="The policy for failures of the job: its function's, or else that of its "
        "channel or of the nearest channel above.",
    )

    @api.depends("channel", "channel_method_name")
    def _compute_retry_policy_id(self):
        policies = self._get_retry_policies()
        for job in self:
            job.retry_policy_id = policies[job]

    def _get_retry_policies(self):
        """The policy of each job, maybe empty, ``{job: policy}``."""
        functions = {job: job.channel_method_name for job in self}
        channels = {job: job.channel or "root" for job in self}
        # sudo: a failure is dealt with whoever's job it is
        policies = self.env["queue.job.retry.policy"].sudo()
        find_policy = policies._get_finder(functions.values(), channels.values())
        return {job: find_policy(functions[job], channels[job]) for job in self}

    def write(self, vals):
        state = vals.get("state")
        jobs, failing = self, self.browse()
        if state == FAILED:
            failing = self.filtered(lambda job: job.state != FAILED)
            delays = failing._get_retry_delays(vals.get("exc_name"))
            retried = [job.id for job, delay in delays.items() if delay is not None]
            jobs = self.with_context(queue_job_config_retried_ids=retried)
        elif state:
            self.filtered("given_up")._close_activities()
            vals = {**vals, "next_attempt": False, "given_up": False}
        result = super(QueueJob, jobs).write(vals)
        failing._settle_failures()
        return result

    def _message_failed_job(self):
        # nobody needs a message about a job that is going to be retried
        if self.id in self.env.context.get("queue_job_config_retried_ids", ()):
            return None
        return super()._message_failed_job()

    def _get_retry_delays(self, exc_name=None):
        """Seconds until each job's next attempt, None for those that are given up.

        :param exc_name: dotted name of the exception that ended the attempts; by default
            the one that is stored with each job
        :return: ``{job: seconds}``
        """
        return {
            job: policy._get_delay(
                exc_name or job.exc_name or "", job.attempt_count + 1
            )
            for job, policy in self._get_retry_policies().items()
        }

    def _settle_failures(self):
        """Count the failed attempts, plan the next ones or give the jobs up."""
        for job, delay in self._get_retry_delays().items():
            with job._left_for_later():
                job._settle_failure(delay)

    def _settle_failure(self, delay):
        attempts = self.attempt_count + 1
        if delay is None:
            self.write({"attempt_count": attempts, "given_up": True})
            self._tell_people_of_failure()
            self._tell_records_of_failure()
        else:
            next_attempt = fields.Datetime.now() + timedelta(seconds=delay)
            self.write({"attempt_count": attempts, "next_attempt": next_attempt})
            self._call_on_records("_on_job_retry_planned")

    def _tell_records_of_failure(self):
        """Call ``_on_job_failed(job)`` of the records whose jobs failed for good.

        A model takes part by having that method. It runs after the failed transaction,
        usually in the one that stores the failure. Where it raises an error, a scheduled
        action calls it again.
        """
        self._call_on_records("_on_job_failed")

    @api.model
    def _cron_retry_failed_jobs(self):
        """Deal with failures that nobody has dealt with; start the attempts that are due."""
        failed = [("state", "=", FAILED)]
        self.search(
            failed + [("next_attempt", "=", False), ("given_up", "=", False)]
        )._settle_failures()
        self.search(failed + [("next_attempt", "<=", fields.Datetime.now())])._put_back(
            {"retry": 0}
        )

    def requeue(self):
        # a person who requeues a job has changed something: what failed before is past
        ended = self.filtered(lambda job: job.state in (FAILED, CANCELLED, DONE))
        ended.write({"attempt_count": 0})
        return super().requeue()

    def _put_back(self, vals):
        """Let the jobs wait for a worker again, as ``Job.set_pending`` does, but many at once.

        :param vals: further values to write
        """
        waiting = self._filtered_waiting_for_others()
        vals = {
            "date_enqueued": False,
            "date_started": False,
            "date_done": False,
            "date_cancelled": False,
            "exec_time": False,
            "worker_pid": False,
            **vals,
        }
        waiting.write({**vals, "state": WAIT_DEPENDENCIES})
        (self - waiting).write({**vals, "state": PENDING})

    def _filtered_waiting_for_others(self):
        """Those of the jobs that have to wait for a job that is not done."""
        awaited = {
            job: set((job.dependencies or {}).get("depends_on", ()))
            for job in self.filtered("graph_uuid")
        }
        undone = self.search(
            [
                ("uuid", "in", list(set().union(*awaited.values()))),
                ("state", "!=", DONE),
            ]
        )
        undone_uuids = set(undone.mapped("uuid"))
        return self.filtered(lambda job: awaited.get(job, set()) & undone_uuids)
