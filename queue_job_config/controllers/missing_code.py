"""Jobs that cannot be loaded are given up, on Odoo 16.0."""

from odoo.addons.queue_job.controllers.main import RunJobController

from ..health.missing_code import ERRORS, give_up_without_code


class MissingCodeRunJobController(RunJobController):
    """Gives up a job whose code is missing: the runner would ask for it for ever.

    ``_acquire_job`` is private to ``queue_job``. It is overridden since the job is loaded
    there, before it is marked as started.
    """

    @classmethod
    def _acquire_job(cls, env, job_uuid):
        try:
            return super()._acquire_job(env, job_uuid)
        except ERRORS as error:
            if give_up_without_code(env, job_uuid, error):
                return None
            raise
