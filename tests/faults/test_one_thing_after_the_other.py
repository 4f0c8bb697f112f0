"""A rollback at whose steps all kinds of things happen that pass, at every moment."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Callable

import pytest

from support.books import Books
from support.ending import assert_ends_as_before, assert_ends_as_planned
from support.faults import (
    A_REQUEST_OF_THE_BATCH,
    RIGHT_REQUEST,
    ROLLBACK,
    THE_MEMBERSHIP_OF_ITS_PERSON,
    WRONG_REQUEST,
    Fault,
    bring_back,
    change_its_row,
    change_row,
    cut_connection,
    run_another,
)
from support.moments import AFTER, BEGIN, END, MOMENTS, Halt
from support.ordeal import Ordeal
from support.places import PLACES, SAMPLE, before_last
from support.raising import SERIALIZATION_FAILURE, Refusal

REFUSED = "5"
Thing = tuple[str, str, Fault]
ON_THE_WAY = [
    ("1", BEGIN, cut_connection),
    ("2.1", END, cut_connection),
    ("2.4", BEGIN, change_row("account_move", A_REQUEST_OF_THE_BATCH)),
    ("3", BEGIN, run_another),
    ("8", END, change_its_row),
    ("8.1", BEGIN, change_row("account_move", A_REQUEST_OF_THE_BATCH)),
    ("8.3", AFTER, bring_back),
    ("10", BEGIN, bring_back),
    ("11", END, cut_connection),
]
ON_THE_WAY_BACK = [
    ("11", BEGIN, cut_connection),
    ("8.2", END, cut_connection),
    ("8", BEGIN, run_another),
    ("3", END, change_its_row),
    ("2.4", BEGIN, bring_back),
    ("1", END, cut_connection),
]
OTHER_ROWS = [
    ("2.4", change_row("cooperative_membership", THE_MEMBERSHIP_OF_ITS_PERSON)),
    ("3", change_row("account_move", WRONG_REQUEST)),
    ("8", change_row("account_move", RIGHT_REQUEST)),
    ("8.1", change_row("cooperative_membership", THE_MEMBERSHIP_OF_ITS_PERSON)),
    ("11", change_row("reconciliation_rollback", ROLLBACK)),
]
# what happens to a job's own row cannot happen while that row is held
OF_ITS_OWN_ROW = (run_another, bring_back)
EVERY_FAULT = [
    (fault, moment)
    for fault in (cut_connection, change_its_row, *OF_ITS_OWN_ROW)
    for moment in MOMENTS
    if not (fault in OF_ITS_OWN_ROW and moment == END)
]


@pytest.mark.slow
def test_on_the_way(
    begin: Callable[..., Ordeal], done_books: Callable[[str], Books]
) -> None:
    """It goes on by itself each time: nobody has to press anything."""
    ordeal = begin(SAMPLE)
    refusal = Refusal(ordeal, REFUSED)
    refusal.begin(SERIALIZATION_FAILURE, times=3)
    go_through(ordeal, ON_THE_WAY)
    assert_ends_as_planned(ordeal, done_books(SAMPLE))
    assert refusal.count() == 4


@pytest.mark.slow
def test_on_the_way_back(
    begin: Callable[..., Ordeal], planned_books: Callable[[str], Books]
) -> None:
    """The same while what was done is undone."""
    ordeal = begin(SAMPLE, "reverting")
    go_through(ordeal, ON_THE_WAY_BACK)
    assert_ends_as_before(ordeal, planned_books(SAMPLE))


@pytest.mark.exhaustive
@pytest.mark.parametrize(("place", "fault"), OTHER_ROWS)
def test_other_row(
    begin: Callable[..., Ordeal],
    done_books: Callable[[str], Books],
    place: str,
    fault: Fault,
) -> None:
    """Somebody saves something that the step is about to write."""
    ordeal = begin(SAMPLE)
    go_through(ordeal, [(place, BEGIN, fault)])
    assert_ends_as_planned(ordeal, done_books(SAMPLE))


@pytest.mark.exhaustive
@pytest.mark.parametrize(("fault", "moment"), EVERY_FAULT)
def test_at_every_step(
    begin: Callable[..., Ordeal],
    done_books: Callable[[str], Books],
    fault: Fault,
    moment: str,
) -> None:
    """The same thing at every step, at the same moment of each."""
    ordeal = begin(SAMPLE)
    places = before_last(PLACES[SAMPLE], moment)
    go_through(ordeal, [(place, moment, fault) for place in places])
    assert_ends_as_planned(ordeal, done_books(SAMPLE))


@pytest.mark.exhaustive
@pytest.mark.parametrize(("fault", "moment"), EVERY_FAULT)
def test_at_every_step_on_the_way_back(
    begin: Callable[..., Ordeal],
    planned_books: Callable[[str], Books],
    fault: Fault,
    moment: str,
) -> None:
    """The same while what was done is undone."""
    ordeal = begin(SAMPLE, "reverting")
    places = before_last(PLACES[SAMPLE][::-1], moment)
    go_through(ordeal, [(place, moment, fault) for place in places])
    assert_ends_as_before(ordeal, planned_books(SAMPLE))


def go_through(ordeal: Ordeal, things: Sequence[Thing]) -> None:
    """Start the server, halt it at one moment after the other, and let things happen."""
    with ExitStack() as halts:
        waiting = [
            (halts.enter_context(Halt(ordeal, ordeal.step(place), moment)), fault)
            for place, moment, fault in things
        ]
        ordeal.server.start()
        for halt, fault in waiting:
            halt.reach()
            fault(ordeal, halt)
            halt.release()
