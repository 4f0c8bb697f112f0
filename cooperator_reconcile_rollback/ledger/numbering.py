"""Which numbers a correction frees, and which ones its right operations take.

The same rules hold for operation numbers and for cooperator numbers:

* numbers freed at the end of a row go back into the sequence, as in the manual
  procedure: the next number is the lowest of them;
* a number freed further down stays free (``keep_gap``), or goes to who takes the
  place of its former holder (``reuse``);
* who needs a number and finds no freed one draws the next.

>>> row = Row(used={1, 2, 5}, freed={3, 4}, following=6)
>>> row.following, sorted(row.gaps)
(6, [3, 4])
>>> row.take(3), row.take(), row.take(), sorted(row.gaps), row.following
(3, 6, 7, [4], 8)

>>> row = Row(used={1, 2}, freed={3, 4}, following=9)
>>> row.following, row.take(4), row.following
(3, 3, 4)
"""

from typing import Iterable, Optional

REUSE = "reuse"
KEEP_GAP = "keep_gap"


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
