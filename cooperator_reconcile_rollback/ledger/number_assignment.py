"""Assign numbers to the right operations and to the partners whom they make members.

The rules are those of :mod:`.numbering`, for both kinds of number.
"""

from dataclasses import dataclass, replace
from typing import Dict, Hashable, List, Mapping, Optional, Sequence, Set, Tuple

from .numbering import APPEND, CLOSE_GAP, KEEP_GAP, KEEPING, NumberPool, Shift
from .opening import Openings
from .operation import Operation
from .plan import Correction, Options, Register, SequenceChange
from .removal import Removal

Numbers = Dict[Hashable, int]


@dataclass(frozen=True)
class PoolChange:
    """What becomes of a number pool.

    :param sequence: its next number on the way
    :param gaps: freed numbers that stay unused
    :param shifts: numbers that move in the end
    :param collisions: numbers given that somebody has already
    """

    sequence: SequenceChange
    gaps: Tuple[int, ...]
    shifts: Tuple[Shift, ...]
    collisions: Tuple[int, ...] = ()


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
    options: Options,
    openings: Optional[Openings] = None,
) -> Assignment:
    """Number the right operations of ``corrections`` and their partners.

    :param openings: what partners have that no operation gave
    """
    numbering = options.numbering
    pool = NumberPool(
        used=[operation.number for operation in removal.kept],
        freed=[operation.number for operation in removal.removed],
        next_number=register.next_operation,
        keeps_freed=numbering in KEEPING,
        reserved=register.reserved_operations,
    )
    kept = max((operation.number for operation in removal.kept), default=0)
    operations = SequenceChange(register.next_operation, pool.next_number, 0, 0, kept)
    inserted = _number_operations(corrections, pool, numbering)
    operation_pool = _finish(pool, operations, numbering)

    freed = _free_numbers(register.numbers, removal, inserted, openings or {})
    numbers = {
        partner: number
        for partner, number in register.numbers.items()
        if partner not in freed
    }
    numbering = options.cooperator_numbering
    pool = NumberPool(
        used=numbers.values(),
        freed=freed.values(),
        next_number=register.next_cooperator,
        keeps_freed=numbering in KEEPING,
        reserved=register.reserved_cooperators,
    )
    kept = max(numbers.values(), default=0)
    cooperators = SequenceChange(register.next_cooperator, pool.next_number, 0, 0, kept)
    newcomers = {one.partner for one in inserted if one.partner not in numbers}
    numbers.update(_number_newcomers(corrections, newcomers, freed, pool, numbering))
    cooperator_pool = _finish(pool, cooperators, numbering)
    return Assignment(inserted, numbers, freed, operation_pool, cooperator_pool)


def _finish(pool: NumberPool, begun: SequenceChange, numbering: str) -> PoolChange:
    """Close the gaps of ``pool`` if that is wanted, and say what became of it."""
    matched = pool.next_number
    shifts = pool.close() if numbering == CLOSE_GAP else ()
    sequence = replace(begun, matched=matched, after=pool.next_number)
    gaps, collisions = tuple(sorted(pool.gaps)), tuple(pool.collisions)
    return PoolChange(sequence, gaps, shifts, collisions)


def _number_operations(
    corrections: Sequence[Correction], pool: NumberPool, numbering: str
) -> Tuple[Operation, ...]:
    """Return the right operations with their numbers, in the order of these.

    If the request of a right operation had a removed operation (two payments swapped),
    its own number is used again, but for ``append``: nothing of it has to change hands.
    """
    wrong = [c.wrong for c in corrections if c.wrong]
    own = {one.request: one.number for one in wrong if one.request}
    former: Dict[Operation, Optional[int]] = {}
    chosen: Dict[Operation, int] = {}
    for correction in corrections:
        right = correction.right
        if right is None:
            continue
        number = correction.wrong.number if correction.wrong else None
        former.setdefault(right, own.get(right.request, number))
        if correction.number:
            chosen.setdefault(right, correction.number)
    numbered = [right.numbered(pool.claim(chosen[right])) for right in chosen]
    for right, number in _sort_by_number(former):
        if right in chosen:
            continue
        if numbering == APPEND or (numbering == KEEP_GAP and right.request not in own):
            number = None
        numbered.append(right.numbered(pool.take(number)))
    return tuple(sorted(numbered, key=lambda operation: operation.number))


def _sort_by_number(numbers: Mapping) -> List[Tuple]:
    """Return keys and numbers in the order of these, what has none last."""
    return sorted(numbers.items(), key=lambda item: (item[1] is None, item[1] or 0))


def _free_numbers(
    numbers: Mapping[Hashable, int],
    removal: Removal,
    inserted: Sequence[Operation],
    openings: Openings,
) -> Numbers:
    """Return the numbers of partners who have no operation left, in order of removal.

    A number that no operation gave (imported, given by hand) is not freed.
    """
    operations = [*removal.staying, *inserted]
    staying = {partner for one in operations for partner in one.partners}
    staying.update(partner for partner, one in openings.items() if one.number)
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
            holders = correction.wrong.partners[-1:] if correction.wrong else ()
            number = next((freed[p] for p in holders if p in freed), None)
            former.setdefault(right.partner, number)
    return {
        partner: pool.take(None if numbering in KEEPING else number)
        for partner, number in _sort_by_number(former)
    }
