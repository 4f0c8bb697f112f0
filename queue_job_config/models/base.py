from odoo import models


class Base(models.AbstractModel):
    """What any model can do about the jobs of its records."""

    _inherit = "base"

    def _on_job_failed(self, job):
        """React to a job of these records that has failed and will not be retried.

        A hook: does nothing here. It runs after the transaction of the job was rolled
        back, usually in the one that stores the failure, as superuser and on those of the
        job's records that still exist. It is not called without any. An error is logged
        and undoes what the hook did; the failure stays stored, and a scheduled action
        calls the hook again a minute later.

        :param job: the ``queue.job``
        """

    def _on_job_retry_planned(self, job):
        """React to a job of these records that has failed and will be retried.

        A hook like :meth:`_on_job_failed`. ``job.next_attempt`` says when the job is
        retried.

        :param job: the ``queue.job``
        """
