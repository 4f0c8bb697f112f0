"""Which numbers a correction frees, takes and moves.

The same rules hold for operation numbers and for cooperator numbers:

* numbers freed at the end of a row go back into the sequence, as in the manual
  procedure: the next number is the lowest of them;
* a number freed further down stays free (``keep_gap``), or goes to who takes the
  place of its former holder (``reuse``);
* who needs a number and finds no freed one draws the next;
* ``close_gap`` is ``reuse``, and what is still free then is closed: every higher number
  moves down.

>>> row = Row(used={1, 2, 5}, freed={3, 4}, following=6)
>>> row.following, sorted(row.gaps)
(6, [3, 4])
>>> row.take(3), row.take(), row.take(), sorted(row.gaps), row.following
(3, 6, 7, [4], 8)
>>> shifts = row.close()
>>> shifts, row.gaps, row.following
((Shift(first=5, last=7, by=1),), set(), 7)
>>> [moved(number, shifts) for number in (3, 5, 6, 7)]
[3, 4, 5, 6]

>>> row = Row(used={1, 2}, freed={3, 4}, following=9)
>>> row.following, row.take(4), row.following
(3, 3, 4)
"""

from dataclasses import dataclass
from typing import Iterable, Optional, Sequence, Tuple

REUSE = "reuse"
KEEP_GAP = "keep_gap"
CLOSE_GAP = "close_gap"


@dataclass(frozen=True)
class Shift:
    """Numbers that move down together.

    :param first: the lowest number that moves
    :param last: the highest number that moves
    :param by: by how many numbers; up where it is negative
    """

    first: int
    last: int
    by: int


def moved(number: int, shifts: Iterable[Shift]) -> int:
    """``number`` after ``shifts``; the same where none of them concerns it."""
    for shift in shifts:
        if shift.first <= number <= shift.last:
            return number - shift.by
    return number


def unused(numbers: Iterable[int]) -> Tuple[int, ...]:
    """The numbers that are missing between the lowest and the highest.

    >>> unused([9, 3, 5, 6]), unused([])
    ((4, 7, 8), ())
    """
    present = set(numbers)
    if not present:
        return ()
    return tuple(sorted(set(range(min(present), max(present))) - present))


def back(shifts: Iterable[Shift]) -> Tuple[Shift, ...]:
    """The shifts that undo ``shifts``.

    >>> shifts = (Shift(4, 5, 1), Shift(7, 9, 2))
    >>> [moved(moved(number, shifts), back(shifts)) for number in (2, 4, 5, 7, 9)]
    [2, 4, 5, 7, 9]
    """
    return tuple(
        Shift(shift.first - shift.by, shift.last - shift.by, -shift.by)
        for shift in shifts
    )


class Row:
    """Numbers of one kind in one company, while a plan hands them out.

    :param used: numbers that stay in use
    :param freed: numbers that the removed operations leave
    :param following: the sequence's next number today
    """

    def __init__(self, used: Iterable[int], freed: Iterable[int], following: int):
        highest = max(used, default=0)
        freed = set(freed)
        returned = {number for number in freed if number > highest}
        self.gaps = freed - returned
        self.following = min(returned, default=following)

    def take(self, preferred: Optional[int] = None) -> int:
        """Hand out ``preferred`` where it is a gap, else the next number."""
        if preferred in self.gaps:
            self.gaps.remove(preferred)
            return preferred
        number = self.following
        self.following += 1
        return number

    def close(self) -> Tuple[Shift, ...]:
        """Close the gaps; what moves for it, lowest first."""
        gaps: Sequence[int] = sorted(self.gaps)
        ends = [*gaps[1:], self.following]
        shifts = tuple(
            Shift(gap + 1, end - 1, by)
            for by, (gap, end) in enumerate(zip(gaps, ends), start=1)
            if gap + 1 < end
        )
        self.following -= len(gaps)
        self.gaps = set()
        return shifts
