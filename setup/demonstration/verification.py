"""Whether a rollback left what it should: a judgement over three situations.

It compares what was read from the books and knows nothing of how the add-on works, nor of
what the add-on itself found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from .situation import Situation, Standing

NO_LONGER_SENT = ("cancel",)
TO_BE_SENT = ("outgoing",)


@dataclass(frozen=True)
class Check:
    """One question about the result, and whether the books answer it as they should."""

    question: str
    passed: bool


def checks(
    good: Situation, wrong: Situation, now: Situation, wrong_name: str, right_name: str
) -> Iterator[Check]:
    """Check the situation after a rollback.

    `good` is the situation before the mistake, when both requests were open and the payment
    was booked; `wrong` is the one that the mistake left. `wrong_name` is whose request was
    paid, `right_name` who had paid.
    """
    before, loser, winner = (
        good.people[wrong_name],
        wrong.people[wrong_name],
        wrong.people[right_name],
    )
    person = now.people[wrong_name]
    yield Check(
        f"{wrong_name} stands where they stood before the mistake",
        replace(person, certificates=()) == replace(before, certificates=()),
    )
    yield Check(
        f"{wrong_name}'s certificate is cancelled",
        person.certificates == NO_LONGER_SENT,
    )
    person = now.people[right_name]
    yield Check(
        f"{right_name} has the shares, the operation and the number that were"
        f" {wrong_name}'s",
        person == taken_over(loser, winner),
    )
    yield Check(
        f"{right_name} gets a certificate, and gets one only",
        person.certificates == TO_BE_SENT,
    )
    for name in now.people.keys() - {wrong_name, right_name}:
        yield Check(
            f"nothing is changed about {name}", now.people[name] == good.people[name]
        )
    yield Check(
        "operations are numbered from 1 without gaps, and the next one goes on",
        numbers_in_use(operations_of(now)) == list(range(1, now.next_operation)),
    )
    yield Check(
        "cooperators are numbered from 1 without gaps, and the next one goes on",
        numbers_in_use(cooperators_of(now)) == list(range(1, now.next_cooperator)),
    )


def taken_over(loser: Standing, winner: Standing) -> Standing:
    """Where somebody stands who takes over what a mistake gave to somebody else."""
    return replace(
        loser,
        name=winner.name,
        request="paid",
        subscription="paid",
        certificates=TO_BE_SENT,
        owes=0.0,
        unmatched=0.0,
    )


def operations_of(situation: Situation) -> Iterator[int]:
    return chain.from_iterable(person.operations for person in situation.people.values())


def cooperators_of(situation: Situation) -> Iterator[int]:
    return (
        person.number for person in situation.people.values() if person.number is not None
    )


def numbers_in_use(numbers: Iterator[int]) -> list[int]:
    """Numbers in order; one that is given twice is there twice.

    >>> numbers_in_use(iter([3, 1, 3]))
    [1, 3, 3]
    """
    return sorted(numbers)
