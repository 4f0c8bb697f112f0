"""A step raises an error: once, three times, for ever; for a passing or a lasting reason."""

from __future__ import annotations

from typing import Callable

import pytest

from demonstration.patience import wait_until
from support.books import Books
from support.ending import assert_ends_as_before, assert_ends_as_planned
from support.ordeal import Ordeal
from support.places import EVERY_PLACE
from support.raising import (
    CHECK_VIOLATION,
    FOR_EVER,
    LASTING,
    PASSING,
    REFUSAL,
    SERIALIZATION_FAILURE,
    Refusal,
)

SAMPLE = "8.1"


@pytest.mark.parametrize("times", [1, 3])
def test_passing_reason(
    begin: Callable[..., Ordeal], done_books: Callable[[str], Books], times: int
) -> None:
    """It is tried again by itself, until it works."""
    go_through_passing(
        begin("reuse"), SAMPLE, SERIALIZATION_FAILURE, times, done_books("reuse")
    )


@pytest.mark.parametrize("times", [1, 3])
def test_lasting_reason(
    begin: Callable[..., Ordeal], done_books: Callable[[str], Books], times: int
) -> None:
    """It waits for a person, who has to press Retry as often as it fails."""
    go_through_lasting(
        begin("reuse"), SAMPLE, CHECK_VIOLATION, times, done_books("reuse")
    )


def test_lasting_reason_for_ever(
    begin: Callable[..., Ordeal], planned_books: Callable[[str], Books]
) -> None:
    """Nobody can put it right: it is reverted."""
    give_up_lasting(begin("reuse"), SAMPLE, CHECK_VIOLATION, planned_books("reuse"))


def test_passing_reason_for_ever(
    begin: Callable[..., Ordeal], planned_books: Callable[[str], Books]
) -> None:
    """What should pass does not, and it is reverted while it goes on trying."""
    ordeal = begin("reuse")
    refusal = Refusal(ordeal, SAMPLE)
    refusal.begin(SERIALIZATION_FAILURE, FOR_EVER)
    ordeal.server.start()

    def tried() -> bool:
        ordeal.look_after_jobs()
        return refusal.count() >= 3

    wait_until(tried, "three tries")
    ordeal.rollback().press("action_revert")
    assert_ends_as_before(ordeal, planned_books("reuse"))


@pytest.mark.exhaustive
@pytest.mark.parametrize("code", PASSING)
@pytest.mark.parametrize(("numbering", "place"), EVERY_PLACE)
def test_every_passing_reason(
    begin: Callable[..., Ordeal],
    done_books: Callable[[str], Books],
    numbering: str,
    place: str,
    code: str,
) -> None:
    """Every step, refused three times for every passing reason."""
    go_through_passing(begin(numbering), place, code, 3, done_books(numbering))


@pytest.mark.exhaustive
@pytest.mark.parametrize("code", LASTING)
@pytest.mark.parametrize(("numbering", "place"), EVERY_PLACE)
def test_every_lasting_reason(
    begin: Callable[..., Ordeal],
    done_books: Callable[[str], Books],
    numbering: str,
    place: str,
    code: str,
) -> None:
    """Every step, refused once for every lasting reason."""
    go_through_lasting(begin(numbering), place, code, 1, done_books(numbering))


@pytest.mark.exhaustive
@pytest.mark.parametrize(("numbering", "place"), EVERY_PLACE)
def test_every_step_reverted(
    begin: Callable[..., Ordeal],
    planned_books: Callable[[str], Books],
    numbering: str,
    place: str,
) -> None:
    """Every step, refused for ever, and all before it undone."""
    give_up_lasting(begin(numbering), place, CHECK_VIOLATION, planned_books(numbering))


def go_through_passing(
    ordeal: Ordeal, place: str, code: str, times: int, done: Books
) -> None:
    refusal = Refusal(ordeal, place)
    refusal.begin(code, times)
    ordeal.server.start()
    assert_ends_as_planned(ordeal, done)
    assert refusal.count() == times + 1


def go_through_lasting(
    ordeal: Ordeal, place: str, code: str, times: int, done: Books
) -> None:
    refusal = Refusal(ordeal, place)
    refusal.begin(code, times)
    ordeal.server.start()
    for failures in range(1, times + 1):
        assert_has_failed(ordeal, refusal, failures)
        ordeal.rollback().press("action_retry")
    assert_ends_as_planned(ordeal, done)
    assert refusal.count() == times + 1


def give_up_lasting(ordeal: Ordeal, place: str, code: str, planned: Books) -> None:
    refusal = Refusal(ordeal, place)
    refusal.begin(code, FOR_EVER)
    ordeal.server.start()
    assert_has_failed(ordeal, refusal, 1)
    ordeal.rollback().press("action_revert")
    assert_ends_as_before(ordeal, planned)


def assert_has_failed(ordeal: Ordeal, refusal: Refusal, failures: int) -> None:
    """The step has failed at the first try, says why, and nothing goes on."""
    ordeal.reach("failed")
    assert refusal.count() == failures
    (error,) = ordeal.errors()
    assert REFUSAL in error
    assert ordeal.send_mail() == []
