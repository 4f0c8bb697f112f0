"""What has happened to a register since it was looked at last, as entries to add.

A register of paper keeps each line that was ever written: one that is wrong is struck
through and stays legible. Odoo's has only the lines that are right today. So each line is
entered once, in the order of writing, and what happens to it is an entry of its own:

>>> from datetime import date
>>> line = RegisterLine(7, 1, "subscription", "Alice", "A", 3, 25, date(2026, 1, 31))
>>> [(event.kind, event.line.id) for event in find_events([], [line])]
[('entered', 7)]
>>> known = [Remembered(1, line)]
>>> find_events(known, [line])
()
>>> right = replace(line, id=8, partner="Bruno")
>>> [(event.kind, event.entry, event.line.id) for event in find_events(known, [right])]
[('struck', 1, 7), ('entered', None, 8)]

A line that comes back is reinstated, one that is written on is changed:

>>> struck = [Remembered(1, line, is_struck=True)]
>>> [(event.kind, event.entry) for event in find_events(struck, [line])]
[('reinstated', 1)]
>>> moved = replace(line, number=5)
>>> [(event.kind, event.line.number) for event in find_events(known, [moved])]
[('changed', 5)]

A line that was taken back and made again says the same as before: its entry goes on.

>>> again = replace(line, id=9)
>>> [(event.kind, event.entry, event.line.id) for event in find_events(known, [again])]
[('remade', 1, 9)]

Entries are counted as they come. What each of them changes of whose shares:

>>> get_movements(line), get_movements(replace(line, kind="sell_back"))
((Movement(partner='Alice', share_type='A', quantity=3),),
 (Movement(partner='Alice', share_type='A', quantity=-3),))
>>> get_movements(replace(line, kind="transfer", receiver="Bruno"))
(Movement(partner='Alice', share_type='A', quantity=-3),
 Movement(partner='Bruno', share_type='A', quantity=3))
"""

from collections import Counter, defaultdict
from dataclasses import astuple, dataclass, replace
from datetime import date as Date
from typing import Any, Dict, Hashable, Iterable, List, Optional, Tuple

from .operation import CONVERSION, SELL_BACK, TRANSFER

ENTERED = "entered"
STRUCK = "struck"
CHANGED = "changed"
REINSTATED = "reinstated"
#: No entry: the line is another row of the database with the same words.
REMADE = "remade"


@dataclass(frozen=True)
class RegisterLine:
    """A line of the register of operations.

    :param id: its identity
    :param number: operation number
    :param kind: as of :mod:`.operation`
    :param receiver: of a transfer
    :param price: of one share
    :param date: when it is effective
    :param converted_type: what the shares of a conversion become
    :param converted_quantity: how many these are
    """

    id: Hashable
    number: int
    kind: str
    partner: Hashable
    share_type: Hashable
    quantity: int
    price: Any
    date: Optional[Date]
    receiver: Optional[Hashable] = None
    converted_type: Optional[Hashable] = None
    converted_quantity: int = 0

    @property
    def content(self) -> Tuple:
        """All that it says, without its identity."""
        return astuple(self)[1:]


@dataclass(frozen=True)
class Remembered:
    """A line that was entered.

    :param entry: the number of its entry
    :param line: what it says since it was changed last
    """

    entry: int
    line: RegisterLine
    is_struck: bool = False


@dataclass(frozen=True)
class Event:
    """Something that has happened to a line.

    :param kind: ``entered``, ``struck``, ``changed``, ``reinstated`` or ``remade``
    :param line: as it is now; of a struck one as it was
    :param entry: the entry that it happens to; ``None`` for a new line
    """

    kind: str
    line: RegisterLine
    entry: Optional[int] = None


@dataclass(frozen=True)
class Movement:
    """Shares that somebody gets, or loses where the quantity is negative."""

    partner: Hashable
    share_type: Hashable
    quantity: int


def find_events(
    remembered: Iterable[Remembered], lines: Iterable[RegisterLine]
) -> Tuple[Event, ...]:
    """Find what has happened to a register.

    What is plainly unchanged may be left out of both.

    :param remembered: what is known of its lines
    :param lines: its lines today
    :return: lines struck first, then changed, reinstated and new ones, each kind in the
        order in which they were written
    """
    known = sorted(remembered, key=lambda one: one.entry)
    valid = {one.line.id: one for one in known if not one.is_struck}
    struck = {one.line.id: one for one in known if one.is_struck}
    today = {line.id: line for line in lines}
    changed = [
        Event(CHANGED, today[one.line.id], one.entry)
        for one in valid.values()
        if one.line.id in today and one.line != today[one.line.id]
    ]
    gone = defaultdict(list)
    for one in valid.values():
        if one.line.id not in today:
            gone[one.line.content].append(one)
    remade: List[Event] = []
    reinstated: List[Event] = []
    entered: List[Event] = []
    for line in sorted(today.values(), key=lambda one: one.id):
        if line.id in valid:
            continue
        same = gone.get(line.content)
        if same:
            remade.append(Event(REMADE, line, same.pop(0).entry))
        elif line.id in struck:
            reinstated += _reinstate(struck[line.id], line)
        else:
            entered.append(Event(ENTERED, line))
    removed = [
        Event(STRUCK, one.line, one.entry) for same in gone.values() for one in same
    ]
    return (
        *sorted(removed, key=lambda event: event.entry or 0),
        *remade,
        *changed,
        *reinstated,
        *entered,
    )


def _reinstate(known: Remembered, line: RegisterLine) -> List[Event]:
    """Return what has happened to a struck line that is there again."""
    back = [Event(REINSTATED, known.line, known.entry)]
    if line != known.line:
        back.append(Event(CHANGED, line, known.entry))
    return back


def get_movements(line: RegisterLine) -> Tuple[Movement, ...]:
    """Return whose shares a line changes, the giver first."""
    given = Movement(line.partner, line.share_type, -line.quantity)
    if line.kind == SELL_BACK:
        return (given,)
    if line.kind == TRANSFER:
        return (given, replace(given, partner=line.receiver, quantity=line.quantity))
    if line.kind == CONVERSION:
        got = Movement(line.partner, line.converted_type, line.converted_quantity)
        return (given, got)
    return (replace(given, quantity=line.quantity),)


def get_event_movements(
    event: Event, before: Optional[RegisterLine] = None
) -> Tuple[Movement, ...]:
    """Return whose shares an event changes.

    :param before: of a changed line, what it said before

    >>> from datetime import date
    >>> line = RegisterLine(7, 1, "subscription", "Alice", "A", 3, 25, date(2026, 1, 31))
    >>> get_event_movements(Event(STRUCK, line, 1))
    (Movement(partner='Alice', share_type='A', quantity=-3),)
    >>> get_event_movements(Event(CHANGED, replace(line, quantity=5), 1), line)
    (Movement(partner='Alice', share_type='A', quantity=2),)
    >>> get_event_movements(Event(CHANGED, replace(line, number=2), 1), line)
    ()
    """
    if event.kind in (ENTERED, REINSTATED):
        return get_movements(event.line)
    if event.kind == STRUCK:
        return _reverse(get_movements(event.line))
    if event.kind == CHANGED and before:
        movements = (*_reverse(get_movements(before)), *get_movements(event.line))
        sums: Counter = Counter()
        for one in movements:
            sums[one.partner, one.share_type] += one.quantity
        return tuple(Movement(*key, number) for key, number in sums.items() if number)
    return ()


def _reverse(movements: Iterable[Movement]) -> Tuple[Movement, ...]:
    return tuple(replace(one, quantity=-one.quantity) for one in movements)


def read_register(entries: Iterable[Event]) -> Tuple[RegisterLine, ...]:
    """Return the register that entries give, read from the first one on.

    :param entries: entered lines with their number as ``entry``, and what happened to them

    >>> from datetime import date
    >>> line = RegisterLine(7, 1, "subscription", "Alice", "A", 3, 25, date(2026, 1, 31))
    >>> entered = Event(ENTERED, line, 1)
    >>> read_register([entered, Event(STRUCK, line, 1)])
    ()
    >>> again = Event(REINSTATED, line, 1)
    >>> read_register([entered, Event(STRUCK, line, 1), again]) == (line,)
    True
    """
    lines: Dict[Optional[int], RegisterLine] = {}
    for one in entries:
        if one.kind == STRUCK:
            lines.pop(one.entry)
        else:
            lines[one.entry] = one.line
    in_order = sorted(lines.values(), key=lambda line: (line.number, line.id))
    return tuple(in_order)
