"""What somebody does to the jobs of a rollback under way, or to who has started it.

Each act takes the test case and the rollback, as those of :mod:`.acts`.
"""

from odoo.addons.queue_job.job import CANCELLED, DONE

from .series import invalidate


def next_job(case, rollback):
    """The job whose turn it is."""
    return jobs_left(case, rollback)[:1]


def jobs_left(case, rollback):
    """The jobs that are not done, in the order of their turns."""
    return case.jobs_of(rollback).filtered(
        lambda job: job.state not in (DONE, CANCELLED)
    )


def cancel_job(case, rollback):
    """Cancel the job whose turn it is; queue_job cancels what waits for it alone."""
    next_job(case, rollback).button_cancelled()
    invalidate(case.env)


def cancel_jobs(case, rollback):
    """Cancel all that is left, the last one first."""
    for job in jobs_left(case, rollback)[::-1]:
        job.button_cancelled()
    invalidate(case.env)


def set_job_done(case, rollback):
    """Say that the job whose turn it is were done."""
    next_job(case, rollback).button_done()
    invalidate(case.env)


def delete_job(case, rollback):
    """Delete the job whose turn it is."""
    next_job(case, rollback).unlink()
    invalidate(case.env)


def delete_jobs(case, rollback):
    """Delete all that is left."""
    jobs_left(case, rollback).unlink()
    invalidate(case.env)


def _starter(case, rollback):
    """Who has the jobs run in his name: who has started the rollback, or its revert."""
    users = case.env["reconciliation.rollback"].browse(rollback.ids)
    return users.revert_user_id or users.start_user_id


def take_away_rights(case, rollback):
    """The starter is no cooperator manager, user or accountant any more."""
    groups = case.env.ref("base.group_user")
    _starter(case, rollback).groups_id = [(6, 0, groups.ids)]
    invalidate(case.env)


def change_company(case, rollback):
    """The starter works in another company now."""
    companies = case.env["res.company"]
    name = "Elsewhere %s" % companies.search_count([])
    other = companies.create({"name": name})
    _starter(case, rollback).write(
        {"company_id": other.id, "company_ids": [(6, 0, other.ids)]}
    )
    invalidate(case.env)


def archive(case, rollback):
    """The starter has left."""
    _starter(case, rollback).active = False
    invalidate(case.env)


def _by_name(*acts):
    return {act.__name__: act for act in acts}


#: Acts on jobs, which change nothing else.
JOB_ACTS = _by_name(cancel_job, cancel_jobs, set_job_done, delete_job, delete_jobs)
#: What becomes of whoever has started the rollback.
STARTER_ACTS = _by_name(take_away_rights, change_company, archive)
#: All acts that can be done at any step, by name; each takes the case and the rollback.
ACTS = {**JOB_ACTS, **STARTER_ACTS}
