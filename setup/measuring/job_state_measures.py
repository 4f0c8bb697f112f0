"""A job's changes of state with queue_job_config, against those without it."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from prepare.environment import Environment
from prepare.template_database import addons_database, template_database
from prepare.temporary_database import temporary_database

from .odoo_process import flush, leave, transaction
from .outcome import Outcome, Pair

PAIRS_A_REPEAT = 100


def measure_job_states(
    environment: Environment, _scale: int, repeat: int
) -> list[Outcome]:
    """One job that is started, done and requeued, in two databases in turn."""
    with (
        copy_of(environment, addons_database(environment), "with") as with_addon,
        copy_of(environment, template_database(environment), "without") as without,
    ):
        pairs = []
        for _number in range(repeat):
            pairs += measure_pairs(with_addon, without, PAIRS_A_REPEAT)
    return [Outcome("Changes of a job's state", pairs, 1.05)]


@contextmanager
def copy_of(environment: Environment, template: str, name: str) -> Iterator[str]:
    with temporary_database(environment, f"states_{name}", template) as database:
        try:
            yield database
        finally:
            leave(database)


def measure_pairs(measured: str, yardstick: str, how_many: int) -> list[Pair]:
    """Change the states of one job in each database, in turn; the first time counts not."""
    with (
        transaction(measured, keep=False) as one,
        transaction(yardstick, keep=False) as other,
    ):
        jobs = {env: make_job(env) for env in (one, other)}
        gc.collect()
        pairs = []
        for number in range(how_many + 1):
            turn = (one, other) if number % 2 else (other, one)
            took = {env: change_states(env, jobs[env]) for env in turn}
            pairs.append(Pair(took[one], took[other]))
    return pairs[1:]


def make_job(env: Any) -> str:
    """Store a job; its uuid."""
    from odoo.addons.queue_job.job import Job

    job = Job(env["res.partner"].name_get)
    job.store()
    return job.uuid


def change_states(env: Any, uuid: str) -> float:
    """How long the changes take until all is written, as workers make them.

    The ORM remembers nothing of the job before each of them, as after a commit.
    """
    from odoo.addons.queue_job.job import Job

    forget(env)
    started = time.perf_counter()
    for change in (Job.set_started, Job.set_done, Job.set_pending):
        job = Job.load(env, uuid)
        change(job)
        job.store()
        forget(env)
    return time.perf_counter() - started


def forget(env: Any) -> None:
    """Write all that is pending, and let the ORM read what it needs anew."""
    flush(env)
    if hasattr(env, "invalidate_all"):
        env.invalidate_all()
    else:
        env["base"].invalidate_cache()
