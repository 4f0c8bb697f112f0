"""Whether a rollback left what it should: a judgement over three situations.

It compares what was read from the books and knows nothing of how the add-on works, nor of
what the add-on itself found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from .situation import Situation, Standing

CANCELLED = ("cancel",)
TO_BE_SENT = ("outgoing",)


@dataclass(frozen=True)
class Check:
    """One statement about the books, and whether it is true."""

    statement: str
    true: bool


def checks(
    good: Situation, wrong: Situation, now: Situation, wrong_name: str, right_name: str
) -> Iterator[Check]:
    """Check the situation after a rollback.

    `good` is the situation before the mistake, when both requests were open and the payment
    was booked; `wrong` is the one that the mistake left. `wrong_name` is whose request was
    paid, `right_name` who had paid.
    """
    loser = now.people[wrong_name]
    yield Check(
        f"{wrong_name} stands where they stood before the mistake",
        without_mail(loser) == without_mail(good.people[wrong_name]),
    )
    yield Check(
        f"{wrong_name}'s certificate is cancelled", loser.certificates == CANCELLED
    )
    winner = now.people[right_name]
    yield Check(
        f"{right_name} has what was wrongly {wrong_name}'s: number, shares, operation",
        without_mail(winner) == without_mail(taken_over(wrong, wrong_name, right_name)),
    )
    yield Check(f"{right_name} gets one certificate", winner.certificates == TO_BE_SENT)
    for name in now.people:
        if name not in (wrong_name, right_name):
            yield Check(
                f"{name} stands where they stood",
                now.people[name] == good.people[name],
            )
    yield Check(
        "operations are numbered without gap or double, and the next number goes on",
        sorted(operations_of(now)) == list(range(1, now.next_operation)),
    )
    yield Check(
        "cooperators are numbered without gap or double, and the next number goes on",
        sorted(cooperators_of(now)) == list(range(1, now.next_cooperator)),
    )


def without_mail(standing: Standing) -> Standing:
    return replace(standing, certificates=())


def taken_over(wrong: Situation, wrong_name: str, right_name: str) -> Standing:
    """Where somebody stands who has all that a mistake gave to somebody else."""
    return replace(wrong.people[wrong_name], name=right_name)


def operations_of(situation: Situation) -> Iterable[int]:
    return chain.from_iterable(
        person.operations for person in situation.people.values()
    )


def cooperators_of(situation: Situation) -> Iterable[int]:
    return (
        person.number
        for person in situation.people.values()
        if person.number is not None
    )
