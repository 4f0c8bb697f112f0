"""Whatever was done by hand before, the plan comes to the same."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests.common import BaseCase, tagged

from ...ledger.begun_by_hand import restore
from ...ledger.numbering import APPEND, CLOSE_GAP, KEEP_GAP, REUSE, unused
from ...ledger.operation import SUBSCRIPTION
from ...ledger.plan import DEPENDENTS, DOUBLE_OPERATION, Correction, Options
from ...ledger.planning import make_plan
from .registers import corrected_registers, registers

numberings = st.sampled_from([REUSE, KEEP_GAP, CLOSE_GAP, APPEND])
thorough = settings(max_examples=150, deadline=None, derandomize=True)


def without_gaps(register):
    """The register with the numbers that it would have if none had been lost."""
    operations = tuple(
        one.numbered(number) for number, one in enumerate(register.operations, start=1)
    )
    return replace(register, operations=operations, next_operation=len(operations) + 1)


@tagged("ledger")
class TestBegunByHand(BaseCase):
    """Whatever was done by hand before, the plan comes to the same."""

    @thorough
    @given(registers(), st.data())
    def test_what_was_undone_is_found(self, register, data):
        """Register line, sequences and number: each of them gone or not."""
        register = without_gaps(register)
        subscriptions = [o for o in register.operations if o.kind == SUBSCRIPTION]
        if len(register.operations) < 2 or not subscriptions:
            return
        wrong = data.draw(st.sampled_from(subscriptions))
        left = register
        gone = wrong
        if data.draw(st.booleans()):
            gone = replace(wrong, number=None, lines=())
            operations = tuple(o for o in register.operations if o != wrong)
            left = replace(left, operations=operations)
        if data.draw(st.booleans()):
            left = replace(left, next_operation=wrong.number)
        number = register.numbers[wrong.partner]
        if data.draw(st.booleans()):
            left = replace(left, next_cooperator=number)
        reset = set()
        # nothing tells which number was before the lowest one
        if number > min(register.numbers.values()) and data.draw(st.booleans()):
            reset.add(wrong.partner)
            numbers = {p: n for p, n in register.numbers.items() if n != number}
            left = replace(left, numbers=numbers)
        found = restore(left, [gone], reset)
        assert [o.number for o in found.register.operations] == [
            o.number for o in register.operations
        ]
        assert found.operations[gone].number == wrong.number
        assert found.register.next_operation == register.next_operation
        assert found.register.numbers == register.numbers
        assert found.register.next_cooperator == register.next_cooperator

    @thorough
    @given(corrected_registers(), numberings, st.data())
    def test_faults_of_others_stay_and_stop_nothing(self, case, numbering, data):
        """Both kinds of number given twice, to people not concerned."""
        register, corrections = case
        options = Options(numbering, DEPENDENTS)
        expected = make_plan(register, corrections, options)
        concerned = {
            partner
            for one in (*expected.removed, *expected.inserted)
            for partner in one.partners
        }
        others = [o for o in register.operations if not set(o.partners) & concerned]
        if not others:
            return
        other = data.draw(st.sampled_from(others))
        twin = replace(
            other, partner="Zoe", receiver=None, kind=SUBSCRIPTION, lines=(999,)
        )
        faulty = replace(
            register,
            operations=tuple(
                sorted([*register.operations, twin], key=lambda one: one.number)
            ),
            numbers={**register.numbers, "Zoe": register.numbers[other.partner]},
        )
        plan = make_plan(faulty, corrections, options)
        assert not plan.blockers
        assert plan.changes == expected.changes
        assert plan.inserted == expected.inserted
        assert len(plan.double_operations) == len(plan.double_cooperators) == 1
        first = min(one.number for one in (*plan.removed, *plan.inserted))
        named = [p.numbers for p in plan.faults if p.kind == DOUBLE_OPERATION]
        assert named == ([(other.number,)] if other.number >= first else [])

    @thorough
    @given(corrected_registers(), st.integers(1, 40))
    def test_a_sequence_that_is_off_stays_so(self, case, ahead):
        """Unless the wrong operation is the last one: then it goes back."""
        register, corrections = case
        off = replace(register, next_operation=register.next_operation + ahead)
        plan = make_plan(off, corrections, Options(cascade=DEPENDENTS))
        last = register.operations[-1]
        if last not in plan.removed:
            missing = unused(one.number for one in plan.inserted)
            assert plan.operations.after >= off.next_operation or missing
        correction = Correction(corrections[0].wrong)
        plan = make_plan(off, [correction], Options(cascade=DEPENDENTS))
        if last not in plan.removed:
            assert plan.operations.after == off.next_operation
