"""Turn existing records into a planned list with few writes.

Share lines are ordered by their creation only, and other modules refer to them. Records
that keep their values are therefore left alone:

>>> diff_list({1: "a", 2: "b", 3: "c"}, ["a", "c"])
ListDiff(written={}, removed=(2,), created=())
>>> diff_list({1: "a", 2: "b"}, ["a", "b*"])
ListDiff(written={2: 'b*'}, removed=(), created=())
>>> diff_list({1: "a"}, ["a", "b"])
ListDiff(written={}, removed=(), created=('b',))

A new record always comes last. To insert a value in between, the values move:

>>> diff_list({1: "b", 2: "a"}, ["a", "b"])
ListDiff(written={1: 'a', 2: 'b'}, removed=(), created=())
"""

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Any, Dict, Hashable, Mapping, Sequence, Tuple


@dataclass(frozen=True)
class ListDiff:
    """What has to be written, removed and created.

    :param written: new value by record
    :param removed: records that are not in the planned list
    :param created: values that need a new record, in order
    """

    written: Mapping[Any, Hashable]
    removed: Tuple[Any, ...]
    created: Tuple[Hashable, ...]


def diff_list(current: Mapping[Any, Hashable], planned: Sequence) -> ListDiff:
    """Return what turns ``current`` into ``planned``.

    :param current: value by record, in order
    :param planned: the values that the records are to have, in order
    """
    records = list(current)
    values = list(current.values())
    planned = list(planned)
    first = _common(values, planned)
    last = _common(values[first:][::-1], planned[first:][::-1])
    matcher = SequenceMatcher(
        None,
        values[first : len(values) - last],
        planned[first : len(planned) - last],
        autojunk=False,
    )
    written: Dict[Any, Hashable] = {}
    removed: Tuple[Any, ...] = ()
    created: Tuple[Hashable, ...] = ()
    for tag, *bounds in matcher.get_opcodes():
        if tag == "equal":
            continue
        start, end, planned_start, planned_end = (first + bound for bound in bounds)
        surplus = (planned_end - planned_start) - (end - start)
        if surplus > 0 and end < len(records):
            return _rewrite(current, planned)
        pairs = list(zip(records[start:end], planned[planned_start:planned_end]))
        written.update(pairs)
        removed += tuple(records[start + len(pairs) : end])
        created += tuple(planned[planned_start + len(pairs) : planned_end])
    return ListDiff(written, removed, created)


def _common(some: Sequence, others: Sequence) -> int:
    """Count the values that two lists have in common from the start."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(some, others))
    return sum(1 for _pair in pairs)


def _rewrite(current: Mapping[Any, Hashable], planned: Sequence) -> ListDiff:
    """Write the planned values record by record, from the first one on."""
    records = list(current)
    return ListDiff(
        written={
            record: value
            for record, value in zip(records, planned)
            if current[record] != value
        },
        removed=tuple(records[len(planned) :]),
        created=tuple(planned[len(records) :]),
    )
