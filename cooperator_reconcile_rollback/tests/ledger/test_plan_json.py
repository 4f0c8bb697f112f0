"""A plan that is stored and read again is the same plan."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests.common import BaseCase, tagged

from ...ledger.holding import Holding
from ...ledger.numbering import (
    APPEND,
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
from ...ledger.plan_json import from_json, is_same_plan, to_json
from ...ledger.planning import make_plan
from .registers import corrected_registers

thorough = settings(max_examples=100, deadline=None, derandomize=True)
# what a plan can lack: each has a default
LATER_NAMES = (
    "version",
    "unused_operations",
    "unused_cooperators",
    "operation_request",
    "request",
    "old_member",
)
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


@st.composite
def plans(draw):
    """Plans of all ways, with and without a holding that does not match."""
    register, corrections = draw(corrected_registers())
    numbering = draw(st.sampled_from([REUSE, KEEP_GAP, CLOSE_GAP, APPEND]))
    cascade = draw(st.sampled_from([BLOCK, DEPENDENTS, ALL]))
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
    holdings = {partner: Holding(partner)} if draw(st.booleans()) else {}
    return make_plan(
        register, corrections, Options(numbering, cascade), lambda _: holdings
    )


def without(value, names):
    """Return JSON values without certain keys, wherever they are."""
    if isinstance(value, dict):
        return {n: without(v, names) for n, v in value.items() if n not in names}
    if isinstance(value, list):
        return [without(one, names) for one in value]
    return value


@tagged("ledger")
class TestPlanJson(BaseCase):
    """A plan that is stored and read again is the same plan."""

    @thorough
    @given(plans())
    def test_to_a_text_and_back(self, plan):
        assert from_json(to_json(plan)) == plan

    @thorough
    @given(plans(), st.sets(st.sampled_from(LATER_NAMES), min_size=1))
    def test_of_a_release_that_knew_less(self, plan, names):
        """It is the same as today's, whatever today's knows besides, and no other."""
        text = json.dumps(without(json.loads(to_json(plan)), names))
        assert is_same_plan(text, plan)
        assert not is_same_plan(text, replace(plan, later=plan.later + 1))
        assert not is_same_plan(text, replace(plan, removed=plan.removed[1:]))
        freed = plan.freed + ((7, 999),)
        assert not is_same_plan(text, replace(plan, freed=freed))

    @thorough
    @given(plans())
    def test_of_a_release_that_knew_more(self, plan):
        values = json.loads(to_json(plan))
        values["color"] = "red"
        values["removed"][0]["color"] = "red"
        text = json.dumps(values)
        assert from_json(text) == plan
        assert is_same_plan(text, plan)
