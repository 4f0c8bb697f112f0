"""Find the partners whose holdings depend on each other.

Only a transfer moves shares between two partners. Partners without any transfer between
them, directly or through others, do not affect each other: only a few operations of a
large register have to be replayed for a correction.

>>> from datetime import date
>>> from .operation import SUBSCRIPTION, Shares
>>> def operation(number, kind, partner, receiver=None):
...     shares = (Shares("A", 1, 50.0),)
...     return Operation(number, kind, partner, shares, date(2026, 1, 31), receiver)
>>> register = [
...     operation(1, SUBSCRIPTION, "Anna"),
...     operation(2, SUBSCRIPTION, "Bert"),
...     operation(3, TRANSFER, "Anna", "Cleo"),
...     operation(4, TRANSFER, "Cleo", "Dora"),
... ]
>>> [operation.number for operation in find_related_operations({"Dora"}, register)]
[1, 3, 4]
"""

from collections import defaultdict
from typing import Dict, Hashable, Iterable, Sequence, Set, Tuple

from .operation import TRANSFER, Operation

Transfer = Tuple[Hashable, Hashable]


def find_related_partners(
    partners: Iterable[Hashable], transfers: Iterable[Transfer]
) -> Set[Hashable]:
    """Return ``partners`` and all who are linked with them by transfers.

    :param transfers: giver and receiver of each transfer

    >>> transfers = [("Bert", "Anna"), ("Bert", "Cleo"), ("Dora", "Emil")]
    >>> sorted(find_related_partners(["Anna"], transfers))
    ['Anna', 'Bert', 'Cleo']
    """
    linked: Dict[Hashable, Set[Hashable]] = defaultdict(set)
    for giver, receiver in transfers:
        linked[giver].add(receiver)
        linked[receiver].add(giver)
    found = set(partners)
    newest = found
    while newest:
        newest = {other for one in newest for other in linked[one]} - found
        found = found | newest
    return found


def find_related_operations(
    partners: Iterable[Hashable], operations: Sequence[Operation]
) -> Tuple[Operation, ...]:
    """Return the operations of ``partners`` and of their related partners, in order."""
    found = find_related_partners(
        partners,
        ((one.partner, one.receiver) for one in operations if one.kind == TRANSFER),
    )
    return tuple(operation for operation in operations if operation.partner in found)
