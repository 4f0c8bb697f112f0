"""Thousands of operations of hundreds of people: the ways of executing agree."""

from __future__ import annotations

from random import Random

from odoo.tests.common import BaseCase, tagged

from ...ledger.numbering import APPEND, CLOSE_GAP, KEEP_GAP, REUSE
from ...ledger.operation import (
    CONVERSION,
    SELL_BACK,
    SUBSCRIPTION,
    TRANSFER,
)
from ...ledger.plan import (
    ALL,
    DEPENDENTS,
    Correction,
    Options,
    Register,
)
from ...ledger.planning import make_plan
from ...ledger.replay import (
    InsufficientSharesError,
    apply,
    replay,
)
from .operations import (
    PRICES,
    final_numbers,
    final_register,
    make_operation,
    shares_of,
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
        except InsufficientSharesError:
            continue
        if operation.kind in (SUBSCRIPTION, TRANSFER):
            numbers.update(given)
        register.append(operation)
    return Register(tuple(register), numbers, operations + 1, len(numbers) + 1)


@tagged("ledger")
class TestLargeRegisters(BaseCase):
    """Thousands of operations of hundreds of people: the ways of executing agree."""

    def test_ways_of_executing_agree(self):
        for seed in (1, 2, 3):
            register = large_register(seed)
            for numbering in (REUSE, KEEP_GAP, CLOSE_GAP, APPEND):
                with self.subTest(seed=seed, numbering=numbering):
                    self.check_agreement(register, numbering)

    def check_agreement(self, register, numbering):
        early = [o for o in register.operations[:200] if o.kind == SUBSCRIPTION][:5]
        corrections = [Correction(operation) for operation in early]
        one = make_plan(register, corrections, Options(numbering, DEPENDENTS))
        other = make_plan(register, corrections, Options(numbering, ALL))
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
        assert not final.rejected
        for plan in (one, other):
            for change in plan.changes:
                if change.partner in final.holdings:
                    assert final.holdings[change.partner] == change.after
