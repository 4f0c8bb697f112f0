import logging

from odoo import http, registry

from odoo.addons.queue_job.controllers.main import RunJobController

from .. import run_lock

_logger = logging.getLogger(__name__)


class LockedRunJobController(RunJobController):
    """Holds a lock on a job while it runs, where queue_job itself has none."""

    @http.route()
    def runjob(self, db, job_uuid, **kw):
        # a cursor of its own: the job's own one is committed while the job runs
        with registry(db).cursor() as lock_cr:
            if not run_lock.hold(lock_cr, job_uuid):
                _logger.warning("job %s is being run by another worker", job_uuid)
                return ""
            return super().runjob(db, job_uuid, **kw)

    def _try_perform_job(self, env, job):
        record = job.db_record()
        # this controller also serves databases without the add-on, when it is loaded
        # server-wide
        if "has_run_lock" in record._fields:
            record.has_run_lock = True
        return super()._try_perform_job(env, job)
