"""Assign numbers to the right operations and to the partners whom they make members.

The rules are those of :mod:`.numbering`, for both kinds of number.
"""

from dataclasses import dataclass
from typing import Dict, Hashable, Mapping, Optional, Sequence, Set, Tuple

from .numbering import CLOSE_GAP, KEEP_GAP, NumberPool, Shift
from .operation import Operation
from .plan import Correction, Register, SequenceChange
from .removal import Removal

Numbers = Dict[Hashable, int]


@dataclass(frozen=True)
class PoolChange:
    """What becomes of a number pool.

    :param sequence: its next number on the way
    :param gaps: freed numbers that stay unused
    :param shifts: numbers that move in the end
    """

    sequence: SequenceChange
    gaps: Tuple[int, ...]
    shifts: Tuple[Shift, ...]


@dataclass(frozen=True)
class Assignment:
    """The numbers after a correction, before they move to close gaps.

    :param inserted: the right operations, in the order of their numbers
    :param numbers: cooperator number by partner
    :param freed: cooperator number by partner who has no operation left
    :param operations: the pool of operation numbers
    :param cooperators: the pool of cooperator numbers
    """

    inserted: Tuple[Operation, ...]
    numbers: Mapping[Hashable, int]
    freed: Mapping[Hashable, int]
    operations: PoolChange
    cooperators: PoolChange


def assign_numbers(
    register: Register,
    corrections: Sequence[Correction],
    removal: Removal,
    numbering: str,
) -> Assignment:
    """Number the right operations of ``corrections`` and their partners.

    :param numbering: see :class:`~.plan.Options`
    """
    pool = NumberPool(
        used=[operation.number for operation in removal.kept],
        freed=[operation.number for operation in removal.removed],
        next_number=register.next_operation,
    )
    between = pool.next_number
    inserted = _number_operations(corrections, pool, numbering)
    operations = _finish(pool, register.next_operation, between, numbering)

    freed = _free_numbers(register.numbers, removal, inserted)
    numbers = {
        partner: number
        for partner, number in register.numbers.items()
        if partner not in freed
    }
    pool = NumberPool(numbers.values(), freed.values(), register.next_cooperator)
    between = pool.next_number
    newcomers = {one.partner for one in inserted if one.partner not in numbers}
    numbers.update(_number_newcomers(corrections, newcomers, freed, pool, numbering))
    cooperators = _finish(pool, register.next_cooperator, between, numbering)
    return Assignment(inserted, numbers, freed, operations, cooperators)


def _finish(pool: NumberPool, before: int, between: int, numbering: str) -> PoolChange:
    """Close the gaps of ``pool`` if that is wanted, and say what became of it."""
    matched = pool.next_number
    shifts = pool.close() if numbering == CLOSE_GAP else ()
    sequence = SequenceChange(before, between, matched, pool.next_number)
    return PoolChange(sequence, tuple(sorted(pool.gaps)), shifts)


def _number_operations(
    corrections: Sequence[Correction], pool: NumberPool, numbering: str
) -> Tuple[Operation, ...]:
    """Return the right operations with their numbers, in the order of these.

    If the request of a right operation had a removed operation (two payments swapped),
    its own number is used again: nothing of it has to change hands.
    """
    own = {c.wrong.request: c.wrong.number for c in corrections if c.wrong.request}
    former: Dict[Operation, int] = {}
    for correction in corrections:
        right = correction.right
        if right is not None:
            number = own.get(right.request, correction.wrong.number)
            former.setdefault(right, number)
    numbered = [
        right.numbered(
            pool.take(number if numbering != KEEP_GAP or right.request in own else None)
        )
        for right, number in sorted(former.items(), key=lambda item: item[1])
    ]
    return tuple(sorted(numbered, key=lambda operation: operation.number))


def _free_numbers(
    numbers: Mapping[Hashable, int],
    removal: Removal,
    inserted: Sequence[Operation],
) -> Numbers:
    """Return the numbers of partners who have no operation left, in order of removal.

    A number that no operation gave (imported, given by hand) is not freed.
    """
    operations = [*removal.staying, *inserted]
    staying = {partner for one in operations for partner in one.partners}
    return {
        partner: numbers[partner]
        for one in removal.removed
        for partner in one.partners
        if partner in numbers and partner not in staying
    }


def _number_newcomers(
    corrections: Sequence[Correction],
    newcomers: Set[Hashable],
    freed: Mapping[Hashable, int],
    pool: NumberPool,
    numbering: str,
) -> Numbers:
    """Return the number of each of ``newcomers``.

    :param newcomers: partners whom a right operation makes members
    :param freed: number by former holder
    """
    former: Dict[Hashable, Optional[int]] = {}
    for correction in corrections:
        right = correction.right
        if right is not None and right.partner in newcomers:
            former.setdefault(right.partner, freed.get(correction.wrong.partner))
    return {
        partner: pool.take(number if numbering != KEEP_GAP else None)
        for partner, number in sorted(
            former.items(), key=lambda item: (item[1] is None, item[1] or 0)
        )
    }
