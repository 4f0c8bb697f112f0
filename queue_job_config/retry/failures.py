from datetime import timedelta

from odoo import fields


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
        """Settle each failure that is stored. An error is logged, and undoes its own part."""
        for job, delay in self._get_delays().items():
            with job._left_for_later():
                self._settle(job, delay)

    def _get_delays(self, exc_name=None):
        """Seconds until the next attempts, None for a job to give up.

        :param exc_name: by default the exception that is stored with each job
        :return: ``{job: seconds}``
        """
        return {
            job: policy._get_delay(
                exc_name or job.exc_name or "", job.attempt_count + 1
            )
            for job, policy in self.jobs._get_retry_policies().items()
        }

    def _settle(self, job, delay):
        attempts = job.attempt_count + 1
        if delay is None:
            job.write({"attempt_count": attempts, "given_up": True})
            job._notify_failure()
            job._call_on_records("_on_job_failed")
        else:
            next_attempt = fields.Datetime.now() + timedelta(seconds=delay)
            job.write({"attempt_count": attempts, "next_attempt": next_attempt})
            job._call_on_records("_on_job_retry_planned")
