"""What a page shows of a long list.

Paper ends somewhere: a page shows the first rows and says how many more there are.

>>> shown = excerpt(["a", "b", "c"], 2)
>>> shown.rows, shown.more
(('a', 'b'), 1)
>>> excerpt(["a", "b"], 2).more
0
"""

from dataclasses import dataclass
from typing import Any, Iterable, Sequence, Tuple


@dataclass(frozen=True)
class Excerpt:
    """The first rows of a list.

    :param rows: those that are shown
    :param total: how many the list has
    """

    rows: Tuple[Any, ...]
    total: int

    @property
    def more(self) -> int:
        """How many rows are not shown."""
        return self.total - len(self.rows)


def excerpt(rows: Sequence[Any], limit: int) -> Excerpt:
    """The first ``limit`` of ``rows``."""
    return Excerpt(tuple(rows[:limit]), len(rows))


def ranges(numbers: Iterable[int]) -> Tuple[str, ...]:
    """Numbers in order, those that follow each other as one.

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
