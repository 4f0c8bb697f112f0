"""Copies of rows that belong together, made by PostgreSQL alone.

What somebody has entered once through Odoo (people, requests, payments, matches, operations)
is there as often as one likes within minutes. A copy refers to copies wherever the pattern
refers to the pattern, and otherwise to what the pattern refers to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

AT_ONCE = 1000
COLUMNS = """
    SELECT attname FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
    ORDER BY attnum
"""
REFERENCES = """
    SELECT attname, confrelid::regclass::text
    FROM pg_constraint
    JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
    WHERE contype = 'f' AND conrelid = %s::regclass
"""
# SQL for columns that differ from copy to copy, by table and column: `t` is the row of the
# pattern, `n` the number of the copy
Renewed = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Span:
    """The ids of the pattern's rows in one table, from `first` to `last`."""

    first: int
    last: int

    def copied(self, column: str) -> str:
        """SQL for a column of a copy that refers to such a row.

        >>> Span(11, 14).copied("t.move")
        'CASE WHEN t.move BETWEEN 11 AND 14 THEN t.move + 4 * n ELSE t.move END'
        """
        width = self.last - self.first + 1
        return (
            f"CASE WHEN {column} BETWEEN {self.first} AND {self.last}"
            f" THEN {column} + {width} * n ELSE {column} END"
        )


def last_ids(cursor: Any, tables: Sequence[str]) -> dict[str, int]:
    """The highest id in each table, 0 in an empty one."""
    ids = {}
    for table in tables:
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
        (ids[table],) = cursor.fetchone()
    return ids


def copy_rows(
    cursor: Any, before: Mapping[str, int], times: int, renewed: Renewed
) -> None:
    """Add copies of all rows that have come into some tables.

    `before` is what `last_ids` gave before they came. No other row may have come since.
    """
    after = last_ids(cursor, list(before))
    spans = {table: Span(before[table] + 1, after[table]) for table in before}
    insertions = ", ".join(
        f"into_{table} AS ({insertion(cursor, table, spans, renewed.get(table, {}))})"
        for table in spans
    )
    for first in range(1, times + 1, AT_ONCE):
        last = min(times, first + AT_ONCE - 1)
        # tables refer to each other: references are checked when a statement has ended
        cursor.execute(
            f"WITH n AS (SELECT generate_series({first}, {last}) AS n), {insertions} SELECT"
        )
    for table in spans:
        cursor.execute(
            f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"
        )
        cursor.execute(f"ANALYZE {table}")


def insertion(
    cursor: Any, table: str, spans: Mapping[str, Span], renewed: Mapping[str, str]
) -> str:
    """The SQL statement that inserts copies of a table's rows."""
    cursor.execute(REFERENCES, [table])
    targets = {"id": table, **dict(cursor.fetchall())}
    cursor.execute(COLUMNS, [table])
    values = {}
    for (column,) in cursor.fetchall():
        target = spans.get(targets.get(column, ""))
        name = f't."{column}"'
        values[column] = target.copied(name) if target else name
    values.update({name: sql for name, sql in renewed.items() if name in values})
    names = ", ".join(f'"{name}"' for name in values)
    span = spans[table]
    return (
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values.values())}"
        f" FROM {table} t CROSS JOIN n WHERE t.id BETWEEN {span.first} AND {span.last}"
    )
