"""Free, hand out and move numbers.

The same rules hold for operation numbers and for cooperator numbers:

* with ``reuse``, numbers freed at the end go back into the sequence, as in the manual
  procedure: the lowest of them becomes the next number. A number freed further down goes to
  the one who takes the place of its former holder;
* with ``keep_gap`` and ``append`` a freed number is never given again, the last one neither;
* whoever needs a number and gets no freed one draws the next number;
* ``close_gap`` works like ``reuse``, then closes the gaps that are left: every higher
  number moves down.

``keep_gap`` and ``append`` differ where a request loses its operation and gets another one:
with ``keep_gap`` that takes the request's own number again, with ``append`` the next.

>>> pool = NumberPool(used={1, 2, 5}, freed={3, 4}, next_number=6)
>>> pool.next_number, sorted(pool.gaps)
(6, [3, 4])
>>> pool.take(3), pool.take(), pool.take(), sorted(pool.gaps), pool.next_number
(3, 6, 7, [4], 8)
>>> shifts = pool.close()
>>> shifts, pool.gaps, pool.next_number
((Shift(first=5, last=7, by=1),), set(), 7)
>>> [moved(number, shifts) for number in (3, 5, 6, 7)]
[3, 4, 5, 6]

>>> pool = NumberPool(used={1, 2}, freed={3, 4}, next_number=9)
>>> pool.next_number, pool.take(4), pool.next_number
(3, 3, 4)

A pool that keeps freed numbers never sets its sequence back, and a number that an earlier
correction has kept is not drawn again:

>>> pool = NumberPool(used={1, 2}, freed={3}, next_number=4, keeps_freed=True)
>>> pool.take(), sorted(pool.gaps)
(4, [3])
>>> pool = NumberPool(used={1, 2}, freed={3}, next_number=5, reserved={4})
>>> pool.take(), sorted(pool.gaps)
(5, [3])

What was wrong before is left alone. A number that somebody else has as well is not freed, and
a sequence that is behind stays behind; whoever would need it collides:

>>> pool = NumberPool(used={1, 2, 5}, freed={2, 6}, next_number=5)
>>> sorted(pool.gaps), pool.take(6), pool.take(2), pool.collisions
([6], 6, 5, [5])
"""

from collections import Counter
from dataclasses import dataclass
from typing import Iterable, List, Optional, Sequence, Set, Tuple

REUSE = "reuse"
KEEP_GAP = "keep_gap"
CLOSE_GAP = "close_gap"
APPEND = "append"
# with these a freed number is never given again
KEEPING = (KEEP_GAP, APPEND)


@dataclass(frozen=True)
class Shift:
    """Numbers that move down together.

    :param first: the lowest number that moves
    :param last: the highest number that moves
    :param by: by how much; a negative shift moves up
    """

    first: int
    last: int
    by: int


def moved(number: int, shifts: Iterable[Shift]) -> int:
    """Return ``number`` after ``shifts``, unchanged if none of them contains it."""
    for shift in shifts:
        if shift.first <= number <= shift.last:
            return number - shift.by
    return number


def unused(numbers: Iterable[int]) -> Tuple[int, ...]:
    """Return the missing numbers between the lowest and the highest.

    >>> unused([9, 3, 5, 6]), unused([])
    ((4, 7, 8), ())
    """
    present = set(numbers)
    if not present:
        return ()
    return tuple(sorted(set(range(min(present), max(present))) - present))


def doubles(numbers: Iterable[int]) -> Tuple[int, ...]:
    """Return the numbers that are there more than once.

    >>> doubles([3, 1, 3, 2, 1])
    (1, 3)
    """
    counted = Counter(numbers)
    return tuple(sorted(number for number, times in counted.items() if times > 1))


def back(shifts: Iterable[Shift]) -> Tuple[Shift, ...]:
    """Return the shifts that undo ``shifts``.

    >>> shifts = (Shift(4, 5, 1), Shift(7, 9, 2))
    >>> [moved(moved(number, shifts), back(shifts)) for number in (2, 4, 5, 7, 9)]
    [2, 4, 5, 7, 9]
    """
    return tuple(
        Shift(shift.first - shift.by, shift.last - shift.by, -shift.by)
        for shift in shifts
    )


class NumberPool:
    """Numbers of one kind in one company, to hand out while a plan is made.

    :param used: numbers that stay in use
    :param freed: numbers that the removed operations free
    :param next_number: the sequence's next number today
    :param keeps_freed: whether freed numbers stay unused for good
    :param reserved: numbers that stay unused for good since an earlier correction
    :ivar collisions: numbers handed out that somebody has already
    """

    def __init__(
        self,
        used: Iterable[int],
        freed: Iterable[int],
        next_number: int,
        keeps_freed: bool = False,
        reserved: Iterable[int] = (),
    ):
        self.used = set(used)
        highest = max(self.used.union(reserved), default=0)
        self.gaps: Set[int] = set(freed) - self.used
        self.next_number = next_number
        self.collisions: List[int] = []
        if next_number > highest and not keeps_freed:
            returned = {number for number in self.gaps if number > highest}
            self.gaps -= returned
            self.next_number = min(returned, default=next_number)

    def take(self, preferred: Optional[int] = None) -> int:
        """Hand out ``preferred`` if it is a gap, otherwise the next number."""
        if preferred in self.gaps:
            self.gaps.remove(preferred)
            return self._use(preferred)
        number = self.next_number
        self.next_number += 1
        return self._use(number)

    def claim(self, number: int) -> int:
        """Hand out a number that a person has chosen, be it unused since long.

        >>> pool = NumberPool(used={1, 3}, freed=(), next_number=4)
        >>> pool.claim(2), pool.claim(3), pool.collisions
        (2, 3, [3])
        """
        self.gaps.discard(number)
        if number >= self.next_number:
            self.next_number = number + 1
        return self._use(number)

    def _use(self, number: int) -> int:
        if number in self.used:
            self.collisions.append(number)
        self.used.add(number)
        return number

    def close(self) -> Tuple[Shift, ...]:
        """Close the gaps and return the shifts that this takes, lowest first.

        >>> pool = NumberPool(used={1, 3, 5}, freed={2, 4}, next_number=4)
        >>> pool.close(), pool.next_number
        ((Shift(first=3, last=3, by=1), Shift(first=5, last=5, by=2)), 3)
        """
        gaps: Sequence[int] = sorted(self.gaps)
        # a sequence that is behind goes on below numbers that are in use
        end = max(self.next_number, max(self.used, default=0) + 1)
        ends = [*gaps[1:], end]
        shifts = tuple(
            Shift(gap + 1, end - 1, by)
            for by, (gap, end) in enumerate(zip(gaps, ends), start=1)
            if gap + 1 < end
        )
        self.next_number -= sum(gap < self.next_number for gap in gaps)
        self.gaps = set()
        return shifts
