"""Compare the rows of a table before and after a change, to undo it.

Rows are dictionaries of JSON values, by id. Kept are the ids of created rows, deleted
rows as a whole, and the old values of changed columns.

>>> before = {1: {"id": 1, "shares": 2}, 2: {"id": 2, "shares": 5}}
>>> after = {2: {"id": 2, "shares": 4}, 3: {"id": 3, "shares": 1}}
>>> kept = difference(before, after)
>>> kept["created"], kept["deleted"], kept["changed"]
([3], [{'id': 1, 'shares': 2}], [{'id': 2, 'shares': 5}])
>>> undone(after, kept) == before
True

Only changed columns are set back. What somebody else wrote meanwhile stays:

>>> before = {1: {"id": 1, "state": "paid", "phone": "1"}}
>>> after = {1: {"id": 1, "state": "done", "phone": "1"}}
>>> undone({1: {"id": 1, "state": "done", "phone": "2"}}, difference(before, after))
{1: {'id': 1, 'state': 'paid', 'phone': '2'}}

User and time of the last change are not compared: undoing is a change as well.
"""

from typing import Any, Dict, Iterable, List, Mapping, Tuple

Row = Mapping[str, Any]
Rows = Mapping[int, Row]
Difference = Dict[str, list]

LAST_WRITTEN = ("write_uid", "write_date")


def difference(before: Rows, after: Rows) -> Difference:
    """Return what undoes the change from ``before`` to ``after``, as JSON values.

    :return: ``created`` ids, ``deleted`` rows, and ``changed``: each row's id and the
        old values of the columns that changed
    """
    changed = []
    for row_id in sorted(before.keys() & after.keys()):
        old = {
            column: value
            for column, value in before[row_id].items()
            if after[row_id].get(column) != value and column not in LAST_WRITTEN
        }
        if old:
            changed.append({"id": row_id, **old})
    return {
        "created": sorted(after.keys() - before.keys()),
        "deleted": [before[row_id] for row_id in sorted(before.keys() - after.keys())],
        "changed": changed,
    }


def undone(rows: Rows, kept: Difference) -> Dict[int, Row]:
    """Return ``rows`` with the change undone that :func:`difference` kept."""
    restored = {
        row_id: row for row_id, row in rows.items() if row_id not in kept["created"]
    }
    for row in kept["deleted"]:
        restored[row["id"]] = row
    for row in kept["changed"]:
        restored[row["id"]] = {**restored[row["id"]], **row}
    return restored


def by_columns(rows: Iterable[Row]) -> Dict[Tuple[str, ...], List[Row]]:
    """Group ``rows`` by the names of their columns, without ``id``.

    >>> rows = [{"id": 1, "a": 2}, {"id": 2, "b": 3}, {"id": 3, "a": 4}]
    >>> [(columns, len(group)) for columns, group in by_columns(rows).items()]
    [(('a',), 2), (('b',), 1)]
    """
    groups: Dict[Tuple[str, ...], List[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(sorted(row.keys() - {"id"})), []).append(row)
    return groups
