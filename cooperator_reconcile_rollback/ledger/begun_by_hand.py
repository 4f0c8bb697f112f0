"""The register as if nobody had begun to correct it by hand.

Whoever noticed the error has often done the first steps of the manual procedure: deleted the
register line, set the sequences back, taken the number away. The plan is made of the register
as it was before that; the steps then find what is done already.

>>> from datetime import date
>>> from .operation import SUBSCRIPTION, Operation, Shares
>>> def subscribe(number, partner):
...     shares = (Shares("A", 2, 50.0),)
...     return Operation(number, SUBSCRIPTION, partner, shares, date(2026, 1, 31))
>>> left = Register((subscribe(1, "Anna"), subscribe(3, "Cleo")), {"Anna": 11, "Cleo": 13}, 4, 14)

The number of an operation that is no longer there is one that is missing. So is the number of a
person whose membership was set back:

>>> found = restore(left, [subscribe(None, "Bert")], reset={"Bert"})
>>> [one.number for one in found.register.operations], found.register.numbers["Bert"]
([1, 2, 3], 12)

A sequence that was set back to the wrong number goes on after the last one again:

>>> from dataclasses import replace
>>> found = restore(replace(left, next_operation=2), [subscribe(None, "Bert")])
>>> found.register.next_operation, found.next_operation
(4, 2)

A number that an earlier correction has kept for good is not taken for one that is missing:

>>> kept = replace(left, reserved_operations={2, 4}, next_operation=5)
>>> restore(kept, [subscribe(None, "Bert")]).register.operations[-1].number
5

Without a trace of its own the last operation had the number that comes next:

>>> last = Register((subscribe(1, "Anna"),), {"Anna": 11}, 2, 12)
>>> found = restore(last, [subscribe(None, "Bert")])
>>> found.register.operations[-1].number, found.register.next_operation
(2, 3)
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import AbstractSet, Collection, Dict, Hashable, Mapping, Optional, Sequence

from .numbering import unused
from .operation import Operation
from .plan import Register


@dataclass(frozen=True)
class Restored:
    """A register as if nobody had begun by hand.

    :param register: with the operations and numbers that are gone
    :param operations: each wrong operation as it is in it, by the one asked for
    :param next_operation: next number of the sequence ``register.operation`` today
    :param next_cooperator: next number of the sequence ``cooperator.number`` today
    """

    register: Register
    operations: Mapping[Operation, Operation]
    next_operation: int
    next_cooperator: int


def restore(
    register: Register,
    wrong: Sequence[Operation],
    reset: Collection[Hashable] = (),
) -> Restored:
    """Put back, as values, what was undone by hand.

    :param register: as it is today
    :param wrong: the wrong operations: of the register, or gone from it; these have no
        register lines, and a number only if it was kept
    :param reset: their partners whose number was taken away
    """
    operations: Dict[Operation, Operation] = {}
    present = list(register.operations)
    for one in sorted(wrong, key=_get_date):
        found = one
        if not one.lines and one not in present:
            number = one.number or _find_number(
                present,
                register.next_operation,
                one.date,
                register.reserved_operations,
            )
            found = one.numbered(number)
            present.append(found)
        operations[one] = found
    numbers = dict(register.numbers)
    for one in operations.values():
        partner = one.partners[-1]
        if partner in reset and partner not in numbers:
            number = _find_cooperator_number(
                numbers, register.next_cooperator, register.reserved_cooperators
            )
            if number:
                numbers[partner] = number
    return Restored(
        replace(
            register,
            operations=tuple(sorted(present, key=_get_number)),
            numbers=numbers,
            next_operation=_go_on(
                register.next_operation,
                [one.number for one in operations.values()],
                [one.number for one in present],
            ),
            next_cooperator=_go_on(
                register.next_cooperator,
                [numbers.get(one.partners[-1]) for one in operations.values()],
                numbers.values(),
            ),
        ),
        operations,
        register.next_operation,
        register.next_cooperator,
    )


def _find_number(
    operations: Sequence[Operation],
    next_number: int,
    day: Optional[date],
    reserved: AbstractSet[int],
) -> int:
    """Find the number that an operation had before it was deleted.

    It is the one to which the sequence was set back, one that the sequence has left
    behind, or one that is missing where the operation would stand by its date.
    """
    if not operations:
        return next_number
    missing = set(unused(one.number for one in operations)) - reserved
    first, last = min(operations, key=_get_number), max(operations, key=_get_number)
    following = max([last.number, *reserved]) + 1
    if next_number in missing or next_number < first.number:
        return next_number
    fitting = [number for number in missing if _fits(operations, number, day)]
    is_before_last = bool(day and last.date and day < last.date)
    if fitting and (is_before_last or next_number <= following):
        return max(fitting)
    if is_before_last and first.number > 1 and first.date and day < first.date:
        return first.number - 1
    if is_before_last and missing:
        return max(missing)
    return following


def _fits(operations: Sequence[Operation], number: int, day: Optional[date]) -> bool:
    """Say whether an operation of ``day`` could have had ``number``."""
    if not day:
        return True
    before = max((one for one in operations if one.number < number), key=_get_number)
    after = min((one for one in operations if one.number > number), key=_get_number)
    return not (
        (before.date and before.date > day) or (after.date and after.date < day)
    )


def _find_cooperator_number(
    numbers: Mapping[Hashable, int], next_number: int, reserved: AbstractSet[int]
) -> Optional[int]:
    """Find the number that a person had; ``None`` where several are missing."""
    missing = sorted(set(unused(numbers.values())) - reserved)
    highest = max([*numbers.values(), *reserved], default=0)
    if next_number in missing:
        return next_number
    if len(missing) == 1:
        return missing[0]
    if not missing and highest:
        return highest + 1
    return None


def _go_on(
    next_number: int, wrong: Collection[Optional[int]], numbers: Collection[int]
) -> int:
    """Return the next number as if the sequence had not been set back to a wrong one."""
    highest = max(numbers, default=0)
    if next_number in wrong and next_number <= highest:
        return highest + 1
    return next_number


def _get_number(operation: Operation) -> int:
    return operation.number or 0


def _get_date(operation: Operation) -> date:
    return operation.date or date.min
