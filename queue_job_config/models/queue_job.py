import logging
import random
from collections import defaultdict
from contextlib import contextmanager

from odoo import _, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.queue_job.job import (
    CANCELLED,
    DONE,
    FAILED,
    PENDING,
    WAIT_DEPENDENCIES,
)

from .. import series
from ..health.dead_workers import AbandonedJobs, release_waiting_jobs
from ..health.job_values import get_changes, get_due_since
from ..health.missing_code import find_missing_code, get_missing_name
from ..health.queue_job_internals import revives_jobs
from ..health.waiting_jobs import WaitingJobs
from ..retry.failures import CODE_MISSING, Failures
from ..retry.notification import ACTIVITY_TYPE, FailureNotification
from ..retry.traceback_text import get_missing_names

_logger = logging.getLogger(__name__)

# The ids of the jobs that will be retried, as a frozenset: no client can send one.
RETRIED = "queue_job_config_retried"
# so many failed jobs are settled, and so many retried, in one transaction
BATCH = 500


class QueueJob(models.Model):
    """Jobs that are retried by policy, and jobs that nobody runs.

    The two subjects, ``retry`` and ``health``, know nothing of each other: they meet here.
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
    has_run_lock = fields.Boolean(
        readonly=True,
        copy=False,
        help="Whoever started the job last held its lock, so that one can see whether it "
        "is still being run.",
    )
    due_since = fields.Datetime(
        readonly=True,
        copy=False,
        index=True,
        help="Since when the job could have been run, as far as it is up to itself.",
    )
    waiting_problem = fields.Text(compute="_compute_waiting_problem")

    @api.depends("channel", "channel_method_name")
    def _compute_retry_policy_id(self):
        policies = self._get_retry_policies()
        for job in self:
            job.retry_policy_id = policies[job]

    @api.depends("state", "due_since")
    def _compute_waiting_problem(self):
        for job in self:
            job.waiting_problem = job._get_waiting_problem()

    @api.model_create_multi
    def create(self, vals_list):
        now = fields.Datetime.now()
        return super().create(
            [{**vals, "due_since": get_due_since(vals, now)} for vals in vals_list]
        )

    def write(self, vals):
        """Let a change of state reach both subjects, in the same write where possible."""
        vals = {**vals, **get_changes(vals, fields.Datetime.now())}
        state = vals.get("state")
        jobs, failures = self, None
        if state == FAILED:
            vals.update(get_missing_names(vals))
            failures = Failures(self.filtered(lambda job: job.state != FAILED))
            retried = failures.get_retried(vals.get("exc_name"))
            jobs = self.with_context(**{RETRIED: frozenset(retried.ids)})
        elif state:
            self.filtered("given_up")._close_failure_activities()
            vals.update(next_attempt=False, given_up=False)
        result = super(QueueJob, jobs).write(vals)
        if failures:
            failures.settle()
        return result

    def _message_failed_job(self):
        """Post no message on a job that will be retried."""
        retried = self.env.context.get(RETRIED)
        if isinstance(retried, frozenset) and self.id in retried:
            return None
        return super()._message_failed_job()

    def _get_retry_policies(self):
        """Find the policy of each job.

        :return: ``{job: policy}``, with an empty policy where there is none
        """
        functions = {job: job.channel_method_name for job in self}
        channels = {job: job.channel or "root" for job in self}
        # sudo: policies count for the jobs of everybody
        policies = self.env["queue.job.retry.policy"].sudo()
        find_policy = policies._get_finder(functions.values(), channels.values())
        return {job: find_policy(functions[job], channels[job]) for job in self}

    def _notify_failure(self):
        """Give the people of each job's policy an activity, each in their language.

        A hook: the jobs are those that were given up at once.
        """
        for job, policy in self._get_retry_policies().items():
            for user in policy._get_people(job.company_id):
                FailureNotification(job.with_context(lang=user.lang)).schedule(user)

    def _close_failure_activities(self):
        """Close the activities on jobs that are not failed any more."""
        if self:
            # sudo: the activity may be another user's
            self.sudo().activity_feedback([ACTIVITY_TYPE])

    def _get_existing_records(self):
        """Find the records that the jobs are about.

        :return: ``{job: records}``, without records that are deleted, and without the jobs
            whose model is not installed any more
        """
        # sudo: the job may have run for someone who may not see its records now
        records = {
            job: job.records.sudo()
            for job in self
            if job.model_name in self.env and job.records
        }
        ids = defaultdict(set)
        for found in records.values():
            ids[found._name].update(found.ids)
        existing = {
            name: set(self.env[name].sudo().browse(numbers).exists().ids)
            for name, numbers in ids.items()
        }
        return {
            job: found.filtered(lambda record: record.id in existing[record._name])
            for job, found in records.items()
        }

    def _call_on_records(self, method_name):
        """Call a hook of ``base`` on the records that the jobs are about.

        :param method_name: name of a method that takes the job, a ``queue.job``
        """
        superuser = self.env(su=True)
        for job, records in self._get_existing_records().items():
            if records:
                getattr(records.with_env(superuser), method_name)(job)

    @api.model
    def _cron_retry_failed_jobs(self):
        """Settle the failures that are not settled yet, and start the attempts that are due.

        What is too much for one transaction follows in the next ones.
        """
        failed = [("state", "=", FAILED)]
        unsettled = self.search(
            failed + [("next_attempt", "=", False), ("given_up", "=", False)]
        )
        settled = Failures(unsettled._get_batch()).settle()
        due = self.search(failed + [("next_attempt", "<=", fields.Datetime.now())])
        due[:BATCH]._put_back({"retry": 0})
        if (settled and len(unsettled) > BATCH) or len(due) > BATCH:
            series.trigger(self.env.ref("queue_job_config.ir_cron_retry_failed_jobs"))

    def _get_batch(self):
        """Choose as many of the jobs as one transaction settles.

        By chance, so that those that cannot be settled do not keep off the others.
        """
        if len(self) <= BATCH:
            return self
        return self.browse(random.sample(self.ids, BATCH))

    def _give_up_without_code(self, error):
        """Give up jobs that cannot be loaded: an add-on that they need is not installed.

        :param error: the error that loading them raised
        """
        for job in self:
            message = job._describe_missing_code(error)
            _logger.error("job %s is given up: %s", job.uuid, message)
            job.write(
                {
                    "state": FAILED,
                    "exc_name": CODE_MISSING,
                    "exc_message": message,
                    "exc_info": message,
                }
            )

    def open_related_action(self):
        self._check_code()
        return super().open_related_action()

    def _change_job_state(self, state, result=None):
        """Cancel jobs that cannot be loaded; they can be nothing else by hand.

        :raises UserError: such a job is to be run, or to count as done
        """
        missing = find_missing_code(self)
        if state != CANCELLED:
            self._check_code(missing)
        jobs = self.browse([job.id for job in missing])
        jobs._cancel_without_code(result)
        return super(QueueJob, self - jobs)._change_job_state(state, result=result)

    def _check_code(self, missing=None):
        """Check that the jobs can be loaded.

        :param missing: what ``find_missing_code`` gave
        :raises UserError: one cannot
        """
        if missing is None:
            missing = find_missing_code(self)
        for job, error in missing.items():
            raise UserError(job._describe_missing_code(error))

    def _describe_missing_code(self, error):
        """Say what a job misses, and what to do.

        :param error: the error that loading it raised
        """
        return _(
            "Odoo no longer has %(missing)s, which the job needs. Install the add-on that "
            "brings it and press Requeue Job, or cancel the job.",
            missing=get_missing_name(self, error),
        )

    def _cancel_without_code(self, result):
        """Cancel jobs as ``Job.set_cancelled``, and those that wait for nothing else."""
        if not self:
            return
        self.write(
            {
                "state": CANCELLED,
                "date_cancelled": fields.Datetime.now(),
                "result": result,
            }
        )
        graphs = [uuid for uuid in self.mapped("graph_uuid") if uuid]
        graph = self.search([("graph_uuid", "in", graphs)])
        states = {job.uuid: job.state for job in graph}
        graph.filtered(
            lambda job: (
                job.state == WAIT_DEPENDENCIES
                and {states.get(uuid) for uuid in job._get_awaited()} == {CANCELLED}
            )
        )._cancel_without_code(result)

    def _get_awaited(self):
        """The uuids of the jobs that this one waits for."""
        return list((self.dependencies or {}).get("depends_on", ()))

    @api.model
    def _cron_revive_jobs(self):
        """Requeue the jobs of dead workers, and release those that these left waiting."""
        if not revives_jobs():
            AbandonedJobs(self.env).requeue()
        release_waiting_jobs(self.env)

    def requeue(self):
        # a person who requeues a job has changed something: start counting again
        ended = self.filtered(lambda job: job.state in (FAILED, CANCELLED, DONE))
        ended.write({"attempt_count": 0})
        return super().requeue()

    @api.model
    def _get_runner_problem(self):
        """Say what keeps jobs from being run, looking at all that the user may see.

        :return: text for people, with line breaks; False where jobs are run
        """
        return WaitingJobs(self.env, []).get_problem()

    def _get_waiting_problem(self):
        """Say what keeps these jobs from being run.

        Say something only where no job at all is run. The user needs the right to read
        jobs: call it with ``sudo()`` for others.

        :return: text for people, with line breaks; False where jobs are run, or none of
            these waits
        """
        if not self:
            return False
        return WaitingJobs(self.env, [("id", "in", self.ids)]).get_problem()

    @api.model
    def _get_runner_banner(self):
        """HTML that says what keeps jobs from being run, an empty element otherwise."""
        # Odoo 14.0 removes an older banner for an empty element, not for nothing
        return series.render(
            self.env,
            "queue_job_config.runner_problem_banner",
            {"problem": self._get_runner_problem()},
        )

    @contextmanager
    def _left_for_later(self):
        """Undo and log an error inside: a scheduled action does the work later.

        A job's state must be stored even if those who react to it fail.

        :return: a list, which has the error afterwards
        """
        uuids = ", ".join(self.mapped("uuid"))
        errors = []
        try:
            with self.env.cr.savepoint():
                yield errors
        except Exception as error:
            errors.append(error)
            _logger.exception(
                "what follows from the state of job %s is done later", uuids
            )

    def _put_back(self, vals):
        """Let the jobs wait for a worker again, as ``Job.set_pending``, but many at once.

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
        """Keep the jobs that have to wait for a job that is not done."""
        awaited = {job: set(job._get_awaited()) for job in self.filtered("graph_uuid")}
        undone = self.search(
            [
                ("uuid", "in", list(set().union(*awaited.values()))),
                ("state", "!=", DONE),
            ]
        )
        undone_uuids = set(undone.mapped("uuid"))
        return self.filtered(lambda job: awaited.get(job, set()) & undone_uuids)
