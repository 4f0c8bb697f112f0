"""A plan after partners were merged: who is named in it became somebody else.

The stored text of a plan never changes, as hashes cover it. Whoever reads the plan reads it
for the partners that there are today.

>>> from datetime import date
>>> from .operation import SUBSCRIPTION, Operation, Shares
>>> from .plan import Correction, Register
>>> from .planning import make_plan
>>> day, shares = date(2026, 1, 31), (Shares("A", 2, 50.0),)
>>> wrong = Operation(1, SUBSCRIPTION, 7, shares, day, lines=(4,))
>>> right = Operation(None, SUBSCRIPTION, 8, shares, day, request=9)
>>> plan = make_plan(Register((wrong,), {7: 3}, 2, 4), [Correction(wrong, right)])
>>> merged = replace_partners(plan, {7: 70})
>>> [operation.partner for operation in merged.removed + merged.inserted]
[70, 8]
>>> [(change.partner, change.before.partner) for change in merged.changes]
[(70, 70), (8, 8)]
>>> replace_partners(merged, {70: 7}) == plan
True
"""

from dataclasses import fields, is_dataclass, replace
from typing import Any, Dict, Hashable, Mapping, Tuple, TypeVar

from .finding import Finding
from .plan import Plan

Survivors = Mapping[Hashable, Hashable]
Value = TypeVar("Value")

#: Fields of all values of the ledger that name a partner.
PARTNER_FIELDS = ("partner", "receiver")


def replace_partners(plan: Plan, survivors: Survivors) -> Plan:
    """Return ``plan`` with the partners that those in it became.

    :param survivors: who a partner became, by partner; others stay
    """
    if not survivors:
        return plan
    replaced = _replace_fields(plan, survivors)

    def give(numbers: Tuple[Tuple[Hashable, int], ...]):
        return tuple((survivors.get(one, one), number) for one, number in numbers)

    return replace(
        replaced,
        certificates=_become(plan.certificates, survivors),
        kept=_become(plan.kept, survivors),
        cooperator_numbers=give(plan.cooperator_numbers),
        freed=give(plan.freed),
    )


def replace_found_partners(finding: Finding, survivors: Survivors) -> Finding:
    """Return ``finding`` with the partners that those in it became.

    >>> from .finding import MEMBER_WITHOUT_NUMBER
    >>> replace_found_partners(Finding(MEMBER_WITHOUT_NUMBER, partners=(7, 8)), {7: 8}).key
    'member_without_number 8'
    """
    replaced = _replace_fields(finding, survivors)
    return replace(replaced, partners=_become(finding.partners, survivors))


def _become(
    partners: Tuple[Hashable, ...], survivors: Survivors
) -> Tuple[Hashable, ...]:
    # two who became one are named once
    return tuple(dict.fromkeys(survivors.get(one, one) for one in partners))


def _replace_fields(value: Value, survivors: Survivors) -> Value:
    """Replace the partners in a value of the ledger, and in the values that it has."""
    replaced: Dict[str, Any] = {}
    for field in fields(value):
        old = getattr(value, field.name)
        if field.name in PARTNER_FIELDS:
            new = survivors.get(old, old)
        else:
            new = _replace_part(old, survivors)
        if new is not old:
            replaced[field.name] = new
    return replace(value, **replaced) if replaced else value


def _replace_part(part: Any, survivors: Survivors) -> Any:
    if is_dataclass(part):
        return _replace_fields(part, survivors)
    if isinstance(part, tuple):
        new = tuple(_replace_part(one, survivors) for one in part)
        if any(one is not old for one, old in zip(new, part)):
            return new
    return part


def replace_cells(
    row: Mapping[str, Any], names: Tuple[str, ...], survivors: Survivors
) -> Dict[str, Any]:
    """Return a row with the partners that those in its columns ``names`` became.

    >>> replace_cells({"id": 7, "partner_id": 7, "partner_id_to": None},
    ...     ("partner_id", "partner_id_to", "user_id"), {7: 70})
    {'id': 7, 'partner_id': 70, 'partner_id_to': None}
    """
    replaced = {
        name: survivors.get(row[name], row[name]) for name in names if name in row
    }
    return {**row, **replaced}
