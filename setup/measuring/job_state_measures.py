"""A job's changes of state with queue_job_config, against those without it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from prepare.environment import Environment
from prepare.template_database import addons_database, template_database
from prepare.temporary_database import temporary_database

from .odoo_process import flush, leave, transaction
from .outcome import Outcome, Pair
from .stopwatch import seconds

PAIRS_A_REPEAT = 100


def measure_job_states(
    environment: Environment, _scale: int, repeat: int
) -> list[Outcome]:
    """One job that is started, done and requeued, in two databases in turn."""
    with (
        copy_of(environment, addons_database(environment), "with") as with_addon,
        copy_of(environment, template_database(environment), "without") as without,
    ):
        databases = (with_addon, without)
        for database in databases:
            change_states(database)
        pairs = []
        for number in range(repeat * PAIRS_A_REPEAT):
            turn = databases if number % 2 else databases[::-1]
            took = {database: change_states(database) for database in turn}
            pairs.append(Pair(took[with_addon], took[without]))
    return [Outcome("Changes of a job's state", pairs, 1.05)]


@contextmanager
def copy_of(environment: Environment, template: str, name: str) -> Iterator[str]:
    with temporary_database(environment, f"states_{name}", template) as database:
        try:
            yield database
        finally:
            leave(database)


def change_states(database: str) -> float:
    """How long the changes take until all is written, as a worker makes them.

    The ORM knows nothing of the job before each, as after a commit.
    """
    from odoo.addons.queue_job.job import Job

    with transaction(database, keep=False) as env:
        Job(env["res.partner"].name_get).store()
        uuid = env["queue.job"].search([], limit=1).uuid
        changes = (Job.set_started, Job.set_done, Job.set_pending)

        def work() -> None:
            for change in changes:
                job = Job.load(env, uuid)
                change(job)
                job.store()
                flush(env)
                forget(env)

        forget(env)
        return seconds(work)


def forget(env: Any) -> None:
    flush(env)
    if hasattr(env, "invalidate_all"):
        env.invalidate_all()
    else:
        env["base"].invalidate_cache()
