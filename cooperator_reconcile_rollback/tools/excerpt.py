"""The part of a long list that a page shows.

A page shows the first rows and says how many more there are.

>>> shown = Excerpt.of(["a", "b", "c"], 2)
>>> shown.rows, shown.more
(('a', 'b'), 1)
>>> Excerpt.of(["a", "b"]).more
0
>>> shown.first(1).more
2
"""

from dataclasses import dataclass
from typing import Any, Iterable, Optional, Sequence, Tuple


@dataclass(frozen=True)
class Excerpt:
    """The first rows of a list.

    :param rows: those that are shown
    :param total: how many the list has
    """

    rows: Tuple[Any, ...] = ()
    total: int = 0

    @classmethod
    def of(cls, rows: Sequence[Any], limit: Optional[int] = None) -> "Excerpt":
        """Return the first ``limit`` of ``rows``; all of them without a limit."""
        return cls(tuple(rows[:limit]), len(rows))

    @property
    def more(self) -> int:
        """The number of rows that are not shown."""
        return self.total - len(self.rows)

    def first(self, limit: int) -> "Excerpt":
        """Return a shorter excerpt of the same list."""
        return Excerpt(self.rows[:limit], self.total)

    def __add__(self, other: "Excerpt") -> "Excerpt":
        """Return both lists, one after the other.

        >>> both = Excerpt.of("ab") + Excerpt.of("cde", 1)
        >>> both.rows, both.more
        (('a', 'b', 'c'), 2)
        """
        return Excerpt(self.rows + other.rows, self.total + other.total)


def ranges(numbers: Iterable[int]) -> Tuple[str, ...]:
    """Return numbers in order, consecutive ones as one range.

    >>> ranges([7, 1, 2, 3, 9, 10])
    ('1–3', '7', '9–10')
    >>> ranges([])
    ()
    """
    found = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return tuple(
        str(first) if first == last else "%s–%s" % (first, last)
        for first, last in found
    )
