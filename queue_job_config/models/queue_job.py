import logging
from contextlib import contextmanager

from odoo import models

_logger = logging.getLogger(__name__)


class QueueJob(models.Model):
    _inherit = "queue.job"

    @contextmanager
    def _left_for_later(self):
        """Undo what fails inside, and log why: a scheduled action does it then.

        Storing a job's state must not fail for what others do when they hear of it.
        """
        uuids = ", ".join(self.mapped("uuid"))
        try:
            with self.env.cr.savepoint():
                yield
        except Exception:
            _logger.exception(
                "what follows from the state of job %s is done later", uuids
            )

    def _call_on_records(self, method_name):
        """Call a method of the records that the jobs are about, where they have it.

        :param method_name: of a method that takes the job, a ``queue.job``
        """
        for job in self:
            # sudo: the job may have run for someone who may not see its records now
            records = job.records and job.records.sudo().exists()
            if records and hasattr(records, method_name):
                getattr(records.with_env(self.env(su=True)), method_name)(job)
