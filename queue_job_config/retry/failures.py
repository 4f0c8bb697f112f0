from collections import defaultdict
from datetime import timedelta

from odoo import fields

# stands in for the name of an exception: what the job runs is not installed, and no
# further attempt helps
CODE_MISSING = "JobCodeMissing"


class Failures:
    """Jobs that fail: count the attempts, then plan the next one or give the job up.

    A failed job has a ``next_attempt``, or is ``given_up``, or has neither: its failure was
    stored by SQL, or settling it raised an error. A scheduled action settles it then.

    :param jobs: ``queue.job``
    """

    def __init__(self, jobs):
        self.jobs = jobs

    def get_retried(self, exc_name):
        """Find the jobs that will be retried, before their failure is stored.

        :param exc_name: dotted name of the exception that ends the attempts
        :return: ``queue.job``
        """
        delays = self._get_delays(exc_name)
        return self.jobs.filtered(lambda job: delays[job] is not None)

    def settle(self):
        """Settle each failure that is stored. An error is logged, and undoes its own part.

        All are settled at once; where that raises an error, each half by itself, down to
        the job that raises it.

        :return: number of those that are settled
        """
        if not self.jobs:
            return 0
        if len(self.jobs) == 1:
            with self.jobs._left_for_later() as errors:
                self._settle()
            return 0 if errors else 1
        try:
            with self.jobs.env.cr.savepoint():
                self._settle()
        except Exception:
            middle = len(self.jobs) // 2
            halves = self.jobs[:middle], self.jobs[middle:]
            return sum(Failures(half).settle() for half in halves)
        return len(self.jobs)

    def _get_delays(self, exc_name=None):
        """Seconds until the next attempts, None for a job to give up.

        :param exc_name: by default the exception that is stored with each job
        :return: ``{job: seconds}``
        """
        return {
            job: self._get_delay(policy, job, exc_name or job.exc_name or "")
            for job, policy in self.jobs._get_retry_policies().items()
        }

    def _get_delay(self, policy, job, exc_name):
        if exc_name == CODE_MISSING:
            return None
        return policy._get_delay(exc_name, job.attempt_count + 1)

    def _settle(self):
        delays = self._get_delays()
        alike = defaultdict(list)
        for job, delay in delays.items():
            alike[job.attempt_count + 1, delay].append(job.id)
        for (attempts, delay), job_ids in alike.items():
            values = self._prepare_settled(attempts, delay)
            self.jobs.browse(job_ids).write(values)
        given_up = self.jobs.filtered(lambda job: delays[job] is None)
        given_up._notify_failure()
        given_up._call_on_records("_on_job_failed")
        (self.jobs - given_up)._call_on_records("_on_job_retry_planned")

    def _prepare_settled(self, attempts, delay):
        if delay is None:
            return {"attempt_count": attempts, "given_up": True}
        next_attempt = fields.Datetime.now() + timedelta(seconds=delay)
        return {"attempt_count": attempts, "next_attempt": next_attempt}
