"""A lock on each job that is run, on Odoo 14.0: imported only where queue_job has none.

Apart from the route, ``_try_perform_job`` is private to ``queue_job``. It is overridden
since nothing else runs between the check that the job is still enqueued and the commit that
stores that it is started.
"""

import logging

from odoo import SUPERUSER_ID, http, registry

from odoo.addons.queue_job.controllers.main import RunJobController

from ..health import run_lock
from ..health.missing_code import ERRORS, give_up_without_code

_logger = logging.getLogger(__name__)


class LockedRunJobController(RunJobController):
    """Holds the lock of a job while it runs."""

    @http.route()
    def runjob(self, db, job_uuid, **kw):
        # a cursor of its own: that of the job is committed while the job runs
        with registry(db).cursor() as lock_cr:
            if not run_lock.hold(lock_cr, job_uuid):
                _logger.warning("job %s is being run by another worker", job_uuid)
                return ""
            try:
                return super().runjob(db, job_uuid, **kw)
            except ERRORS as error:
                # the same transaction as above: it has the job's row
                env = http.request.env(user=SUPERUSER_ID)
                if give_up_without_code(env, job_uuid, error):
                    return ""
                raise

    def _try_perform_job(self, env, job):
        record = job.db_record()
        # loaded server-wide, this controller also serves databases without the add-on
        if "has_run_lock" in record._fields:
            record.has_run_lock = True
        return super()._try_perform_job(env, job)
