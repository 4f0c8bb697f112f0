"""Whose holdings can have to do with whose (requirements P3 and P4).

Only a transfer brings two people's shares together. Whoever has had nothing to do with
somebody, directly or through others, has what he has whatever becomes of the other: of a
register of any length only a few operations have to be replayed.

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
>>> [operation.number for operation in operations_around({"Dora"}, register)]
[1, 3, 4]
"""

from collections import defaultdict
from typing import Dict, Hashable, Iterable, Sequence, Set, Tuple

from .operation import TRANSFER, Operation

Pair = Tuple[Hashable, Hashable]


def people_around(people: Iterable[Hashable], pairs: Iterable[Pair]) -> Set[Hashable]:
    """``people`` and everyone who is linked with them.

    :param pairs: giver and receiver of each transfer

    >>> sorted(people_around(["Anna"], [("Bert", "Anna"), ("Bert", "Cleo"), ("Dora", "Emil")]))
    ['Anna', 'Bert', 'Cleo']
    """
    linked: Dict[Hashable, Set[Hashable]] = defaultdict(set)
    for giver, receiver in pairs:
        linked[giver].add(receiver)
        linked[receiver].add(giver)
    found = set(people)
    following = found
    while following:
        following = {other for one in following for other in linked[one]} - found
        found = found | following
    return found


def operations_around(
    people: Iterable[Hashable], operations: Sequence[Operation]
) -> Tuple[Operation, ...]:
    """The operations of ``people`` and of everyone who is linked with them, in order."""
    found = people_around(
        people,
        ((one.partner, one.receiver) for one in operations if one.kind == TRANSFER),
    )
    return tuple(operation for operation in operations if operation.partner in found)
