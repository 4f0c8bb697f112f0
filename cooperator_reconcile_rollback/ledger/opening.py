"""Opening holdings: what partners have that no operation of the register explains.

A cooperative that began with Odoo imported its members: shares, numbers and memberships
are there without an operation. They are the state before the first operation, take part in
the replay, and no correction touches them. :mod:`.opening_search` finds them.
"""

from dataclasses import dataclass
from typing import Hashable, Mapping, Optional, Tuple

from .holding import Holding, ShareLine


@dataclass(frozen=True)
class Added:
    """A share line that came after an operation, but not from one.

    :param after: number of the operation whose share line is before it
    """

    after: int
    line: ShareLine


@dataclass(frozen=True)
class Opening:
    """What a partner has that no operation explains.

    :param lines: share lines from before the first operation, as they were then
    :param added: share lines that came between or after operations
    :param member: effective cooperator before the first operation
    :param old_member: old member before it
    :param number: cooperator number that no operation gave
    """

    partner: Hashable
    lines: Tuple[ShareLine, ...] = ()
    added: Tuple[Added, ...] = ()
    member: bool = False
    old_member: bool = False
    number: Optional[int] = None

    @property
    def holding(self) -> Holding:
        """The holding before the first operation."""
        return Holding(
            self.partner, self.lines, self.member, self.old_member, self.number
        )

    @property
    def quantity(self) -> int:
        """Number of shares, of all types."""
        added = sum(one.line.quantity for one in self.added)
        return sum(line.quantity for line in self.lines) + added

    def __bool__(self) -> bool:
        return bool(
            self.lines or self.added or self.member or self.old_member or self.number
        )


Openings = Mapping[Hashable, Opening]
