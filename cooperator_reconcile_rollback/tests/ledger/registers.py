"""Registers that hypothesis invents: only what cooperator would have let happen."""

from __future__ import annotations

from hypothesis import strategies as st

from ...ledger.operation import (
    CONVERSION,
    SELL_BACK,
    SUBSCRIPTION,
    TRANSFER,
    Operation,
)
from ...ledger.plan import Correction, Register
from ...ledger.replay import InsufficientSharesError, apply
from .operations import PRICES, make_operation, shares_of

PEOPLE = ("Anna", "Bert", "Cleo", "Dora", "Emil")

people = st.sampled_from(PEOPLE)
share_types = st.sampled_from(sorted(PRICES))
quantities = st.integers(1, 6)


@st.composite
def attempts(draw):
    """Something that somebody tries: kind, people and shares."""
    kind = draw(
        st.sampled_from(
            [SUBSCRIPTION, SUBSCRIPTION, SUBSCRIPTION, SELL_BACK, TRANSFER, CONVERSION]
        )
    )
    partner, receiver = draw(people), draw(people)
    kinds = draw(st.lists(share_types, min_size=1, max_size=2, unique=True))
    if kind != SUBSCRIPTION:
        kinds = kinds[:1]
    shares = tuple(shares_of(share_type, draw(quantities)) for share_type in kinds)
    return kind, partner, receiver, shares, draw(share_types)


@st.composite
def registers(draw, max_operations: int = 14):
    """A register as cooperator keeps it, with gaps in its numbers now and then."""
    holdings, numbers, operations = {}, {}, []
    number = draw(st.integers(1, 5))
    next_cooperator = draw(st.integers(1, 5))
    for attempt in draw(st.lists(attempts(), min_size=1, max_size=max_operations)):
        operation = make_operation(number, attempt, holdings)
        if operation is None:
            continue
        given = {**numbers}
        for partner in operation.partners[-1:]:
            given.setdefault(partner, next_cooperator)
        try:
            holdings.update(apply(operation, holdings, given))
        except InsufficientSharesError:
            continue
        joined = operation.partners[-1]
        if operation.kind in (SUBSCRIPTION, TRANSFER) and joined not in numbers:
            numbers[joined] = next_cooperator
            next_cooperator += 1
        operations.append(operation)
        number += draw(st.sampled_from([1, 1, 1, 2]))
    return Register(tuple(operations), numbers, number, next_cooperator)


@st.composite
def corrected_registers(draw):
    """A register with subscriptions and one or several corrections of it."""
    register = draw(
        registers().filter(lambda r: any(o.kind == SUBSCRIPTION for o in r.operations))
    )
    subscriptions = [o for o in register.operations if o.kind == SUBSCRIPTION]
    wrong = draw(
        st.lists(st.sampled_from(subscriptions), min_size=1, max_size=3, unique=True)
    )
    corrections = []
    for index, operation in enumerate(wrong):
        right = None
        if draw(st.booleans()):
            right = Operation(
                None,
                SUBSCRIPTION,
                draw(st.sampled_from(PEOPLE + ("Fien", "Gust"))),
                operation.shares,
                operation.date,
                request=f"CRR/right/{index}",
            )
        corrections.append(Correction(operation, right))
    return register, corrections


@st.composite
def swapped_registers(draw):
    """A register in which the payments of two subscriptions were swapped."""
    register, corrections = draw(
        corrected_registers().filter(lambda pair: len(pair[1]) >= 2)
    )
    first, second = corrections[:2]

    def again(operation):
        return Operation(
            None,
            operation.kind,
            operation.partner,
            operation.shares,
            operation.date,
            request=operation.request,
        )

    return register, [
        Correction(first.wrong, again(second.wrong)),
        Correction(second.wrong, again(first.wrong)),
    ]
