"""A plan kept as a text is the same plan."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests.common import BaseCase, tagged

from ...ledger.holding import Holding
from ...ledger.numbering import (
    CLOSE_GAP,
    KEEP_GAP,
    REUSE,
)
from ...ledger.plan import (
    ALL,
    BLOCK,
    DEPENDENTS,
    Correction,
    Options,
    Register,
)
from ...ledger.plan_json import from_json, to_json
from ...ledger.planning import make_plan
from .registers import corrected_registers

PEOPLE = ("Anna", "Bert", "Cleo", "Dora", "Emil", "Fien", "Gust")


def with_ids(operation):
    """The operation with numbers for people, as Odoo has them."""
    if operation is None:
        return None
    return replace(
        operation,
        partner=PEOPLE.index(operation.partner),
        receiver=operation.receiver and PEOPLE.index(operation.receiver),
    )


@tagged("ledger")
class TestPlanJson(BaseCase):
    """A plan kept as a text is the same plan."""

    @settings(max_examples=150, deadline=None, derandomize=True)
    @given(
        corrected_registers(),
        st.sampled_from([REUSE, KEEP_GAP, CLOSE_GAP]),
        st.sampled_from([BLOCK, DEPENDENTS, ALL]),
        st.booleans(),
    )
    def test_to_a_text_and_back(self, case, numbering, cascade, has_differences):
        register, corrections = case
        register = Register(
            tuple(map(with_ids, register.operations)),
            {PEOPLE.index(name): number for name, number in register.numbers.items()},
            register.next_operation,
            register.next_cooperator,
        )
        corrections = [
            Correction(with_ids(c.wrong), with_ids(c.right)) for c in corrections
        ]
        partner = corrections[0].wrong.partner
        holdings = {partner: Holding(partner)} if has_differences else {}
        plan = make_plan(
            register, corrections, Options(numbering, cascade), lambda _: holdings
        )
        assert from_json(to_json(plan)) == plan
