"""The queue jobs of steps: chained, requeued, and put in words."""

from odoo import _
from odoo.tools import format_datetime

from odoo.addons.queue_job.delay import chain
from odoo.addons.queue_job.job import (
    CANCELLED,
    DONE,
    ENQUEUED,
    FAILED,
    PENDING,
    WAIT_DEPENDENCIES,
)

# what has not run yet, and would run if nothing comes between
WAITING = (WAIT_DEPENDENCIES, PENDING, ENQUEUED, FAILED)

#: Keys of the context with which queue_job runs jobs at once: a step needs to know its job.
AT_ONCE = ("queue_job__no_delay", "test_queue_job_no_delay", "_job_force_sync")


def queued(records):
    """The records, whose jobs wait for a runner, whatever a client's context says."""
    return records.with_context(**dict.fromkeys(AT_ONCE, False))


class StepJobs:
    """The jobs that run steps, or undo them.

    :param steps: ``reconciliation.rollback.step``; jobs and sentences are in the language
        of their environment
    """

    def __init__(self, steps):
        self.steps = queued(steps)
        self.env = self.steps.env

    def delay(self):
        """Queue the steps: each starts when the one before is done.

        What waits of their jobs is dropped: it may lack one that was cancelled, deleted or
        set to done by hand, and it runs for whoever queued it.
        """
        self._drop_waiting()
        jobs = [
            self._get_delayable(step, "run", self.word_run(step))._run_job()
            for step in self.steps
        ]
        self._chain(self.steps, "run", jobs, "job_uuid")

    def delay_reverting(self):
        """Queue what undoes the steps, the last one first; drop what has not run yet.

        There is a job for each step, also for one that was not done: one may be running
        at this moment.
        """
        self._drop_waiting()
        steps = self.steps.sorted("sequence", reverse=True)
        jobs = [
            self._get_delayable(step, "undo", self.word_undo(step))._run_revert_job()
            for step in steps
        ]
        self._chain(steps, "undo", jobs, "revert_job_uuid")

    def find_lost(self):
        """Find the step whose turn it is, where its job is not going to run.

        Somebody cancelled or deleted the job or set it to done by hand, or did so with all
        that it waits for. A step and the end of its job are one transaction, so none is
        between the two.

        :return: the step, maybe none
        """
        step = self.steps[:1]
        job = step._get_jobs()
        if job.state in (False, DONE, CANCELLED):
            return step
        if job.state == WAIT_DEPENDENCIES and not self._find_awaited(job):
            return step
        return step.browse()

    def _find_awaited(self, job):
        """The jobs that a job waits for and that are not cancelled."""
        awaited = (job.dependencies or {}).get("depends_on", [])
        return job.search([("uuid", "in", awaited), ("state", "!=", CANCELLED)])

    def _drop_waiting(self):
        """Cancel what has not run yet."""
        self._get_jobs().filtered(lambda job: job.state in WAITING).button_cancelled()

    def has_failed_for_people(self):
        """Whether the chain stopped for a reason that people can put right."""
        failed = self._get_jobs().filtered(lambda job: job.state == "failed")
        return any(map(_is_for_people, failed))

    def _get_jobs(self):
        return self.steps._get_jobs()

    def _get_delayable(self, step, verb, description):
        return step.delayable(
            description=description, identity_key=self._get_identity_key(step, verb)
        )

    def _get_identity_key(self, step, verb):
        return "%s,%s,%s" % (step._name, step.id, verb)

    def _chain(self, steps, verb, jobs, name):
        """Queue the steps' jobs, and keep which ones they are.

        :param name: the field that tells a step's job
        """
        chain(*jobs).delay()
        keys = {self._get_identity_key(step, verb): step for step in steps}
        # sudo: jobs are for job managers
        queued = self.env["queue.job"].sudo()
        # of a step that is queued again the last one
        for job in queued.search([("identity_key", "in", list(keys))], order="id"):
            # sudo: nobody has the right to change a step
            keys[job.identity_key].sudo()[name] = job.uuid

    def word_run(self, step):
        """What running the step is called."""
        return _(
            "%(rollback)s, step %(number)s: %(step)s",
            rollback=step.rollback_id.name,
            number=step.place,
            step=step._get_kind_label(),
        )

    def word_undo(self, step):
        """What undoing the step is called."""
        return _(
            "%(rollback)s, undo step %(number)s: %(step)s",
            rollback=step.rollback_id.name,
            number=step.place,
            step=step._get_kind_label(),
        )

    def word_failure(self, job):
        """What happened, for the person responsible, and what to do next.

        :param job: the ``queue.job`` of the only step
        """
        step = self.steps
        happened = _(
            "%(rollback)s, step %(number)s (%(step)s), could not go on: %(error)s",
            rollback=step.rollback_id.name,
            number=step.place,
            step=step._get_kind_label(),
            error=step.error,
        )
        return "%s\n%s" % (happened, self._word_advice(job))

    def _word_advice(self, job):
        if not _is_for_people(job):
            return _(
                "Nothing of this step was changed: press Retry; if that fails again, show "
                "job %s to your Odoo administrator.",
                job.uuid,
            )
        if self.steps.rollback_id.revert_started_at:
            return _(
                "Nothing of this step was changed: put it right, then press Retry."
            )
        return _(
            "Nothing of this step was changed: put it right, then press Retry; "
            "if nobody can, press Revert."
        )

    def word_lost(self):
        """Say that the only step's job is not going to run, and what to do."""
        return _(
            "Step %(number)s (%(step)s) waits for a job that was cancelled, deleted or set "
            "to done by hand: press Retry to queue what is left.",
            number=self.steps.place,
            step=self.steps._get_kind_label(),
        )

    def word_retries(self, jobs):
        """Which steps failed for a passing reason, and when they are retried.

        :param jobs: the steps' ``queue.job``
        :return: a sentence for each such step
        """
        steps = {step._get_job_uuid(): step for step in self.steps}
        return [
            _(
                "Step %(number)s (%(step)s) is tried again by itself at %(time)s, since "
                "it could not go on: %(error)s",
                number=steps[job.uuid].place,
                step=steps[job.uuid]._get_kind_label(),
                error=(job.exc_message or job.exc_name or "").split("\n")[0],
                time=format_datetime(self.env, job.next_attempt),
            )
            for job in jobs
            if job.next_attempt
        ]


def _is_for_people(job):
    """Whether a job's error is meant for people: of others they can make nothing."""
    return (job.exc_name or "").startswith("odoo.exceptions.")
