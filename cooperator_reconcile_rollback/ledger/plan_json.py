"""A plan as a JSON text and back, for keeping it as evidence.

>>> from datetime import date
>>> from .operation import SUBSCRIPTION, Operation, Shares
>>> from .plan import Correction, Register
>>> from .planning import make_plan
>>> shares = (Shares(5, 2, 50.0),)
>>> wrong = Operation(1, SUBSCRIPTION, 7, shares, date(2026, 1, 31), lines=(4,))
>>> plan = make_plan(Register((wrong,), {7: 3}, 2, 4), [Correction(wrong)])
>>> from_json(to_json(plan)) == plan
True
"""

import json
from dataclasses import asdict
from datetime import date
from functools import lru_cache

from .holding import Holding, ShareLine
from .numbering import Shift
from .operation import Operation, Shares
from .plan import Change, Plan, Problem, SequenceChange


def to_json(plan: Plan) -> str:
    """``plan`` as a JSON text; partners, share types and requests must be JSON values."""
    return json.dumps(asdict(plan), default=date.isoformat)


# one that takes 10,000 operations back needs some 8 MB
@lru_cache(maxsize=2)
def from_json(text: str) -> Plan:
    """The plan that :func:`to_json` made ``text`` of.

    It is a frozen value: each step of a long cascade, and whoever looks at it, asks for the
    same one.
    """
    values = json.loads(text)
    read = {
        "removed": _operation,
        "dependents": _operation,
        "inserted": _operation,
        "reapplied": _operation,
        "changes": _change,
        "certificates": int,
        "cooperator_numbers": tuple,
        "freed": tuple,
        "operation_gaps": int,
        "cooperator_gaps": int,
        "unused_operations": int,
        "unused_cooperators": int,
        "operation_shifts": _shift,
        "cooperator_shifts": _shift,
        "blockers": _problem,
        "warnings": _problem,
    }
    lists = {name: tuple(map(make, values[name])) for name, make in read.items()}
    return Plan(
        operations=SequenceChange(**values["operations"]),
        cooperators=SequenceChange(**values["cooperators"]),
        later=values["later"],
        **lists,
    )


def _shift(values) -> Shift:
    return Shift(**values)


def _operation(values) -> Operation:
    converted = values["converted"]
    return Operation(
        **{
            **values,
            "shares": tuple(Shares(**shares) for shares in values["shares"]),
            "date": date.fromisoformat(values["date"]),
            "converted": converted and Shares(**converted),
            "lines": tuple(values["lines"]),
        }
    )


def _share_line(values) -> ShareLine:
    return ShareLine(**{**values, "date": date.fromisoformat(values["date"])})


def read_holding(values) -> Holding:
    """A holding of its JSON values."""
    return Holding(**{**values, "lines": tuple(map(_share_line, values["lines"]))})


def _change(values) -> Change:
    return Change(
        partner=values["partner"],
        before=read_holding(values["before"]),
        between=read_holding(values["between"]),
        after=read_holding(values["after"]),
    )


def _problem(values) -> Problem:
    return Problem(
        kind=values["kind"],
        operation=values["operation"] and _operation(values["operation"]),
        partner=values["partner"],
        expected=values["expected"] and read_holding(values["expected"]),
        actual=values["actual"] and read_holding(values["actual"]),
    )
