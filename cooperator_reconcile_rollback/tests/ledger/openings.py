"""Registers that begin with imported members, as hypothesis invents them."""

from __future__ import annotations

from hypothesis import strategies as st

from ...ledger.holding import ShareLine
from ...ledger.opening import Opening
from ...ledger.operation import (
    CONVERSION,
    SELL_BACK,
    SUBSCRIPTION,
    TRANSFER,
    Operation,
)
from ...ledger.plan import Correction, Register
from ...ledger.replay import InsufficientSharesError, apply, replay
from .operations import FIRST_DAY, PRICES, make_operation, shares_of

# few of each, so that they meet often
PEOPLE = ("Anna", "Bert", "Cleo")
people = st.sampled_from(PEOPLE)
share_types = st.sampled_from(sorted(PRICES)[:2])
quantities = st.integers(1, 6)
kinds = st.sampled_from([SUBSCRIPTION, SUBSCRIPTION, SELL_BACK, TRANSFER, CONVERSION])


@st.composite
def attempts(draw):
    """Something that somebody tries: kind, people and shares."""
    shares = (shares_of(draw(share_types), draw(quantities)),)
    return draw(kinds), draw(people), draw(people), shares, draw(share_types)


@st.composite
def openings(draw):
    """What some people had before the first operation, numbered from 1 on."""
    found = {}
    for number, partner in enumerate(
        draw(st.lists(people, min_size=1, unique=True)), start=1
    ):
        lines = tuple(
            ShareLine(share_type, draw(quantities), PRICES[share_type], FIRST_DAY)
            for share_type in draw(st.lists(share_types, max_size=2))
        )
        found[partner] = Opening(
            partner,
            lines,
            member=bool(lines),
            old_member=not lines,
            number=number,
        )
    return found


@st.composite
def opened_registers(draw, max_operations: int = 12):
    """A register, today's holdings and the openings behind them."""
    opening = draw(openings())
    numbers = {partner: one.number for partner, one in opening.items()}
    holdings = {partner: one.holding for partner, one in opening.items()}
    next_cooperator = len(numbers) + 1
    operations = []
    number = 1
    for attempt in draw(st.lists(attempts(), min_size=4, max_size=max_operations)):
        operation = make_operation(number, attempt, holdings)
        if operation is None:
            continue
        joined = operation.partners[-1]
        given = {joined: next_cooperator, **numbers}
        try:
            holdings.update(apply(operation, holdings, given))
        except InsufficientSharesError:
            continue
        if operation.kind in (SUBSCRIPTION, TRANSFER) and joined not in numbers:
            numbers[joined] = next_cooperator
            next_cooperator += 1
        operations.append(operation)
        number += draw(st.sampled_from([1, 1, 1, 2]))
    # of a number without shares it is known that no operation gave it
    known = {
        partner: Opening(
            partner, member=one.member, old_member=one.old_member, number=one.number
        )
        for partner, one in opening.items()
        if not one.lines
    }
    register = Register(tuple(operations), numbers, number, next_cooperator, known)
    today = replay(operations, numbers, opening)
    assert not today.rejected
    return register, today.holdings, opening


@st.composite
def opened_corrections(draw):
    """An opened register with corrections of operations of every kind."""
    register, holdings, opening = draw(
        opened_registers().filter(lambda case: case[0].operations)
    )
    wrong = draw(
        st.lists(
            st.sampled_from(register.operations), min_size=1, max_size=3, unique=True
        )
    )
    corrections = []
    for index, operation in enumerate(wrong):
        right = None
        if operation.kind == SUBSCRIPTION and draw(st.booleans()):
            right = Operation(
                None,
                SUBSCRIPTION,
                draw(st.sampled_from(PEOPLE + ("Fien",))),
                operation.shares,
                operation.date,
                request=f"CRR/right/{index}",
            )
        corrections.append(Correction(operation, right))
    return register, holdings, opening, corrections
