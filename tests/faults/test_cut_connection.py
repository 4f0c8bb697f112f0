"""The connection to PostgreSQL is cut in the middle of a step, and the server goes on."""

from __future__ import annotations

from typing import Callable

import pytest

from support.books import Books
from support.ending import assert_ends_as_before, assert_ends_as_planned
from support.moments import BEGIN, END, MOMENTS, Halt
from support.ordeal import Ordeal
from support.places import EVERY_PLACE, FIRST, LAST

MIDDLE = "8.2"


@pytest.mark.parametrize("moment", [BEGIN, END])
def test_cut_in_the_middle(
    begin: Callable[..., Ordeal], done_books: Callable[[str], Books], moment: str
) -> None:
    """It goes on by itself: nobody has to press anything."""
    ordeal = begin("reuse")
    cut_at(ordeal, MIDDLE, moment)
    assert_ends_as_planned(ordeal, done_books("reuse"))


@pytest.mark.exhaustive
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(("numbering", "place"), EVERY_PLACE)
def test_cut_once(
    begin: Callable[..., Ordeal],
    done_books: Callable[[str], Books],
    numbering: str,
    place: str,
    moment: str,
) -> None:
    """At every moment of every step."""
    if place == LAST and moment == MOMENTS[-1]:
        pytest.skip("nothing comes after the last step")
    ordeal = begin(numbering)
    cut_at(ordeal, place, moment)
    assert_ends_as_planned(ordeal, done_books(numbering))


@pytest.mark.exhaustive
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(("numbering", "place"), EVERY_PLACE)
def test_cut_once_while_it_is_reverted(
    begin: Callable[..., Ordeal],
    planned_books: Callable[[str], Books],
    numbering: str,
    place: str,
    moment: str,
) -> None:
    """The same while what was done is undone."""
    if place == FIRST and moment == MOMENTS[-1]:
        pytest.skip("nothing is undone after the first step")
    ordeal = begin(numbering, "reverting")
    cut_at(ordeal, place, moment)
    assert_ends_as_before(ordeal, planned_books(numbering))


def cut_at(ordeal: Ordeal, place: str, moment: str) -> None:
    """Start the server, and cut the connection at a moment of a step."""
    with Halt(ordeal, ordeal.step(place), moment) as halt:
        ordeal.server.start()
        halt.cut()
