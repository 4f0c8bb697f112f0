"""What came of a measure: pairs of it and its yardstick, and the ratio that they give."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Pair:
    """How long the measured and its yardstick took, one right after the other, in seconds.

    >>> Pair(3.0, 2.0).ratio
    1.5
    """

    measured: float
    yardstick: float

    @property
    def ratio(self) -> float:
        return self.measured / self.yardstick


@dataclass(frozen=True)
class Outcome:
    """A measure with its goal: the highest ratio that is well.

    >>> outcome = Outcome("plan", [Pair(3, 2), Pair(2, 2), Pair(8, 2)], 2, "7 queries")
    >>> outcome.ratio, outcome.lowest, outcome.highest, outcome.is_reached
    (1.5, 1.0, 4.0, True)
    """

    name: str
    pairs: Sequence[Pair]
    goal: float
    note: str = ""

    @property
    def ratio(self) -> float:
        """The median: a machine that is busy for a moment does not move it."""
        return median(pair.ratio for pair in self.pairs)

    @property
    def lowest(self) -> float:
        return min(pair.ratio for pair in self.pairs)

    @property
    def highest(self) -> float:
        return max(pair.ratio for pair in self.pairs)

    @property
    def is_reached(self) -> bool:
        return self.ratio <= self.goal


HEADINGS = ("Measure", "Ratio", "Spread", "Goal", "Reached", "Besides")


def cells(outcome: Outcome) -> tuple[str, ...]:
    """An outcome as words.

    >>> cells(Outcome("plan", [Pair(3, 2), Pair(2, 2), Pair(8, 2)], 2, "7 queries"))
    ('plan', '1.50', '1.00 to 4.00, 3 pairs', '2', 'yes', '7 queries')
    """
    return (
        outcome.name,
        f"{outcome.ratio:.2f}",
        f"{outcome.lowest:.2f} to {outcome.highest:.2f}, {len(outcome.pairs)} pairs",
        f"{outcome.goal:g}",
        "yes" if outcome.is_reached else "no",
        outcome.note,
    )


def table(outcomes: Iterable[Outcome]) -> str:
    """Outcomes as a table in reStructuredText.

    >>> print(table([Outcome("plan", [Pair(3, 2)], 2)]))
    ======= ===== ===================== ==== ======= =======
    Measure Ratio Spread                Goal Reached Besides
    ======= ===== ===================== ==== ======= =======
    plan    1.50  1.50 to 1.50, 1 pairs 2    yes
    ======= ===== ===================== ==== ======= =======
    """
    rows = [HEADINGS, *map(cells, outcomes)]
    widths = [max(map(len, column)) for column in zip(*rows)]
    ruler = " ".join("=" * width for width in widths)
    lines = [
        " ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
        for row in rows
    ]
    return "\n".join([ruler, lines[0], ruler, *lines[1:], ruler])
