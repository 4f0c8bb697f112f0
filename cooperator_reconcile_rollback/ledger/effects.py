"""What a plan changes of the shares that were issued at the ends of past years.

Accounts that were approved show shares and capital at the end of a year. A correction that
moves an operation over such a day changes what they should have shown:

>>> from .operation import Operation, Shares
>>> def subscribe(number, quantity, day):
...     shares = (Shares("A", quantity, 25.0),)
...     return Operation(number, SUBSCRIPTION, "Anna", shares, day)
>>> first = subscribe(1, 4, date(2024, 5, 1))
>>> wrong, right = subscribe(2, 2, date(2025, 5, 1)), subscribe(2, 2, date(2026, 2, 1))
>>> ends = [date(2024, 12, 31), date(2025, 12, 31), date(2026, 12, 31)]
>>> for effect in find_effects([first, wrong], [wrong], [right], ends):
...     print(effect.day, effect.shares_before, effect.shares_after, effect.is_none)
2024-12-31 4 4 True
2025-12-31 6 4 False
2026-12-31 6 6 True

A conversion can change how many shares there are, not their value:

>>> from dataclasses import replace
>>> two_for_one = replace(first, kind=CONVERSION, converted=Shares("B", 8, 12.5))
>>> (effect,) = find_effects([first, two_for_one], [], [], ends[:1])
>>> effect.shares_after, effect.amount_after
(8, 100.0)
"""

from dataclasses import dataclass
from datetime import date
from typing import Iterable, Sequence, Tuple

from .operation import CONVERSION, SELL_BACK, SUBSCRIPTION, Operation
from .stored_json import make_reader


@dataclass(frozen=True)
class Effect:
    """Shares issued at the end of a day, before and after a plan.

    Amounts are in the company's currency.
    """

    day: date
    shares_before: int
    shares_after: int
    amount_before: float
    amount_after: float

    @property
    def is_none(self) -> bool:
        """Whether nothing changes."""
        return (
            self.shares_before == self.shares_after
            and abs(self.amount_before - self.amount_after) < 0.005
        )


#: Make an :class:`Effect` of its JSON values.
read_effect = make_reader(Effect, day=date.fromisoformat)


def find_effects(
    operations: Iterable[Operation],
    removed: Sequence[Operation],
    inserted: Sequence[Operation],
    days: Sequence[date],
) -> Tuple[Effect, ...]:
    """Find what a plan changes at the ends of some days.

    :param operations: the register as it is
    :param removed: operations that leave it
    :param inserted: operations that come
    :param days: in order
    """
    operations = list(operations)
    effects = []
    for day in days:
        shares, amount = _count(operations, day)
        less_shares, less_amount = _count(removed, day)
        more_shares, more_amount = _count(inserted, day)
        effects.append(
            Effect(
                day,
                shares,
                shares - less_shares + more_shares,
                amount,
                amount - less_amount + more_amount,
            )
        )
    return tuple(effects)


def _count(operations: Iterable[Operation], day: date) -> Tuple[int, float]:
    """Return how many shares operations have issued until the end of a day."""
    quantity, amount = 0, 0.0
    for one in operations:
        if not one.date or one.date > day:
            continue
        if one.kind == CONVERSION and one.converted:
            # as many shares as they become, of the same value
            quantity += one.converted.quantity - one.quantity
        sign = {SUBSCRIPTION: 1, SELL_BACK: -1}.get(one.kind, 0)
        quantity += sign * one.quantity
        amount += sign * sum(shares.amount for shares in one.shares)
    return quantity, amount
