from odoo import models

from odoo.addons.queue_job.job import FAILED


class QueueJob(models.Model):
    _inherit = "queue.job"

    def write(self, vals):
        failing = self.browse()
        if vals.get("state") == FAILED:
            failing = self.filtered(lambda job: job.state != FAILED)
        result = super().write(vals)
        failing._tell_records_of_failure()
        return result

    def _tell_records_of_failure(self):
        """Call ``_on_job_failed(job)`` of the records whose jobs failed for good.

        A model takes part by having that method. It runs after the failed transaction,
        in the one that stores the failure.
        """
        for job in self:
            # sudo: the job may have run for someone who may not see its records now
            records = job.records and job.records.sudo().exists()
            if records and hasattr(records, "_on_job_failed"):
                records.with_env(self.env(su=True))._on_job_failed(job)
