"""What the health of the runner needs to know of the inside of ``queue_job``.

None of it is an interface that ``queue_job`` promises to keep. It stands here, and in
``controllers/run_lock.py`` for Odoo 14.0, and nowhere else.
"""

from odoo.addons.queue_job.job import Job
from odoo.addons.queue_job.jobrunner import runner


def revives_jobs():
    """Tell whether ``queue_job`` itself finds jobs of dead workers and requeues them.

    It does from 16.0 on: the worker locks its job with ``Job.lock``, and the runner
    requeues started jobs that nobody has locked.
    """
    return hasattr(Job, "lock")


def get_runner_lock():
    """The 64 bit key of the advisory lock that a job runner holds on its database.

    :return: None where runners hold no lock
    """
    return getattr(runner, "PG_ADVISORY_LOCK_ID", None)


def find_scheduled_runners(actions):
    """The scheduled actions that run jobs: those of OCA's ``queue_job_cron_jobrunner``.

    :param actions: the model ``ir.cron``
    :return: ``ir.cron``; none where jobs are run by ``queue_job`` itself
    """
    if "queue_job_runner" not in actions._fields:
        return actions.browse()
    every = actions.with_context(active_test=False)
    return every.search([("queue_job_runner", "=", True)])
