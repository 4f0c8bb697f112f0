"""What a partner has in a company, as frozen values.

A holding is what cooperator stores in ``share.line`` (in the order of creation)
and ``cooperative.membership``.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Hashable, Optional, Tuple


@dataclass(frozen=True)
class ShareLine:
    """One share line.

    :param share_type: the share product
    :param quantity: number of shares; 0 is possible, a sell-back can leave it
    :param unit_price: price of one share, in the company's currency
    :param date: effective date
    :param request: the capital release request that made it, if known; it
        is evidence: lines that differ in nothing else are equal
    :param operation_request: the transfer that made it or the conversion that turned it
        into what it is; evidence likewise
    """

    share_type: Hashable
    quantity: int
    unit_price: float
    date: date
    request: Optional[Hashable] = field(default=None, compare=False)
    operation_request: Optional[Hashable] = field(default=None, compare=False)


@dataclass(frozen=True)
class Holding:
    """What one partner has in one company.

    :param partner: the partner
    :param lines: share lines, oldest first
    :param member: effective cooperator
    :param old_member: was one, has no share left
    :param number: cooperator number, kept for ever once given; ``None`` without one
    """

    partner: Hashable
    lines: Tuple[ShareLine, ...] = ()
    member: bool = False
    old_member: bool = False
    number: Optional[int] = None

    def quantity_of(self, share_type: Hashable) -> int:
        """Number of shares of one type.

        >>> day = date(2026, 1, 31)
        >>> lines = (ShareLine("A", 2, 50.0, day), ShareLine("B", 4, 25.0, day))
        >>> Holding("Anna", lines).quantity_of("B")
        4
        """
        return sum(
            line.quantity for line in self.lines if line.share_type == share_type
        )

    @property
    def quantity(self) -> int:
        """Number of shares of all types."""
        return sum(line.quantity for line in self.lines)

    @property
    def amount(self) -> float:
        """Value of all shares, in the company's currency."""
        return sum(line.quantity * line.unit_price for line in self.lines)
