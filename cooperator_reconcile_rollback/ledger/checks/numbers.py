"""Operation numbers and cooperator numbers: each once, none missing, none drawn wrong."""

from collections import defaultdict
from typing import AbstractSet, Dict, Hashable, Iterable, Iterator, List, Tuple

from .. import finding as kinds
from ..finding import Finding
from ..numbering import Shift, moved
from ..operation import Operation
from .books import Books
from .operation_findings import lines_of, partners_of


def check_operation_numbers(books: Books) -> Iterator[Finding]:
    """Check that each number is given once, gaps are known, the sequence goes on."""
    register = books.register
    by_number: Dict[int, List[Operation]] = defaultdict(list)
    for operation in register.operations:
        by_number[operation.number].append(operation)
    for number, operations in by_number.items():
        if len(operations) > 1:
            yield Finding(
                kinds.DOUBLE_OPERATION_NUMBER,
                numbers=(number,),
                partners=partners_of(operations),
                lines=lines_of(operations),
            )
    for gap in gaps(books.operation_numbers, books.operation_gaps):
        yield Finding(kinds.OPERATION_GAP, numbers=gap)
    yield from _check_sequence(
        kinds.OPERATION_SEQUENCE_OFF,
        register.next_operation,
        books.operation_numbers,
        books.operation_gaps,
    )


def check_cooperator_numbers(books: Books) -> Iterator[Finding]:
    """Check that each member has one number, and each number one person."""
    register = books.register
    by_number: Dict[int, List[Hashable]] = defaultdict(list)
    for partner, number in register.numbers.items():
        by_number[number].append(partner)
    for number, partners in sorted(by_number.items()):
        if len(partners) > 1:
            yield Finding(
                kinds.DOUBLE_COOPERATOR_NUMBER,
                numbers=(number,),
                partners=tuple(partners),
            )
    for holding in books.holdings.values():
        if (holding.member or holding.old_member) and holding.number is None:
            yield Finding(kinds.MEMBER_WITHOUT_NUMBER, partners=(holding.partner,))
    for gap in gaps(books.cooperator_numbers, books.cooperator_gaps):
        yield Finding(kinds.COOPERATOR_GAP, numbers=gap)
    yield from _check_sequence(
        kinds.COOPERATOR_SEQUENCE_OFF,
        register.next_cooperator,
        books.cooperator_numbers,
        books.cooperator_gaps,
    )


def gaps(
    numbers: Iterable[int], explained: AbstractSet[int] = frozenset()
) -> Tuple[Tuple[int, int], ...]:
    """Find runs of numbers that are missing in between: the first and the last of each.

    :param explained: numbers that are known to be missing

    >>> gaps([1, 2, 5, 9], {7}), gaps([])
    (((3, 4), (6, 6), (8, 8)), ())
    """
    present = set(numbers)
    if not present:
        return ()
    lowest, highest = min(present), max(present)
    present.update(number for number in explained if lowest < number < highest)
    in_order = sorted(present)
    return tuple(
        (number + 1, next_number - 1)
        for number, next_number in zip(in_order, in_order[1:])
        if next_number - number > 1
    )


def left_gaps(
    corrections: Iterable[Tuple[Iterable[int], Iterable[Shift]]],
) -> AbstractSet[int]:
    """Get the numbers that corrections have left unused, as they are now.

    :param corrections: what each has left unused and moved, the oldest first

    >>> sorted(left_gaps([([4, 7], []), ([], [Shift(6, 9, 1)])]))
    [4, 6]
    """
    left: AbstractSet[int] = set()
    for unused, shifts in corrections:
        shifts = tuple(shifts)
        left = {moved(number, shifts) for number in left} | set(unused)
    return left


def _check_sequence(
    kind: str, next_number: int, numbers: Iterable[int], reserved: AbstractSet[int]
) -> Iterator[Finding]:
    """Check that a sequence goes on after all numbers, those kept unused included."""
    right = max([*numbers, *reserved], default=0) + 1
    # nothing says where the first one has to be
    if right > 1 and next_number != right:
        yield Finding(kind, numbers=(next_number, right))
