"""What a change of a job changes in the fields that tell of its health."""

from odoo import fields

from odoo.addons.queue_job.job import PENDING, STARTED, WAIT_DEPENDENCIES


def get_due_since(vals, now):
    """When a job becomes ready to run.

    >>> from datetime import datetime
    >>> get_due_since({"eta": "2026-05-04 12:00:00"}, datetime(2026, 5, 4, 8))
    datetime.datetime(2026, 5, 4, 12, 0)
    >>> get_due_since({"eta": False}, datetime(2026, 5, 4, 8))
    datetime.datetime(2026, 5, 4, 8, 0)

    :param vals: values of the job
    """
    return max(now, fields.Datetime.to_datetime(vals.get("eta") or now))


def get_changes(vals, now):
    """The values to write besides those of a change.

    >>> get_changes({"state": "done"}, None)
    {'has_run_lock': False}
    >>> get_changes({"priority": 5}, None)
    {}

    :param vals: the values that are written anyway
    """
    changes = {}
    state = vals.get("state")
    if state and state != STARTED:
        # the worker that starts the job next may hold no lock
        changes["has_run_lock"] = False
    if state in (PENDING, WAIT_DEPENDENCIES) or vals.get("eta"):
        changes["due_since"] = get_due_since(vals, now)
    return changes
