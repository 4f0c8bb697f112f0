"""The job of a step is run twice: at the same time, and once more when it is done."""

from __future__ import annotations

import contextlib
import threading
import urllib.request
import uuid
from typing import Callable

import pytest

from demonstration.patience import wait_until
from support.books import Books
from support.ending import assert_ends_as_before, assert_ends_as_planned
from support.moments import AFTER, BEGIN, Halt
from support.ordeal import Ordeal, Step
from support.places import EVERY_PLACE, FIRST, LAST

MIDDLE = "8.1"
How = Callable[[Ordeal, Step, Halt], None]


def bring_back(ordeal: Ordeal, step: Step, _halt: Halt) -> None:
    """Take a job that is being run for a dead worker's, as somebody may who is in a hurry."""
    ordeal.ask("UPDATE queue_job SET state = 'pending' WHERE uuid = %s", step.job_uuid)
    wait_until(
        lambda: ordeal.step(step.place).job_state != "pending",
        "the runner to ask for the job again",
    )


def run_another(ordeal: Ordeal, step: Step, halt: Halt) -> None:
    """Run a second job for the same step, past the runner and its channels."""
    job = add_job_like(ordeal, step)
    thread = threading.Thread(target=ask_for, args=(ordeal, job), daemon=True)
    thread.start()
    if halt.moment == BEGIN:
        ordeal.wait_for_backends(halt.last, 2)
    else:
        thread.join(60)
        assert not thread.is_alive()


def add_job_like(ordeal: Ordeal, step: Step) -> str:
    """The uuid of a new job that does the same, and that a runner has asked for."""
    values = {
        "uuid": f"'{uuid.uuid4()}'",
        "state": "'enqueued'",
        **dict.fromkeys(("graph_uuid", "dependencies", "identity_key"), "NULL"),
    }
    columns = [
        name
        for (name,) in ordeal.ask(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = 'queue_job' AND column_name <> 'id'"
        )
    ]
    ((job,),) = ordeal.ask(
        f"INSERT INTO queue_job ({', '.join(columns)})"
        f" SELECT {', '.join(values.get(name, name) for name in columns)}"
        " FROM queue_job WHERE uuid = %s RETURNING uuid",
        step.job_uuid,
    )
    return job


def ask_for(ordeal: Ordeal, job: str) -> None:
    """Ask the server to run a job, as the runner does."""
    query = f"db={ordeal.database}&job_uuid={job}"
    url = f"{ordeal.server.url}/queue_job/runjob?{query}"
    with contextlib.suppress(OSError), urllib.request.urlopen(url):
        pass


def run_twice(ordeal: Ordeal, place: str, moment: str, how: How) -> None:
    """Stop a step, run it a second time, and let both go on."""
    step = ordeal.step(place)
    with Halt(ordeal, step, moment) as halt:
        ordeal.server.start()
        halt.reach()
        how(ordeal, step, halt)


@pytest.mark.parametrize("how", [bring_back, run_another])
@pytest.mark.parametrize("moment", [BEGIN, AFTER])
def test_run_twice(
    begin: Callable[..., Ordeal],
    done_books: Callable[[str], Books],
    moment: str,
    how: How,
) -> None:
    """Brought back too early, or asked for by two jobs: the step is done once."""
    ordeal = begin("reuse")
    run_twice(ordeal, MIDDLE, moment, how)
    assert_ends_as_planned(ordeal, done_books("reuse"))


@pytest.mark.exhaustive
@pytest.mark.parametrize("how", [bring_back, run_another])
@pytest.mark.parametrize("moment", [BEGIN, AFTER])
@pytest.mark.parametrize(("numbering", "place"), EVERY_PLACE)
def test_every_step_run_twice(
    begin: Callable[..., Ordeal],
    done_books: Callable[[str], Books],
    numbering: str,
    place: str,
    moment: str,
    how: How,
) -> None:
    if place == LAST and moment == AFTER:
        pytest.skip("nothing comes after the last step")
    ordeal = begin(numbering)
    run_twice(ordeal, place, moment, how)
    assert_ends_as_planned(ordeal, done_books(numbering))


@pytest.mark.exhaustive
@pytest.mark.parametrize("how", [bring_back, run_another])
@pytest.mark.parametrize("moment", [BEGIN, AFTER])
@pytest.mark.parametrize(("numbering", "place"), EVERY_PLACE)
def test_every_step_undone_twice(
    begin: Callable[..., Ordeal],
    planned_books: Callable[[str], Books],
    numbering: str,
    place: str,
    moment: str,
    how: How,
) -> None:
    if place == FIRST and moment == AFTER:
        pytest.skip("nothing is undone after the first step")
    ordeal = begin(numbering, "reverting")
    run_twice(ordeal, place, moment, how)
    assert_ends_as_before(ordeal, planned_books(numbering))
