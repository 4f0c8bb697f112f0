"""Jobs that cannot be loaded, since an add-on that they need is not installed any more.

``queue_job`` loads a job before it marks the job as started. Where that fails, its runner
asks for the job again and again, for ever.
"""

from odoo.addons.queue_job.job import ENQUEUED, Job

# what loading a job raises where a model, a method or a model of an argument is missing
ERRORS = (AttributeError, KeyError)


def give_up_without_code(env, job_uuid, error):
    """Give up a job that could not be loaded, in a database that has this add-on.

    :param env: environment of the transaction in which it was to be loaded
    :param job_uuid: uuid of the job
    :param error: what was raised
    :return: False where the job was loaded, so that the error is its own
    """
    jobs = env["queue.job"]
    # loaded server-wide, the controllers also serve databases without the add-on
    if not hasattr(jobs, "_give_up_without_code"):
        return False
    job = jobs.search([("uuid", "=", job_uuid), ("state", "=", ENQUEUED)])
    job._give_up_without_code(error)
    return bool(job)


def find_missing_code(jobs):
    """Find the jobs that cannot be loaded, or stored again.

    ``queue_job`` stores a job with those that it waits for and that wait for it: it loads
    these, too.

    :param jobs: ``queue.job``
    :return: ``{job: error}``
    """
    missing = {}
    for job in jobs:
        try:
            loaded = Job.load(job.env, job.uuid)
            loaded.depends_on, loaded.reverse_depends_on  # noqa: B018
        except ERRORS as error:
            missing[job] = error
    return missing


def get_missing_name(job, error):
    """Get the name of what a job misses.

    :param job: ``queue.job``
    :param error: the error that loading it raised
    """
    env = job.env
    if job.model_name not in env:
        return job.model_name
    if not hasattr(env[job.model_name], job.method_name):
        return "%s.%s" % (job.model_name, job.method_name)
    return error.args[0] if error.args else job.func_string
