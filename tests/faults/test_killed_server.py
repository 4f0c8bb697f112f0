"""The server process is ended by SIGKILL while a step runs, and started again."""

from __future__ import annotations

from typing import Callable

import pytest

from support.books import Books
from support.ending import assert_ends_as_before, assert_ends_as_planned
from support.moments import AFTER, BEGIN, END, MOMENTS, kill_at
from support.ordeal import Ordeal
from support.places import PLACES, SAMPLE, before_last

# of the way of numbering that has fewer kinds of steps: the moment at which most is lost
EVERY_MOMENT = [*((SAMPLE, moment) for moment in MOMENTS), ("reuse", END)]


@pytest.mark.slow
def test_killed_at_one_step_after_the_other(
    begin: Callable[..., Ordeal], done_books: Callable[[str], Books]
) -> None:
    """One rollback, killed three times: at the beginning, the end and after a step."""
    ordeal = begin(SAMPLE)
    for place, moment in (("2.1", BEGIN), ("3", AFTER), ("8.2", END)):
        kill_at(ordeal, place, moment)
    ordeal.server.start()
    assert_ends_as_planned(ordeal, done_books(SAMPLE))


@pytest.mark.exhaustive
def test_killed_while_it_is_reverted(
    begin: Callable[..., Ordeal], planned_books: Callable[[str], Books]
) -> None:
    """What was done is undone, by a server that is killed twice meanwhile."""
    ordeal = begin(SAMPLE, "reverting")
    for place, moment in (("8.2", END), ("3", AFTER)):
        kill_at(ordeal, place, moment)
    ordeal.server.start()
    assert_ends_as_before(ordeal, planned_books(SAMPLE))


@pytest.mark.exhaustive
@pytest.mark.parametrize(("numbering", "moment"), EVERY_MOMENT)
def test_killed_at_every_step(
    begin: Callable[..., Ordeal],
    done_books: Callable[[str], Books],
    numbering: str,
    moment: str,
) -> None:
    """One rollback, killed at every step in turn, at the same moment of each."""
    ordeal = begin(numbering)
    for place in before_last(PLACES[numbering], moment):
        kill_at(ordeal, place, moment)
    ordeal.server.start()
    assert_ends_as_planned(ordeal, done_books(numbering))


@pytest.mark.exhaustive
@pytest.mark.parametrize(("numbering", "moment"), EVERY_MOMENT)
def test_killed_at_every_step_while_it_is_reverted(
    begin: Callable[..., Ordeal],
    planned_books: Callable[[str], Books],
    numbering: str,
    moment: str,
) -> None:
    """The same while what was done is undone."""
    ordeal = begin(numbering, "reverting")
    for place in before_last(PLACES[numbering][::-1], moment):
        kill_at(ordeal, place, moment)
    ordeal.server.start()
    assert_ends_as_before(ordeal, planned_books(numbering))
