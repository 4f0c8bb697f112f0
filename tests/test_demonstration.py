"""The demonstration: it ends well on a real Odoo, and its judgement misses no mistake."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace

import pytest

from demonstration.situation import Situation, Standing
from demonstration.verification import Check, checks
from prepare.checkout import SETUP

ALICE, BRUNO, CLARA = "Alice Adam", "Bruno Bell", "Clara Cole"

CANDIDATE = Standing(
    name=ALICE,
    member=False,
    number=None,
    shares=(),
    operations=(),
    request="not_paid",
    subscription="done",
    certificates=(),
    owes=75.0,
    unmatched=0.0,
)
MEMBER = Standing(
    name=ALICE,
    member=True,
    number=2,
    shares=("3 x Ordinary share",),
    operations=(2,),
    request="paid",
    subscription="paid",
    certificates=("outgoing",),
    owes=0.0,
    unmatched=0.0,
)
OTHER = replace(MEMBER, name=CLARA, number=1, operations=(1,), certificates=())


def situation(alice: Standing, bruno: Standing, **numbers: int) -> Situation:
    people = (OTHER, replace(alice, name=ALICE), replace(bruno, name=BRUNO))
    return Situation({person.name: person for person in people}, **numbers)


GOOD = situation(
    CANDIDATE,
    replace(CANDIDATE, unmatched=75.0),
    next_operation=2,
    next_cooperator=2,
)
WRONG = situation(MEMBER, CANDIDATE, next_operation=3, next_cooperator=3)
RIGHT = situation(
    replace(CANDIDATE, certificates=("cancel",)),
    MEMBER,
    next_operation=3,
    next_cooperator=3,
)

MISTAKES = [
    (ALICE, {"member": True}),
    (ALICE, {"number": 2}),
    (ALICE, {"shares": ("3 x Ordinary share",)}),
    (ALICE, {"operations": (2,)}),
    (ALICE, {"request": "paid"}),
    (ALICE, {"subscription": "paid"}),
    (ALICE, {"owes": 0.0}),
    (ALICE, {"certificates": ("outgoing",)}),
    (ALICE, {"certificates": ("cancel", "outgoing")}),
    (BRUNO, {"number": 3}),
    (BRUNO, {"shares": ("3 x Ordinary share",) * 2}),
    (BRUNO, {"operations": (2, 3)}),
    (BRUNO, {"operations": ()}),
    (BRUNO, {"request": "partial"}),
    (BRUNO, {"unmatched": 75.0}),
    (BRUNO, {"certificates": ()}),
    (BRUNO, {"certificates": ("outgoing", "outgoing")}),
    (CLARA, {"owes": 1.0}),
    (CLARA, {"number": 2}),
]


def untrue(now: Situation) -> list[str]:
    found: list[Check] = list(checks(GOOD, WRONG, now, ALICE, BRUNO))
    return [check.statement for check in found if not check.true]


def test_right_situation_is_right() -> None:
    assert untrue(RIGHT) == []


def test_mistake_itself_is_noticed() -> None:
    assert len(untrue(WRONG)) > 3


@pytest.mark.parametrize(("name", "change"), MISTAKES)
def test_each_deviation_is_noticed(name: str, change: dict[str, object]) -> None:
    people = {**RIGHT.people, name: replace(RIGHT.people[name], **change)}
    assert untrue(replace(RIGHT, people=people))


@pytest.mark.parametrize("change", [{"next_operation": 4}, {"next_cooperator": 2}])
def test_wrong_sequence_is_noticed(change: dict[str, int]) -> None:
    assert untrue(replace(RIGHT, **change))


@pytest.mark.slow
def test_demonstration_ends_well() -> None:
    """`setup/demo` tells the steps of both acts and that all is right."""
    told = subprocess.run(
        [SETUP / "demo"], capture_output=True, text=True, check=False, timeout=1200
    )
    assert told.returncode == 0, told.stdout + told.stderr
    first, second = told.stdout.split("Second act")
    assert steps_in(first) == [(str(number), "done") for number in range(1, 12)]
    assert re.search(r"request +paid +not paid +\*$", first, re.MULTILINE)
    assert re.search(r"request +not paid +paid +\*$", first, re.MULTILINE)
    assert steps_in(second) == [
        (str(number), "by hand" if number == 3 else "done") for number in range(1, 12)
    ]
    assert re.search(
        r"cooperator +number \d+ +no, candidate +\*$", second, re.MULTILINE
    )
    assert re.search(r"request +not paid +paid +\*$", second, re.MULTILINE)
    assert told.stdout.count("Result (* = changed)") == 2
    assert "All is right" in second


def steps_in(told: str) -> list[tuple[str, str]]:
    """The numbers of the steps and how they ended, in the order in which they are told."""
    return re.findall(r"^ *(\d+)\. .* (done|by hand) +\d+\.\d s$", told, re.MULTILINE)
