"""Capital release requests and operation requests as frozen values."""

from dataclasses import dataclass
from datetime import date
from typing import Hashable, Optional, Tuple

from .operation import Shares


@dataclass(frozen=True)
class CapitalReleaseRequest:
    """A request for the payment of shares; it makes a subscription once it is paid.

    :param id: its identity
    :param partner: who subscribes
    :param shares: those of each invoice line
    :param is_paid: posted and paid, and not cancelled by a refund
    :param date: of the latest payment
    :param references: what a payment's communication may call it
    """

    id: Hashable
    partner: Hashable
    shares: Tuple[Shares, ...]
    is_paid: bool
    date: Optional[date] = None
    references: Tuple[str, ...] = ()


@dataclass(frozen=True)
class OperationRequest:
    """A request for a transfer, a sell-back or a conversion.

    :param id: its identity
    :param kind: ``transfer``, ``sell_back`` or ``convert``
    :param partner: who gives, sells or converts
    :param receiver: who a transfer goes to
    :param share_type: the share product
    :param quantity: number of shares
    :param is_done: executed
    :param date: effective date
    """

    id: Hashable
    kind: str
    partner: Hashable
    receiver: Optional[Hashable]
    share_type: Hashable
    quantity: int
    is_done: bool
    date: Optional[date] = None
