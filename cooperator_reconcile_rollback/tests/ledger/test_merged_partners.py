"""A plan read after a merge is the plan of the register after the merge."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from odoo.tests.common import BaseCase, tagged

from ...ledger.merged_partners import replace_partners
from ...ledger.plan import ALL, Options
from ...ledger.planning import make_plan
from .registers import PEOPLE, corrected_registers

thorough = settings(max_examples=100, deadline=None, derandomize=True)
# the order of the names stays
SURVIVORS = {name: name + "2" for name in (*PEOPLE, "Fien", "Gust")}
BACK = {survivor: name for name, survivor in SURVIVORS.items()}


def become(operation):
    """An operation of the same people under their other names."""
    if not operation:
        return operation
    return replace(
        operation,
        partner=SURVIVORS[operation.partner],
        receiver=SURVIVORS.get(operation.receiver),
    )


@tagged("ledger")
class TestMergedPartners(BaseCase):
    """A plan read after a merge is the plan of the register after the merge."""

    @thorough
    @given(corrected_registers())
    def test_plan_of_the_merged_register(self, books):
        register, corrections = books
        options = Options(cascade=ALL)
        plan = make_plan(register, corrections, options)
        merged = replace_partners(plan, SURVIVORS)
        after = replace(
            register,
            operations=tuple(map(become, register.operations)),
            numbers={
                SURVIVORS[name]: number for name, number in register.numbers.items()
            },
        )
        again = [
            replace(one, wrong=become(one.wrong), right=become(one.right))
            for one in corrections
        ]
        self.assertEqual(merged, make_plan(after, again, options))
        self.assertEqual(replace_partners(merged, BACK), plan)

    @thorough
    @given(corrected_registers())
    def test_two_become_one(self, books):
        """Whoever is named twice afterwards, the plan can be read."""
        plan = make_plan(*books)
        merged = replace_partners(plan, dict.fromkeys(PEOPLE, "Anna"))
        self.assertEqual(len(merged.changes), len(plan.changes))
        self.assertLessEqual(
            {c.partner for c in merged.changes} - {"Fien", "Gust"}, {"Anna"}
        )
        self.assertLessEqual(len(merged.certificates), len(plan.certificates))
