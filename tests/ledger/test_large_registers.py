"""Thousands of operations of hundreds of people: the ways of executing agree (L6)."""

from __future__ import annotations

from random import Random

import pytest
from registers import PRICES, make_operation, shares_of
from test_planning import final_numbers, final_register

from odoo.addons.cooperator_reconcile_rollback.ledger.operation import (
    CONVERSION,
    SELL_BACK,
    SUBSCRIPTION,
    TRANSFER,
)
from odoo.addons.cooperator_reconcile_rollback.ledger.plan import (
    ALL,
    DEPENDENTS,
    Correction,
    Options,
    Register,
)
from odoo.addons.cooperator_reconcile_rollback.ledger.planning import make_plan
from odoo.addons.cooperator_reconcile_rollback.ledger.replay import (
    WithoutGroundError,
    apply,
    replay,
)

KINDS = [SUBSCRIPTION] * 4 + [SELL_BACK, TRANSFER, TRANSFER, CONVERSION]


def large_register(seed: int, operations: int = 3000, people: int = 400) -> Register:
    """A register that ``people`` have filled at random."""
    random = Random(seed)
    holdings, numbers, register = {}, {}, []
    while len(register) < operations:
        share_type = random.choice(sorted(PRICES))
        attempt = (
            random.choice(KINDS),
            random.randrange(people),
            random.randrange(people),
            (shares_of(share_type, random.randint(1, 9)),),
            random.choice(sorted(PRICES)),
        )
        operation = make_operation(len(register) + 1, attempt, holdings)
        if operation is None:
            continue
        joining = operation.partners[-1]
        given = {joining: numbers.get(joining, len(numbers) + 1)}
        try:
            holdings.update(apply(operation, holdings, given))
        except WithoutGroundError:
            continue
        if operation.kind in (SUBSCRIPTION, TRANSFER):
            numbers.update(given)
        register.append(operation)
    return Register(tuple(register), numbers, operations + 1, len(numbers) + 1)


@pytest.mark.parametrize("numbering", ["reuse", "keep_gap", "close_gap"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ways_of_executing_agree(seed, numbering):
    register = large_register(seed)
    early = [o for o in register.operations[:200] if o.kind == SUBSCRIPTION][:5]
    corrections = [Correction(operation) for operation in early]
    one = make_plan(register, {}, corrections, Options(numbering, DEPENDENTS))
    other = make_plan(register, {}, corrections, Options(numbering, ALL))
    assert not one.blockers
    assert one.dependents
    assert (one.removed, one.operations, one.cooperators, one.freed) == (
        other.removed,
        other.operations,
        other.cooperators,
        other.freed,
    )
    assert len(other.reapplied) + len(one.removed) + early[0].number - 1 == 3000
    final = replay(final_register(register, one), final_numbers(register, one))
    assert not final.groundless
    for plan in (one, other):
        for change in plan.changes:
            if change.partner in final.holdings:
                assert final.holdings[change.partner] == change.after
