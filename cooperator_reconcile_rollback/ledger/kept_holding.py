"""Carry a change over to a holding that the register does not explain.

Where nothing explains what a partner has, only what a correction changes is applied to it;
all else stays.

>>> from datetime import date
>>> day = date(2026, 1, 31)
>>> def line(quantity):
...     return ShareLine("A", quantity, 50.0, day)
>>> expected = Holding("Anna", (line(5), line(2)), member=True, number=11)
>>> planned = Holding("Anna", (line(5),), member=True, number=11)
>>> actual = Holding("Anna", (line(4), line(2)), member=True, number=11)
>>> [one.quantity for one in carry_over(actual, expected, planned).lines]
[4]

A line that is not there any more needs no removal:

>>> actual = Holding("Anna", (line(4),), member=True, number=11)
>>> [one.quantity for one in carry_over(actual, expected, planned).lines]
[4]
"""

from dataclasses import replace
from difflib import SequenceMatcher

from .holding import Holding, ShareLine


def carry_over(actual: Holding, expected: Holding, planned: Holding) -> Holding:
    """Apply to ``actual`` what turns ``expected`` into ``planned``.

    :param actual: what the partner has
    :param expected: what the register gives
    :param planned: what the register gives after the correction
    """
    lines = list(actual.lines)
    matcher = SequenceMatcher(None, expected.lines, planned.lines, autojunk=False)
    for tag, first, last, new_first, new_last in matcher.get_opcodes():
        if tag == "equal":
            continue
        place = len(lines)
        for line in expected.lines[first:last]:
            found = _find_last(lines, line)
            if found is not None:
                del lines[found]
                place = min(place, found)
        place = min(place, len(lines))
        lines[place:place] = planned.lines[new_first:new_last]
    changed = {
        name: getattr(planned, name)
        for name in ("member", "old_member", "number")
        if getattr(planned, name) != getattr(expected, name)
    }
    return replace(actual, lines=tuple(lines), **changed)


def _find_last(lines, line: ShareLine):
    """Return the place of the last line that is equal, ``None`` without one."""
    places = [place for place, other in enumerate(lines) if other == line]
    return places[-1] if places else None
