"""Somebody changes a row that a step is about to write: PostgreSQL refuses the step's change."""

from __future__ import annotations

from typing import Callable

import pytest

from support.books import Books
from support.ending import assert_ends_as_planned
from support.moments import BEGIN, END, Halt
from support.ordeal import Ordeal
from support.places import EVERY_PLACE

NO_CHANGE = "write_date = write_date"
OF_BATCH = """
    SELECT {what} FROM subscription_register line
    JOIN cooperative_membership membership USING (company_id, partner_id)
    WHERE register_number_operation = 4
"""
# What somebody else may change while a step runs: the step, the table, and which row.
CHANGES = [
    ("2.4", "cooperative_membership", OF_BATCH.format(what="membership.id")),
    ("2.4", "account_move", OF_BATCH.format(what="capital_release_request_id")),
    (
        "3",
        "account_move",
        "SELECT max(wrong_move_id) FROM reconciliation_rollback_line",
    ),
    (
        "8",
        "account_move",
        "SELECT max(right_move_id) FROM reconciliation_rollback_line",
    ),
    ("8.1", "account_move", OF_BATCH.format(what="capital_release_request_id")),
    ("11", "reconciliation_rollback", "SELECT max(id) FROM reconciliation_rollback"),
]


@pytest.mark.parametrize(("place", "table", "which"), CHANGES[1:5:3])
def test_row_of_the_books(
    begin: Callable[..., Ordeal],
    done_books: Callable[[str], Books],
    place: str,
    table: str,
    which: str,
) -> None:
    """A person saves a record of the books at the same moment."""
    run_into_conflict(begin("reuse"), place, table, which, done_books("reuse"))


@pytest.mark.exhaustive
@pytest.mark.parametrize(("place", "table", "which"), CHANGES)
def test_each_row_of_the_books(
    begin: Callable[..., Ordeal],
    done_books: Callable[[str], Books],
    place: str,
    table: str,
    which: str,
) -> None:
    """The same with everything that a step shares with others."""
    run_into_conflict(begin("reuse"), place, table, which, done_books("reuse"))


def run_into_conflict(
    ordeal: Ordeal, place: str, table: str, which: str, done: Books
) -> None:
    ((record,),) = ordeal.ask(which)
    with Halt(ordeal, ordeal.step(place), BEGIN) as halt:
        ordeal.server.start()
        halt.reach()
        with ordeal.hold(table, record, NO_CHANGE) as hold:
            halt.release()
            ordeal.wait_for_backends(hold)
            hold.commit()
    assert_ends_after_another_try(ordeal, place, done)


@pytest.mark.exhaustive
@pytest.mark.parametrize(("numbering", "place"), EVERY_PLACE)
def test_row_of_the_step(
    begin: Callable[..., Ordeal],
    done_books: Callable[[str], Books],
    numbering: str,
    place: str,
) -> None:
    """The step itself, before it has begun."""
    ordeal = begin(numbering)
    step = ordeal.step(place)
    with ordeal.hold("reconciliation_rollback_step", step.record, NO_CHANGE) as hold:
        ordeal.server.start()
        ordeal.wait_for_backends(hold)
        hold.commit()
    assert_ends_after_another_try(ordeal, place, done_books(numbering))


@pytest.mark.exhaustive
@pytest.mark.parametrize(("numbering", "place"), EVERY_PLACE)
def test_row_of_the_job(
    begin: Callable[..., Ordeal],
    done_books: Callable[[str], Books],
    numbering: str,
    place: str,
) -> None:
    """The step's job, when all of the step is done."""
    ordeal = begin(numbering)
    run_into_conflict_at_end(ordeal, place)
    assert_ends_after_another_try(ordeal, place, done_books(numbering))


def run_into_conflict_at_end(ordeal: Ordeal, place: str) -> None:
    with Halt(ordeal, ordeal.step(place), END, NO_CHANGE) as halt:
        ordeal.server.start()
        halt.reach()
        halt.commit()


def assert_ends_after_another_try(ordeal: Ordeal, place: str, done: Books) -> None:
    assert_ends_as_planned(ordeal, done)
    ((retries,),) = ordeal.ask(
        "SELECT retry FROM queue_job WHERE uuid = %s", ordeal.step(place).job_uuid
    )
    assert retries > 1, "there was no conflict"
