"""Plain text tables whose columns are aligned."""

from __future__ import annotations

from collections.abc import Sequence

GAP = "   "


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as lines; the first row is the heading. A row may have fewer cells.

    >>> print(table([("person", "shares"), ("Alice", "3"), ("Bo", "12")]))
    person   shares
    ---------------
    Alice    3
    Bo       12
    """
    columns = max(len(row) for row in rows)
    filled = [[*row, *[""] * (columns - len(row))] for row in rows]
    widths = [max(map(len, column)) for column in zip(*filled)]
    lines = [
        GAP.join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
        for row in filled
    ]
    rule = "-" * (sum(widths) + len(GAP) * (columns - 1))
    return "\n".join([lines[0], rule, *lines[1:]])
