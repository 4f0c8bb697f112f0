"""How records that exist are brought to a planned list.

Share lines have no order but that of their creation, and other modules refer to them:
a record whose values are planned unchanged is left alone.

>>> arrange({1: "a", 2: "b", 3: "c"}, ["a", "c"])
Arrangement(written={}, removed=(2,), created=())
>>> arrange({1: "a", 2: "b"}, ["a", "b*"])
Arrangement(written={2: 'b*'}, removed=(), created=())
>>> arrange({1: "a"}, ["a", "b"])
Arrangement(written={}, removed=(), created=('b',))

A new value can only be created last. Where it belongs in between, the values move:

>>> arrange({1: "b", 2: "a"}, ["a", "b"])
Arrangement(written={1: 'a', 2: 'b'}, removed=(), created=())
"""

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Any, Dict, Hashable, Mapping, Sequence, Tuple


@dataclass(frozen=True)
class Arrangement:
    """What has to be done.

    :param written: new value by record
    :param removed: records without a place in the plan
    :param created: values that need a new record, in order
    """

    written: Mapping[Any, Hashable]
    removed: Tuple[Any, ...]
    created: Tuple[Hashable, ...]


def arrange(current: Mapping[Any, Hashable], planned: Sequence) -> Arrangement:
    """What turns ``current`` (value by record, in order) into ``planned`` (values)."""
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
    return Arrangement(written, removed, created)


def _common(some: Sequence, others: Sequence) -> int:
    """How many values two lists have in common from the start on."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(some, others))
    return sum(1 for _pair in pairs)


def _rewrite(current: Mapping[Any, Hashable], planned: Sequence) -> Arrangement:
    """The same, record by record from the first one on."""
    records = list(current)
    return Arrangement(
        written={
            record: value
            for record, value in zip(records, planned)
            if current[record] != value
        },
        removed=tuple(records[len(planned) :]),
        created=tuple(planned[len(records) :]),
    )
