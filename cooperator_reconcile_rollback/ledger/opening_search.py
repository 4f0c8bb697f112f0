"""Find what partners have beyond what the operations of the register give them.

>>> from datetime import date
>>> from .operation import SELL_BACK, SUBSCRIPTION, Shares
>>> day = date(2026, 1, 31)
>>> def line(quantity):
...     return ShareLine("A", quantity, 50.0, day)
>>> subscription = Operation(1, SUBSCRIPTION, "Anna", (Shares("A", 2, 50.0),), day)
>>> anna = Holding("Anna", (line(7), line(2)), member=True, number=11)
>>> found = find_openings([subscription], {"Anna": 11}, {"Anna": anna})
>>> [one.quantity for one in found.openings["Anna"].lines], found.unexplained
([7], frozenset())

Shares sold since are those of the opening, where the register has no others:

>>> sale = Operation(2, SELL_BACK, "Anna", (Shares("A", 3, 50.0),), day)
>>> anna = Holding("Anna", (line(6),), member=True, number=11)
>>> found = find_openings([subscription, sale], {"Anna": 11}, {"Anna": anna})
>>> [one.quantity for one in found.openings["Anna"].lines]
[7]

So is a number, where no operation gave it:

>>> found = find_openings([], {"Bert": 5}, {"Bert": Holding("Bert", number=5)})
>>> found.openings["Bert"].number, found.unexplained
(5, frozenset())

Fewer shares than the register gives are no opening:

>>> find_openings([subscription], {"Anna": 11}, {"Anna": Holding("Anna")}).unexplained
frozenset({'Anna'})
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import (
    Collection,
    Dict,
    FrozenSet,
    Hashable,
    Iterable,
    List,
    Mapping,
    Optional,
    Sequence,
    Tuple,
)

from .holding import Holding, ShareLine
from .opening import Added, Opening, Openings
from .operation import CONVERSION, SUBSCRIPTION, TRANSFER, Operation, Shares
from .replay import replay


@dataclass(frozen=True)
class FoundOpenings:
    """The openings of a group of partners.

    :param openings: by partner, of those who have one; of an unexplained partner the
        nearest guess, so that the operations of others keep their ground
    :param unexplained: partners whose holding the operations and an opening do not give
    :param emptied: partners whose shares of a wrong operation are gone already
    """

    openings: Openings
    unexplained: FrozenSet[Hashable]
    emptied: FrozenSet[Hashable] = frozenset()


def find_openings(
    operations: Sequence[Operation],
    numbers: Mapping[Hashable, int],
    holdings: Mapping[Hashable, Holding],
    known: Optional[Openings] = None,
    wrong: Collection[Operation] = (),
) -> FoundOpenings:
    """Find what partners have beyond their operations.

    :param operations: those of related partners, in order
    :param numbers: cooperator number by partner
    :param holdings: today's holding by partner; others are not looked at
    :param known: opening by partner, of those whose number or membership is known to be
        older than their operations; without lines
    :param wrong: operations whose shares may have been taken away by hand
    """
    known = known or {}
    search = _Search(operations, numbers, holdings, known)
    unexplained = {partner for partner in holdings if not search.explains(partner)}
    concerned = {partner for one in wrong for partner in one.partners} & unexplained
    # a membership that was set back by hand is no opening
    unexplained -= {one for one in concerned if search.explains_lines(one)}
    emptied = set()
    if concerned & unexplained:
        left = [one for one in operations if one not in wrong]
        without = _Search(left, numbers, holdings, known, wrong)
        for partner in concerned & unexplained:
            if without.explains_lines(partner):
                search.openings[partner] = without.openings[partner]
                emptied.add(partner)
        # others may have got their shares from these
        search.replay()
        unexplained = {one for one in unexplained if not search.explains(one)}
    openings = {partner: one for partner, one in search.openings.items() if one}
    return FoundOpenings(openings, frozenset(unexplained - emptied), frozenset(emptied))


class _Search:
    """Guesses each partner's opening, and tries whether it gives today's holding."""

    def __init__(self, operations, numbers, holdings, known, gone=()):
        self.operations = operations
        self.numbers = numbers
        self.holdings = holdings
        self.known = known
        # a line that one of these made is no opening
        self.gone = {one.request for one in gone if one.request is not None}
        self.accounts = _run(operations)
        # nor is a number
        self.numbered = {partner for one in gone for partner in one.partners}
        self.openings: Dict[Hashable, Opening] = {
            partner: self._guess(holding) for partner, holding in holdings.items()
        }
        for partner in known:
            self.openings.setdefault(partner, known[partner])
        self.replay()

    def replay(self) -> None:
        """Replay the operations on the openings guessed."""
        self.replayed = replay(self.operations, self.numbers, self.openings).holdings

    def explains(self, partner: Hashable) -> bool:
        """Say whether operations and opening give the partner's holding."""
        bare = Holding(partner, number=self.numbers.get(partner))
        return self.replayed.get(partner, bare) == self.holdings[partner]

    def explains_lines(self, partner: Hashable) -> bool:
        """Say whether they give the partner's share lines."""
        given = self.replayed.get(partner) or Holding(partner)
        return given.lines == self.holdings[partner].lines

    def _guess(self, holding: Holding) -> Opening:
        partner = holding.partner
        account = self.accounts.get(partner) or _Account()
        known = self.known.get(partner) or Opening(partner)
        if partner not in self.accounts and partner not in self.numbered:
            known = replace(known, number=known.number or self.numbers.get(partner))
        extra = account.find_extra(holding.lines)
        if extra is None:
            return known
        lines, added = extra
        if self.gone & {line.request for line in [*lines, *(a.line for a in added)]}:
            return known
        lines = account.give_back(lines)
        if not lines and not added:
            return known
        quantity = sum(line.quantity for line in lines)
        return replace(
            known,
            lines=tuple(lines),
            added=tuple(added),
            member=quantity > 0 or known.member,
            old_member=known.old_member and not quantity,
            number=known.number or self.numbers.get(partner),
        )


class _Account:
    """What operations leave of what they gave to a partner, and what they took beyond.

    :ivar lines: number of the operation and share line, of the lines left
    :ivar taken: shares taken that no operation had given, by share type
    :ivar is_merged: a conversion has merged opening lines into the first line
    :ivar merged_by: number of that conversion
    :ivar merged_on: the date of the line
    """

    def __init__(self):
        self.lines: List[Tuple[int, ShareLine]] = []
        self.taken: Dict[Hashable, Shares] = {}
        self.is_merged = False
        self.merged_by: Optional[int] = None
        self.merged_on: Optional[date] = None

    def append(self, number: int, line: ShareLine) -> None:
        self.lines.append((number, line))

    def take(self, shares: Shares) -> None:
        """Take shares from the newest line to the oldest, as cooperator does."""
        left = shares.quantity
        kept = []
        for number, line in reversed(self.lines):
            if not left or line.share_type != shares.share_type:
                kept.append((number, line))
            elif left > line.quantity:
                left -= line.quantity
            else:
                kept.append((number, replace(line, quantity=line.quantity - left)))
                left = 0
        self.lines = kept[::-1]
        self._take_beyond(shares, left)

    def _take_beyond(self, shares: Shares, quantity: int) -> None:
        if quantity > 0:
            before = self.taken.get(shares.share_type)
            total = quantity + (before.quantity if before else 0)
            self.taken[shares.share_type] = replace(shares, quantity=total)

    def convert(self, operation: Operation) -> None:
        """Merge all shares into the first line, as cooperator does."""
        own = sum(line.quantity * line.unit_price for _number, line in self.lines)
        (shares,) = operation.shares
        missing = round(shares.amount - own, 2)
        if missing > 0 and shares.unit_price:
            self._take_beyond(shares, round(missing / shares.unit_price))
            self.is_merged = True
        first_number, first = self.lines[0] if self.lines else (None, None)
        if missing > 0 or (first and first_number == self.merged_by):
            # it keeps the date of the opening's first line
            self.merged_by = operation.number
        day = first.date if first else operation.date
        converted = operation.converted
        line = ShareLine(
            converted.share_type,
            converted.quantity,
            converted.unit_price,
            day,
            operation_request=operation.operation_request,
        )
        self.lines = [(operation.number, line)]

    def find_extra(
        self, actual: Sequence[ShareLine]
    ) -> Optional[Tuple[List[ShareLine], List[Added]]]:
        """Find the lines of ``actual`` that no operation gave.

        :return: those before the first line of an operation, and those after it;
            ``None`` if a line of an operation is missing
        """
        left = list(self.lines)
        owners: List[Optional[int]] = []
        for line in reversed(actual):
            if left and self._is_same(*left[-1], line):
                owners.append(left.pop()[0])
            else:
                owners.append(None)
        if left:
            return None
        owners.reverse()
        lines: List[ShareLine] = []
        added: List[Added] = []
        last = None
        for owner, line in zip(owners, actual):
            if owner is not None:
                last = owner
                if owner == self.merged_by and self.merged_on is None:
                    self.merged_on = line.date
            elif last is None:
                lines.append(line)
            else:
                added.append(Added(last, line))
        return lines, added

    def _is_same(self, number: int, line: ShareLine, actual: ShareLine) -> bool:
        if number == self.merged_by:
            # the first line keeps its date, which the opening knows alone
            return replace(line, date=actual.date) == actual
        return line == actual

    def give_back(self, lines: List[ShareLine]) -> List[ShareLine]:
        """Add what operations took beyond what they gave to opening lines."""
        lines = list(lines)
        for share_type, shares in self.taken.items():
            places = [
                place
                for place, line in enumerate(lines)
                if line.share_type == share_type
            ]
            if places and not self.is_merged:
                place = places[-1]
                quantity = lines[place].quantity + shares.quantity
                lines[place] = replace(lines[place], quantity=quantity)
            else:
                day = self.merged_on or self._first_day(lines)
                line = ShareLine(share_type, shares.quantity, shares.unit_price, day)
                lines.insert(0, line)
        return lines

    def _first_day(self, lines: Sequence[ShareLine]) -> Optional[date]:
        days = [line.date for line in lines] + [line.date for _n, line in self.lines]
        return min(filter(None, days), default=None)


def _run(operations: Iterable[Operation]) -> Dict[Hashable, _Account]:
    """Run operations without asking whether shares are there."""
    accounts: Dict[Hashable, _Account] = {}

    def account_of(partner: Hashable) -> _Account:
        return accounts.setdefault(partner, _Account())

    for one in operations:
        account = account_of(one.partner)
        if one.kind == SUBSCRIPTION:
            for shares in one.shares:
                account.append(one.number, _make_line(shares, one))
        elif one.kind == CONVERSION:
            if one.converted:
                account.convert(one)
        else:
            (shares,) = one.shares
            account.take(shares)
            if one.kind == TRANSFER:
                account_of(one.receiver).append(one.number, _make_line(shares, one))
    return accounts


def _make_line(shares: Shares, operation: Operation) -> ShareLine:
    return ShareLine(
        shares.share_type,
        shares.quantity,
        shares.unit_price,
        operation.date,
        operation.request,
        operation.operation_request,
    )
