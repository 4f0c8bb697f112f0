"""Take operations out of a register.

>>> from datetime import date
>>> from .operation import SELL_BACK, SUBSCRIPTION, Shares
>>> shares = (Shares("A", 2, 50.0),)
>>> def operation(number, kind, partner):
...     return Operation(number, kind, partner, shares, date(2026, 1, 31))
>>> operations = (
...     operation(1, SUBSCRIPTION, "Anna"),
...     operation(2, SUBSCRIPTION, "Bert"),
...     operation(3, SUBSCRIPTION, "Anna"),
... )
>>> register = Register(operations, {"Anna": 11, "Bert": 12}, 4, 13)
>>> removal = remove(register, operations, {operations[1]}, cascade="dependents")
>>> [one.number for one in removal.removed], [one.number for one in removal.later]
([2], [3])
>>> removal.between["Anna"].quantity, removal.between.get("Bert")
(4, None)

With the cascade ``all`` the later operations are taken back meanwhile:

>>> remove(register, operations, {operations[1]}, ALL).between["Anna"].quantity
2
"""

from dataclasses import dataclass
from typing import Collection, Hashable, Mapping, Optional, Sequence, Tuple

from .holding import Holding
from .opening import Openings
from .operation import Operation
from .plan import ALL, Register
from .replay import replay


@dataclass(frozen=True)
class Removal:
    """A register without some of its operations.

    :param removed: the operations taken out, in the register's order
    :param kept: all others
    :param later: those kept that are numbered after the first removed one
    :param staying: those kept that belong to related partners
    :param between: holding by partner, between the removal and the right match
    """

    removed: Tuple[Operation, ...]
    kept: Tuple[Operation, ...]
    later: Tuple[Operation, ...]
    staying: Tuple[Operation, ...]
    between: Mapping[Hashable, Holding]


def remove(
    register: Register,
    related: Sequence[Operation],
    removed: Collection[Operation],
    cascade: str,
    openings: Optional[Openings] = None,
) -> Removal:
    """Take ``removed`` out of ``register``.

    :param related: the operations of the related partners; only these are replayed, as
        the shares of other partners are not affected
    :param cascade: see :class:`~.plan.Options`
    :param openings: what these partners have that no operation gave
    """
    taken = tuple(one for one in register.operations if one in removed)
    kept = tuple(one for one in register.operations if one not in removed)
    first = min((one.number for one in taken), default=register.next_operation)
    staying = tuple(one for one in related if one not in removed)
    standing = staying
    if cascade == ALL:
        standing = tuple(one for one in staying if one.number <= first)
    return Removal(
        removed=taken,
        kept=kept,
        later=tuple(one for one in kept if one.number > first),
        staying=staying,
        between=replay(standing, register.numbers, openings).holdings,
    )
