"""The register of operations as frozen values.

An *operation* is what one operation number stands for: the lines of
``subscription.register`` that share it. Only a subscription can have several
lines, one for each share type of its capital release request; a transfer, a
sell-back and a conversion have one.

Partners, share types and requests are whatever the caller identifies them by
(Odoo's ids, names in a test): they need only be hashable.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Hashable, Optional, Tuple

SUBSCRIPTION = "subscription"
TRANSFER = "transfer"
SELL_BACK = "sell_back"
CONVERSION = "convert"


@dataclass(frozen=True)
class Shares:
    """A number of shares of one type.

    :param share_type: the share product
    :param quantity: number of shares
    :param unit_price: price of one share, in the company's currency
    """

    share_type: Hashable
    quantity: int
    unit_price: float = 0.0

    @property
    def amount(self) -> float:
        """Value of the shares, in the company's currency.

        >>> Shares("A", 3, 25.0).amount
        75.0
        """
        return self.quantity * self.unit_price


@dataclass(frozen=True)
class Operation:
    """One operation of the register.

    :param number: operation number; ``None`` where it has none yet
    :param kind: ``subscription``, ``transfer``, ``sell_back`` or ``convert``, as in
        ``subscription.register.type``
    :param partner: who subscribes, gives, sells or converts
    :param shares: the shares of each register line, in the register's order
    :param date: effective date
    :param receiver: who a transfer goes to
    :param converted: what a conversion turns the shares into
    :param request: the capital release request behind a subscription
    :param operation_request: the operation request behind another operation; it is
        evidence: operations that differ in nothing else are equal
    :param lines: the register lines' identities, in the order of ``shares``
    """

    number: Optional[int]
    kind: str
    partner: Hashable
    shares: Tuple[Shares, ...]
    date: date
    receiver: Optional[Hashable] = None
    converted: Optional[Shares] = None
    request: Optional[Hashable] = None
    lines: Tuple[Hashable, ...] = ()
    operation_request: Optional[Hashable] = field(default=None, compare=False)

    def __hash__(self) -> int:
        # hashing every field would dominate the run time on a large register
        return hash((self.number, self.partner))

    @property
    def partners(self) -> Tuple[Hashable, ...]:
        """The partner and, in a transfer, the receiver."""
        if self.receiver is None:
            return (self.partner,)
        return (self.partner, self.receiver)

    @property
    def quantity(self) -> int:
        """Number of shares over all lines.

        >>> day = date(2026, 1, 31)
        >>> shares = (Shares("A", 2, 50.0), Shares("B", 4, 25.0))
        >>> Operation(7, SUBSCRIPTION, "Anna", shares, day).quantity
        6
        """
        return sum(shares.quantity for shares in self.shares)

    def numbered(self, number: int) -> "Operation":
        """Return the same operation with ``number``."""
        return replace(self, number=number)
