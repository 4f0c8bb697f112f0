"""Store JSON values with a version, and read what earlier releases stored.

A stored text outlives the release that wrote it: forms, reports and reverts of later
releases read it. It is never rewritten, as the hashes of a rollback cover it.

The version of a kind of value is the number of its upgrades. Each of them turns a value
into the shape of the next version. The first releases wrote no version: their texts are
version 0.

>>> dump("batch", {"lines": [4, 5]})
'{"version": 2, "lines": [4, 5]}'
>>> load("batch", '{"version": 1, "lines": [4, 5]}')
{'lines': [4, 5]}
>>> load("batch", '{"lines": [4, 5]}')
{'lines': [4, 5]}

To change the shape of a kind, add an upgrade to :data:`UPGRADES`. A key that is only added
needs none if its reader has a default for it:

>>> UPGRADES["color"] = (lambda value: {"name": value["colour"]},)
>>> load("color", '{"colour": "red"}'), load("color", '{"version": 1, "name": "red"}')
({'name': 'red'}, {'name': 'red'})
>>> del UPGRADES["color"]

What a later release wrote may mean something else and is refused:

>>> load("batch", '{"version": 99}') # doctest: +IGNORE_EXCEPTION_DETAIL
Traceback (most recent call last):
...
LaterVersionError: batch has version 99, this release reads up to 2
"""

import json
from dataclasses import fields
from typing import (
    Any,
    Callable,
    Dict,
    Iterable,
    Mapping,
    MutableMapping,
    Optional,
    Sequence,
    Tuple,
)

Value = Mapping[str, Any]
Upgrade = Callable[[Value], Value]

VERSION = "version"
PLAN = "plan"
BATCH = "batch"
KEPT = "kept"
SNAPSHOT = "snapshot"
FINDING = "finding"
FIX = "fix"
OPENING = "opening"
ACCOUNTING = "accounting"
EVIDENCE = "evidence"
EVIDENCE_BOOKS = "evidence_books"
DRY_RUN = "dry_run"
EFFECTS = "effects"


class LaterVersionError(ValueError):
    """A later release wrote the text."""


def _add_version(value: Value) -> Value:
    """Version 1 has the same shape as the texts without a version."""
    return value


def _read_values_as_rows(value: Value) -> Value:
    """Version 2 keeps whole rows of the register, not the values of some fields.

    The ORM reads an empty column as ``False``.
    """
    if "values" not in value:
        return value
    rows = [
        {name: None if cell is False else cell for name, cell in row.items()}
        for row in value["values"]
    ]
    kept = {name: value[name] for name in value if name != "values"}
    return {**kept, "rows": rows}


#: Upgrades by kind, oldest first. An add-on that stores values adds its own kinds.
UPGRADES: MutableMapping[str, Sequence[Upgrade]] = {
    PLAN: (_add_version,),
    BATCH: (_add_version, _read_values_as_rows),
    KEPT: (_add_version,),
    SNAPSHOT: (_add_version,),
    FINDING: (_add_version,),
    FIX: (_add_version,),
    OPENING: (_add_version,),
    # these have always had a version, 0 so far
    ACCOUNTING: (),
    EVIDENCE: (),
    EVIDENCE_BOOKS: (),
    DRY_RUN: (),
    EFFECTS: (),
}


def dump(kind: str, value: Value, indent: Optional[int] = None) -> str:
    """Return ``value`` as a JSON text with the current version of its kind.

    :param kind: a key of :data:`UPGRADES`
    :param value: JSON values; others, such as dates, become text
    :param indent: for texts that people read
    """
    versioned = {VERSION: len(UPGRADES[kind]), **value}
    return json.dumps(
        versioned, default=str, indent=indent, ensure_ascii=indent is None
    )


def load(kind: str, text: str) -> Dict[str, Any]:
    """Return the value stored as ``text``, in today's shape and without its version.

    :param kind: a key of :data:`UPGRADES`
    :raises LaterVersionError: a later release wrote it
    """
    value = json.loads(text)
    version = value.pop(VERSION, 0)
    upgrades = UPGRADES[kind]
    if version > len(upgrades):
        raise LaterVersionError(
            "%s has version %s, this release reads up to %s"
            % (kind, version, len(upgrades))
        )
    for upgrade in upgrades[version:]:
        value = upgrade(value)
    return dict(value)


def make_reader(cls: type, **readers: Callable) -> Callable[[Value], Any]:
    """Return a function that makes a ``cls`` of its JSON values.

    Values that ``cls`` has no field for are left out, missing ones have its defaults.

    :param cls: a dataclass
    :param readers: functions that make the values of certain fields

    >>> from .numbering import Shift
    >>> make_reader(Shift)({"first": 4, "last": 6, "by": 1, "reason": "gap"})
    Shift(first=4, last=6, by=1)
    """
    names = frozenset(field.name for field in fields(cls))

    def read(values):
        known = {name: value for name, value in values.items() if name in names}
        for name, read_value in readers.items():
            if known.get(name) is not None:
                known[name] = read_value(known[name])
        return cls(**known)

    return read


def read_each(read: Callable) -> Callable[[Iterable], Tuple]:
    """Return a function that reads each of several values."""
    return lambda values: tuple(map(read, values))
