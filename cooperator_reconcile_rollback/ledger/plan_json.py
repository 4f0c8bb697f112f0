"""A plan as a JSON text and back, to keep it as evidence.

>>> import json
>>> from datetime import date
>>> from dataclasses import replace
>>> from .operation import SUBSCRIPTION
>>> from .plan import Correction, Register
>>> from .planning import make_plan
>>> shares = (Shares(5, 2, 50.0),)
>>> wrong = Operation(1, SUBSCRIPTION, 7, shares, date(2026, 1, 31), lines=(4,))
>>> plan = make_plan(Register((wrong,), {7: 3}, 2, 4), [Correction(wrong)])
>>> text = to_json(plan)
>>> from_json(text) == plan
True

Texts of earlier releases are read as well. What they lack has the default of its class,
what today's classes lack is left out:

>>> values = json.loads(text)
>>> del values["version"], values["unused_operations"]
>>> values["colour"] = "red"
>>> earlier = json.dumps(values)
>>> from_json(earlier).unused_operations is None
True

Such a plan is the same as one made today if all is equal that its release knew of:

>>> is_same_plan(earlier, plan), is_same_plan(earlier, replace(plan, later=9))
(True, False)
"""

from dataclasses import asdict
from datetime import date
from typing import Any

from .holding import Holding, ShareLine
from .numbering import Shift
from .opening import Added, Opening
from .operation import Operation, Shares
from .plan import Change, DoneByHand, Plan, Problem, SequenceChange
from .stored_json import PLAN, dump, load, make_reader, read_each


def to_json(plan: Plan) -> str:
    """Return ``plan`` as a JSON text.

    Partners, share types and requests must be JSON values.
    """
    return dump(PLAN, asdict(plan))


def from_json(text: str) -> Plan:
    """Return the plan that :func:`to_json` of this or an earlier release stored.

    :raises LaterVersionError: a later release stored it
    """
    return _read_plan(load(PLAN, text))


def is_same_plan(text: str, plan: Plan) -> bool:
    """Say whether ``plan``, made today, is the one stored as ``text``.

    Compared are the values, not the texts, and only what the release that stored it knew
    of: a planned or running rollback survives an update that adds a field to the plan.

    :raises LaterVersionError: a later release stored it; the two cannot be compared
    """
    today = to_json(plan)
    if today == text:
        # mostly this release stored it
        return True
    stored = load(PLAN, text)
    return _read_plan(_restrict(load(PLAN, today), stored)) == _read_plan(stored)


def _restrict(value: Any, known: Any) -> Any:
    """Drop all keys of ``value`` that ``known``, JSON values of the same shape, lacks."""
    if isinstance(value, dict) and isinstance(known, dict):
        return {
            name: _restrict(value[name], known[name]) for name in value if name in known
        }
    if isinstance(value, list) and isinstance(known, list) and len(value) == len(known):
        return [_restrict(*pair) for pair in zip(value, known)]
    return value


_read_shares = make_reader(Shares)
_read_operation = make_reader(
    Operation,
    shares=read_each(_read_shares),
    date=date.fromisoformat,
    converted=_read_shares,
    lines=tuple,
)
_read_share_line = make_reader(ShareLine, date=date.fromisoformat)
#: Make a :class:`~.holding.Holding` of its JSON values.
read_holding = make_reader(Holding, lines=read_each(_read_share_line))
_read_change = make_reader(
    Change, before=read_holding, between=read_holding, after=read_holding
)
_read_problem = make_reader(
    Problem,
    operation=_read_operation,
    expected=read_holding,
    actual=read_holding,
    numbers=tuple,
)
#: Make an :class:`~.opening.Opening` of its JSON values.
read_opening = make_reader(
    Opening,
    lines=read_each(_read_share_line),
    added=read_each(make_reader(Added, line=_read_share_line)),
)
_read_plan = make_reader(
    Plan,
    removed=read_each(_read_operation),
    dependents=read_each(_read_operation),
    inserted=read_each(_read_operation),
    reapplied=read_each(_read_operation),
    changes=read_each(_read_change),
    certificates=tuple,
    cooperator_numbers=read_each(tuple),
    freed=read_each(tuple),
    operations=make_reader(SequenceChange),
    cooperators=make_reader(SequenceChange),
    operation_gaps=tuple,
    cooperator_gaps=tuple,
    unused_operations=tuple,
    unused_cooperators=tuple,
    operation_shifts=read_each(make_reader(Shift)),
    cooperator_shifts=read_each(make_reader(Shift)),
    blockers=read_each(_read_problem),
    warnings=read_each(_read_problem),
    double_operations=tuple,
    double_cooperators=tuple,
    openings=read_each(read_opening),
    kept=tuple,
    faults=read_each(_read_problem),
    by_hand=read_each(make_reader(DoneByHand)),
    right_matches=tuple,
)
