"""Replay the operations of a register to get everyone's holding.

The rules are those of cooperator, its quirks included:

* a subscription (``account.move.set_cooperator_effective``) appends a share line for
  each register line and makes a member;
* a transfer (``operation.request.execute_operation``) makes the receiver a member,
  takes the shares from the giver and appends one line to the receiver;
* shares are taken (``operation.request.hand_share_over``) from the newest line to the
  oldest: a line is dropped where more is taken than it has, and stays with the rest,
  be it 0, otherwise;
* a conversion turns the first line into the new shares and drops the others; the line
  keeps its date;
* a member without any share left becomes an old member and keeps the cooperator number.

>>> from datetime import date
>>> from .operation import SELL_BACK, SUBSCRIPTION, Operation, Shares
>>> day = date(2026, 1, 31)
>>> def subscribe(number, partner, *shares):
...     return Operation(number, SUBSCRIPTION, partner, shares, day)
>>> register = [
...     subscribe(1, "Anna", Shares("A", 2, 50.0), Shares("B", 4, 25.0)),
...     subscribe(2, "Bert", Shares("A", 1, 50.0)),
...     Operation(3, SELL_BACK, "Bert", (Shares("A", 1, 50.0),), day),
... ]
>>> result = replay(register, {"Anna": 11, "Bert": 12})
>>> [(line.share_type, line.quantity) for line in result.holdings["Anna"].lines]
[('A', 2), ('B', 4)]
>>> bert = result.holdings["Bert"]
>>> bert.member, bert.old_member, bert.number, bert.quantity, len(bert.lines)
(False, True, 12, 0, 1)

An operation that takes more shares than its partner has is rejected: skipped and
reported. So are the later operations that depend on it:

>>> [operation.number for operation in replay(register[:1] + register[2:]).rejected]
[3]
"""

from dataclasses import dataclass, replace
from typing import Dict, Hashable, Iterable, List, Mapping, Optional, Tuple

from .holding import Holding, ShareLine
from .opening import Openings
from .operation import CONVERSION, SUBSCRIPTION, TRANSFER, Operation, Shares

Holdings = Dict[Hashable, Holding]


class InsufficientSharesError(ValueError):
    """An operation takes shares that its partner does not have."""

    def __init__(self, operation: Operation):
        self.operation = operation
        super().__init__(
            "operation %s: %s does not have %s shares"
            % (operation.number, operation.partner, operation.quantity)
        )


@dataclass(frozen=True)
class Replay:
    """The result of a replay.

    :param holdings: by partner, of everyone who has an opening or took part in an operation
    :param rejected: operations that take more shares than there are, in order
    """

    holdings: Mapping[Hashable, Holding]
    rejected: Tuple[Operation, ...]


def make_member(
    holding: Holding, number: Optional[int], lines: Tuple[ShareLine, ...] = ()
) -> Holding:
    """Make ``holding`` a member's.

    :param number: cooperator number, given if the holding has none yet
    :param lines: share lines to append

    >>> make_member(Holding("Anna"), 11)
    Holding(partner='Anna', lines=(), member=True, old_member=False, number=11)
    >>> make_member(Holding("Anna", number=3, old_member=True), 11).number
    3
    """
    if holding.number is not None:
        number = holding.number
    return Holding(holding.partner, holding.lines + lines, True, False, number)


def take(holding: Holding, shares: Shares, operation: Operation) -> Holding:
    """Take ``shares`` from ``holding``, from the newest line to the oldest.

    :raises InsufficientSharesError: the holding has fewer shares of that type

    >>> from datetime import date
    >>> from .operation import SELL_BACK
    >>> day = date(2026, 1, 31)
    >>> lines = [ShareLine("A", 2, 50.0, day), ShareLine("A", 3, 50.0, day)]
    >>> anna = Holding("Anna", tuple(lines), member=True)
    >>> sale = Operation(3, SELL_BACK, "Anna", (Shares("A", 4, 50.0),), day)
    >>> [line.quantity for line in take(anna, sale.shares[0], sale).lines]
    [1]
    """
    if not holding.member or holding.quantity_of(shares.share_type) < shares.quantity:
        raise InsufficientSharesError(operation)
    left = shares.quantity
    lines = []
    for line in reversed(holding.lines):
        if not left or line.share_type != shares.share_type:
            lines.append(line)
        elif left > line.quantity:
            left -= line.quantity
        else:
            lines.append(replace(line, quantity=line.quantity - left))
            left = 0
    holding = replace(holding, lines=tuple(reversed(lines)))
    if not holding.quantity:
        holding = replace(holding, member=False, old_member=True)
    return holding


def convert(holding: Holding, operation: Operation) -> Holding:
    """Merge all shares of ``holding`` into its first line and convert them.

    :raises InsufficientSharesError: the operation's shares are not worth exactly what the
        holding is worth, as cooperator demands
    """
    amount = sum(shares.amount for shares in operation.shares)
    if not holding.lines or round(holding.amount - amount, 2):
        raise InsufficientSharesError(operation)
    converted = operation.converted
    line = replace(
        holding.lines[0],
        share_type=converted.share_type,
        quantity=converted.quantity,
        unit_price=converted.unit_price,
        operation_request=operation.operation_request,
    )
    return replace(holding, lines=(line,))


def apply(
    operation: Operation, holdings: Mapping[Hashable, Holding], numbers: Mapping
) -> Holdings:
    """Apply ``operation`` and return the holdings that it changes.

    :param holdings: holding by partner before it; a missing partner has nothing yet
    :param numbers: cooperator number by partner, for new members
    :raises InsufficientSharesError: it takes more shares than there are
    """

    def holding_of(partner):
        return holdings.get(partner) or Holding(partner)

    partner = operation.partner
    holding = holding_of(partner)
    if operation.kind == SUBSCRIPTION:
        lines = tuple(
            ShareLine(
                shares.share_type,
                shares.quantity,
                shares.unit_price,
                operation.date,
                operation.request,
            )
            for shares in operation.shares
        )
        return {partner: make_member(holding, numbers.get(partner), lines)}
    if operation.kind == CONVERSION:
        return {partner: convert(holding, operation)}
    (shares,) = operation.shares
    changed = {}
    receiver = operation.receiver
    if operation.kind == TRANSFER:
        changed[receiver] = make_member(holding_of(receiver), numbers.get(receiver))
    giver = changed.get(partner) or holding_of(partner)
    changed[partner] = take(giver, shares, operation)
    if operation.kind == TRANSFER:
        line = ShareLine(
            shares.share_type,
            shares.quantity,
            shares.unit_price,
            operation.date,
            operation_request=operation.operation_request,
        )
        holding = changed[receiver]
        changed[receiver] = replace(holding, lines=holding.lines + (line,))
    return changed


def replay(
    register: Iterable[Operation],
    numbers: Optional[Mapping[Hashable, int]] = None,
    openings: Optional[Openings] = None,
) -> Replay:
    """Apply the operations of ``register`` in their order.

    :param numbers: cooperator number by partner, given when the partner becomes a member
    :param openings: what partners have that no operation gave, by partner

    >>> from .opening import Opening
    >>> opening = Opening("Anna", number=3, old_member=True)
    >>> replay([], openings={"Anna": opening}).holdings["Anna"].number
    3
    """
    numbers = numbers or {}
    openings = openings or {}
    holdings: Holdings = {
        partner: opening.holding for partner, opening in openings.items()
    }
    added = _sort_added(openings)
    rejected = []
    for operation in register:
        while added and added[-1][0] < operation.number:
            _add_line(holdings, *added.pop()[1:])
        try:
            holdings.update(apply(operation, holdings, numbers))
        except InsufficientSharesError:
            rejected.append(operation)
    while added:
        _add_line(holdings, *added.pop()[1:])
    return Replay(holdings, tuple(rejected))


def _sort_added(openings: Openings) -> List[Tuple[int, Hashable, ShareLine]]:
    """Return the lines that came after operations, the last one first."""
    lines = [
        (added.after, partner, added.line)
        for partner, opening in openings.items()
        for added in opening.added
    ]
    # stable: a partner's lines keep their order
    return sorted(lines, key=lambda line: line[0])[::-1] if lines else lines


def _add_line(holdings: Holdings, partner: Hashable, line: ShareLine) -> None:
    holding = holdings[partner]
    holdings[partner] = replace(holding, lines=holding.lines + (line,))
