"""What differs between the supported Odoo and queue_job versions, and nowhere else."""

from odoo import release

from odoo.addons.queue_job.job import Job
from odoo.addons.queue_job.jobrunner import runner

SERIES = release.version_info[0]


def queue_job_revives_jobs():
    """Whether queue_job itself knows jobs whose worker died, and brings them back."""
    return hasattr(Job, "lock")


def get_runner_lock():
    """The key of the lock that a job runner holds on a database; None where it holds none."""
    return getattr(runner, "PG_ADVISORY_LOCK_ID", None)


def flush(records):
    """Write what is pending of the records' model, before SQL reads or writes it."""
    if SERIES >= 16:
        records.flush_model()
    else:
        records.flush()


def render(env, template, values):
    """The HTML of a QWeb template, as text."""
    if SERIES >= 16:
        return str(env["ir.qweb"]._render(template, values))
    return env.ref(template)._render(values, engine="ir.qweb").decode()
