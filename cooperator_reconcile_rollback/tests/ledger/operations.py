"""Registers as tests make them, and what a plan makes of one."""

from __future__ import annotations

from datetime import date, timedelta

from ...ledger.numbering import moved
from ...ledger.operation import (
    CONVERSION,
    SUBSCRIPTION,
    TRANSFER,
    Operation,
    Shares,
)

PRICES = {"A": 50.0, "B": 25.0, "C": 10.0}
FIRST_DAY = date(2026, 1, 1)


def shares_of(share_type: str, quantity: int) -> Shares:
    return Shares(share_type, quantity, PRICES[share_type])


def make_operation(number: int, attempt, holdings) -> Operation | None:
    """The operation of an attempt; ``None`` for a conversion that does not add up."""
    kind, partner, receiver, shares, into = attempt
    day = FIRST_DAY + timedelta(days=number)
    if kind == SUBSCRIPTION:
        request = f"CRR/{number}"
        return Operation(
            number, kind, partner, shares, day, request=request, lines=(number,)
        )
    if kind == CONVERSION:
        holding = holdings.get(partner)
        (own,) = shares
        quantity = holding.quantity_of(own.share_type) if holding else 0
        converted, rest = divmod(quantity * own.unit_price, PRICES[into])
        if not converted or rest or into == own.share_type:
            return None
        return Operation(
            number,
            kind,
            partner,
            (shares_of(own.share_type, quantity),),
            day,
            converted=shares_of(into, int(converted)),
            lines=(number,),
        )
    if kind == TRANSFER:
        return Operation(
            number, kind, partner, shares, day, receiver=receiver, lines=(number,)
        )
    return Operation(number, kind, partner, shares, day, lines=(number,))


def final_register(register, plan):
    """The operations after the plan, in their order, with their last numbers."""
    removed = set(plan.removed)
    kept = [o for o in register.operations if o not in removed]
    return sorted(
        (
            operation.numbered(moved(operation.number, plan.operation_shifts))
            for operation in kept + list(plan.inserted)
        ),
        key=lambda operation: operation.number,
    )


def final_numbers(register, plan):
    """Cooperator number by partner after the plan."""
    freed = dict(plan.freed)
    numbers = {p: n for p, n in register.numbers.items() if p not in freed}
    numbers.update(plan.cooperator_numbers)
    return {p: moved(n, plan.cooperator_shifts) for p, n in numbers.items()}
