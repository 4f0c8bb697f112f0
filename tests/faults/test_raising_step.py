"""A step raises an error: once, several times, for ever, for all kinds of reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable

import pytest

from demonstration.client import Client
from demonstration.patience import wait_until
from support.books import Books
from support.ending import assert_ends_as_before, assert_ends_as_planned
from support.moments import BEGIN, Halt
from support.ordeal import Ordeal
from support.places import PLACES, SAMPLE
from support.raising import (
    CHECK_VIOLATION,
    FOR_EVER,
    PASSING,
    REFUSAL,
    SERIALIZATION_FAILURE,
    UNKNOWN,
    Refusal,
)
from support.scene_databases import accountant_of

MIDDLE = "8.1"
RIGHT_MATCH = "8"
# of the retry policy that comes with the add-on
ATTEMPTS = 4


@pytest.mark.exhaustive
def test_passing_reason(
    begin: Callable[..., Ordeal], done_books: Callable[[str], Books]
) -> None:
    """It is tried again by itself, until it works."""
    go_through_passing(
        begin(SAMPLE), MIDDLE, SERIALIZATION_FAILURE, 3, done_books(SAMPLE)
    )


@pytest.mark.slow
def test_unknown_reason(
    begin: Callable[..., Ordeal], done_books: Callable[[str], Books]
) -> None:
    """It is tried again some times; then it waits for a person, who presses Retry."""
    go_through_unknown(
        begin(SAMPLE), MIDDLE, CHECK_VIOLATION, ATTEMPTS, done_books(SAMPLE)
    )


@pytest.mark.exhaustive
def test_unknown_reason_for_ever(
    begin: Callable[..., Ordeal], planned_books: Callable[[str], Books]
) -> None:
    """Nobody can put it right: it is reverted."""
    give_up(begin(SAMPLE), MIDDLE, CHECK_VIOLATION, planned_books(SAMPLE))


@pytest.mark.exhaustive
def test_business_reason(
    begin: Callable[..., Ordeal], done_books: Callable[[str], Books]
) -> None:
    """The right request goes back to draft: a person posts it and presses Retry."""
    ordeal = begin(SAMPLE)
    accountant, request = take_request_back(ordeal)
    accountant.call("account.move", "action_post", [request])
    ordeal.rollback().press("action_retry")
    assert_ends_as_planned(ordeal, done_books(SAMPLE))


@pytest.mark.exhaustive
def test_business_reason_reverted(
    begin: Callable[..., Ordeal], planned_books: Callable[[str], Books]
) -> None:
    """The right request goes back to draft, and a person reverts the rollback."""
    ordeal = begin(SAMPLE)
    accountant, request = take_request_back(ordeal)
    ordeal.rollback().press("action_revert")
    ordeal.reach("reverted")
    accountant.call("account.move", "action_post", [request])
    assert_ends_as_before(ordeal, planned_books(SAMPLE))


def take_request_back(ordeal: Ordeal) -> tuple[Client, int]:
    """Take the right request back to draft just before it is matched, until all stops.

    Gives the accountant and the request.
    """
    ((request,),) = ordeal.ask(
        "SELECT max(right_move_id) FROM reconciliation_rollback_line"
    )
    with Halt(ordeal, ordeal.step(RIGHT_MATCH), BEGIN) as halt:
        ordeal.server.start()
        halt.reach()
        accountant = accountant_of(ordeal.server)
        accountant.call("account.move", "button_draft", [request])
    ordeal.reach("failed")
    ((attempts,),) = ordeal.ask(
        "SELECT attempt_count FROM queue_job WHERE uuid = %s",
        ordeal.step(RIGHT_MATCH).job_uuid,
    )
    assert attempts == 1, "a person has to put it right"
    return accountant, request


@pytest.mark.exhaustive
def test_passing_reason_for_ever(
    begin: Callable[..., Ordeal], planned_books: Callable[[str], Books]
) -> None:
    """What should pass does not, and it is reverted while it goes on trying."""
    ordeal = begin(SAMPLE)
    refusal = Refusal(ordeal, MIDDLE)
    refusal.begin(SERIALIZATION_FAILURE, FOR_EVER)
    ordeal.server.start()
    wait_for_tries(ordeal, refusal, 3)
    ordeal.rollback().press("action_revert")
    assert_ends_as_before(ordeal, planned_books(SAMPLE))


@pytest.mark.exhaustive
def test_every_step_passing(
    begin: Callable[..., Ordeal], done_books: Callable[[str], Books]
) -> None:
    """Every step in turn, refused three times for a passing reason."""
    ordeal = begin(SAMPLE)
    refusals = refuse_every_step(ordeal, SERIALIZATION_FAILURE, 3)
    for refusal in refusals:
        wait_for_tries(ordeal, refusal, 4)
    assert_ends_as_planned(ordeal, done_books(SAMPLE))
    assert {refusal.count() for refusal in refusals} == {4}


@pytest.mark.exhaustive
@pytest.mark.parametrize("code", PASSING)
def test_every_passing_reason(
    begin: Callable[..., Ordeal], done_books: Callable[[str], Books], code: str
) -> None:
    go_through_passing(begin(SAMPLE), MIDDLE, code, 1, done_books(SAMPLE))


@pytest.mark.exhaustive
def test_every_step_unknown(
    begin: Callable[..., Ordeal], done_books: Callable[[str], Books]
) -> None:
    """Every step in turn, refused until a person presses Retry."""
    ordeal = begin(SAMPLE)
    refusals = refuse_every_step(ordeal, CHECK_VIOLATION, ATTEMPTS)
    for refusal in refusals:
        assert_has_failed(ordeal, refusal)
        ordeal.rollback().press("action_retry")
    assert_ends_as_planned(ordeal, done_books(SAMPLE))
    assert {refusal.count() for refusal in refusals} == {ATTEMPTS + 1}


@pytest.mark.exhaustive
@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("code", UNKNOWN)
def test_every_unknown_reason(
    begin: Callable[..., Ordeal],
    done_books: Callable[[str], Books],
    code: str,
    times: int,
) -> None:
    """Tried again by itself as often as the retry policy says."""
    go_through_unknown(begin(SAMPLE), MIDDLE, code, times, done_books(SAMPLE))


@pytest.mark.exhaustive
@pytest.mark.parametrize("place", PLACES[SAMPLE])
def test_every_step_reverted(
    begin: Callable[..., Ordeal], planned_books: Callable[[str], Books], place: str
) -> None:
    """Every step, refused for ever, and all before it undone."""
    give_up(begin(SAMPLE), place, CHECK_VIOLATION, planned_books(SAMPLE))


def refuse_every_step(ordeal: Ordeal, code: str, times: int) -> Sequence[Refusal]:
    """Start the server, each of whose steps is refused so many times."""
    refusals = [Refusal(ordeal, place) for place in PLACES[SAMPLE]]
    for refusal in refusals:
        refusal.begin(code, times)
    ordeal.server.start()
    return refusals


def wait_for_tries(ordeal: Ordeal, refusal: Refusal, times: int) -> None:
    """Wait until the step has come to its end so many times."""

    def tried() -> bool:
        ordeal.look_after_jobs()
        return refusal.count() >= times

    wait_until(tried, f"{times} tries of {refusal.place}")


def go_through_passing(
    ordeal: Ordeal, place: str, code: str, times: int, done: Books
) -> None:
    refusal = Refusal(ordeal, place)
    refusal.begin(code, times)
    ordeal.server.start()
    assert_ends_as_planned(ordeal, done)
    assert refusal.count() == times + 1


def go_through_unknown(
    ordeal: Ordeal, place: str, code: str, times: int, done: Books
) -> None:
    refusal = Refusal(ordeal, place)
    refusal.begin(code, times)
    ordeal.server.start()
    if times >= ATTEMPTS:
        assert_has_failed(ordeal, refusal)
        ordeal.rollback().press("action_retry")
    assert_ends_as_planned(ordeal, done)
    assert refusal.count() == times + 1


def give_up(ordeal: Ordeal, place: str, code: str, planned: Books) -> None:
    refusal = Refusal(ordeal, place)
    refusal.begin(code, FOR_EVER)
    ordeal.server.start()
    assert_has_failed(ordeal, refusal)
    ordeal.rollback().press("action_revert")
    assert_ends_as_before(ordeal, planned)


def assert_has_failed(ordeal: Ordeal, refusal: Refusal) -> None:
    """The step has failed for good, says why, and nothing goes on."""
    ordeal.reach("failed")
    assert refusal.count() == ATTEMPTS
    (error,) = ordeal.errors()
    assert REFUSAL in error
    assert ordeal.send_mail() == []
