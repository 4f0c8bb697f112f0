"""What every plan promises, whatever the register."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests.common import BaseCase, tagged

from ...ledger.numbering import (
    APPEND,
    CLOSE_GAP,
    KEEP_GAP,
    KEEPING,
    REUSE,
)
from ...ledger.operation import SUBSCRIPTION
from ...ledger.plan import (
    ALL,
    BLOCK,
    DEPENDENT,
    DEPENDENTS,
    REPLAY_DIFFERS,
    Correction,
    Options,
)
from ...ledger.planning import make_plan
from ...ledger.replay import replay
from .operations import final_numbers, final_register
from .registers import corrected_registers, swapped_registers

numberings = st.sampled_from([REUSE, KEEP_GAP, CLOSE_GAP, APPEND])
thorough = settings(max_examples=150, deadline=None, derandomize=True)


@tagged("ledger")
class TestPlanning(BaseCase):
    """What every plan promises, whatever the register."""

    @thorough
    @given(corrected_registers(), numberings)
    def test_the_final_register_stands_and_gives_the_planned_holdings(
        self, case, numbering
    ):
        register, corrections = case
        plan = make_plan(register, corrections, Options(numbering, DEPENDENTS))
        assert not plan.blockers
        final = replay(final_register(register, plan), final_numbers(register, plan))
        assert not final.rejected
        for change in plan.changes:
            if change.partner in final.holdings:
                assert final.holdings[change.partner] == change.after
            else:
                assert not change.after.lines and not change.after.member
        changed = {change.partner for change in plan.changes}
        today = replay(register.operations, register.numbers).holdings
        for partner, holding in today.items():
            if partner not in changed:
                after = final.holdings[partner]
                assert after.lines == holding.lines
                assert (after.member, after.old_member) == (
                    holding.member,
                    holding.old_member,
                )

    @thorough
    @given(corrected_registers(), numberings)
    def test_no_number_is_double_lost_or_left_without_a_word(self, case, numbering):
        register, corrections = case
        plan = make_plan(register, corrections, Options(numbering, DEPENDENTS))
        operations = [o.number for o in final_register(register, plan)]
        cooperators = list(final_numbers(register, plan).values())
        for numbers, before, sequence, gaps in (
            (
                operations,
                {o.number for o in register.operations},
                plan.operations,
                plan.operation_gaps,
            ),
            (
                cooperators,
                set(register.numbers.values()),
                plan.cooperators,
                plan.cooperator_gaps,
            ),
        ):
            assert len(numbers) == len(set(numbers))
            assert all(number < sequence.after for number in numbers)
            if numbering == CLOSE_GAP:
                assert not gaps
            elif numbering in KEEPING:
                assert before <= {*numbers, *gaps}
                assert sequence.after >= sequence.before
            else:
                # each number of before is used, on record as unused, or still to come
                unused = before - set(numbers) - set(gaps)
                assert all(number >= sequence.after for number in unused)

    @thorough
    @given(corrected_registers(), st.sampled_from(KEEPING), numberings, st.data())
    def test_a_kept_number_is_never_given_again(self, case, keeping, numbering, data):
        """Whatever the next correction does with numbers."""
        register, corrections = case
        plan = make_plan(register, corrections, Options(keeping, DEPENDENTS))
        operations = final_register(register, plan)
        kept = replace(
            register,
            operations=operations,
            numbers=final_numbers(register, plan),
            next_operation=plan.operations.after,
            next_cooperator=plan.cooperators.after,
            reserved_operations=frozenset(plan.operation_gaps),
            reserved_cooperators=frozenset(plan.cooperator_gaps),
        )
        wrong = [one for one in operations if one.kind == SUBSCRIPTION]
        if not wrong or numbering == CLOSE_GAP:
            return
        wrong = data.draw(st.sampled_from(wrong))
        right = replace(wrong, number=None, partner="Fien", lines=(), request="CRR/9")
        options = Options(numbering, DEPENDENTS)
        again = make_plan(kept, [Correction(wrong, right)], options)
        given = {one.number for one in again.inserted}
        assert not given & kept.reserved_operations
        assert again.operations.after > max(kept.reserved_operations, default=0)
        given = {number for _partner, number in again.cooperator_numbers}
        assert not given & kept.reserved_cooperators
        assert again.cooperators.after > max(kept.reserved_cooperators, default=0)

    @thorough
    @given(corrected_registers(), numberings, st.sampled_from([REUSE, APPEND]))
    def test_cooperator_numbers_go_their_own_way(self, case, numbering, members):
        register, corrections = case
        options = Options(numbering, DEPENDENTS)
        same = make_plan(register, corrections, options)
        options = replace(options, member_numbering=members)
        plan = make_plan(register, corrections, options)
        assert (plan.inserted, plan.operations) == (same.inserted, same.operations)
        if members == APPEND:
            freed = {number for _partner, number in plan.freed}
            assert set(plan.cooperator_gaps) == freed
            assert plan.cooperators.after >= register.next_cooperator

    @thorough
    @given(corrected_registers(), numberings)
    def test_dependents_and_all_come_to_the_same(self, case, numbering):
        register, corrections = case
        one = make_plan(register, corrections, Options(numbering, DEPENDENTS))
        other = make_plan(register, corrections, Options(numbering, ALL))
        assert one.removed == other.removed
        assert one.inserted == other.inserted
        assert one.operations == other.operations
        assert one.cooperators == other.cooperators
        after = {change.partner: change.after for change in one.changes}
        for change in other.changes:
            assert after.get(change.partner, change.before) == change.after
        first = min(operation.number for operation in one.removed)
        assert list(other.reapplied) == [
            operation
            for operation in register.operations
            if operation.number > first and operation not in one.removed
        ]

    @thorough
    @given(corrected_registers())
    def test_block_names_what_dependents_removes(self, case):
        """All of it where it is removed from one end: transitively, none too many."""
        register, corrections = case
        blocked = make_plan(register, corrections, Options(cascade=BLOCK))
        cascaded = make_plan(register, corrections, Options(cascade=DEPENDENTS))
        named = {problem.operation for problem in blocked.blockers}
        assert {problem.kind for problem in blocked.blockers} <= {DEPENDENT}
        assert named <= set(cascaded.dependents)
        assert bool(named) == bool(cascaded.dependents)
        if not named:
            assert blocked.changes == cascaded.changes

    @thorough
    @given(swapped_registers(), st.sampled_from([REUSE, KEEP_GAP, CLOSE_GAP]))
    def test_swapped_payments_leave_numbers_where_they_are(self, case, numbering):
        """Unless another operation goes with them, nothing changes hands.

        At the end of the register the sequence goes back: a number that was lost there before
        is not left out again.
        """
        register, corrections = case
        plan = make_plan(register, corrections, Options(numbering, DEPENDENTS))
        before = {c.wrong.request: c.wrong.number for c in corrections}
        after = {operation.request: operation.number for operation in plan.inserted}
        tail = [
            operation.number
            for operation in register.operations
            if operation.number >= min(before.values())
        ]
        has_lost_numbers = len(tail) != tail[-1] - tail[0] + 1
        if not plan.dependents:
            assert sorted(after, key=after.get) == sorted(before, key=before.get)
            assert after == before or has_lost_numbers
            assert not plan.freed
            assert not plan.operation_gaps
            assert all(change.before == change.after for change in plan.changes)

    @thorough
    @given(corrected_registers())
    def test_a_holding_that_differs_stops_the_plan_or_is_put_right(self, case):
        register, corrections = case
        partner = corrections[0].wrong.partner
        today = replay(register.operations, register.numbers).holdings[partner]
        if not today.lines:
            return
        # a line that somebody has changed by hand
        first = replace(today.lines[0], quantity=today.lines[0].quantity + 100)
        wrong = replace(today, lines=(first, *today.lines[1:]))
        options = Options(cascade=DEPENDENTS)
        plan = make_plan(register, corrections, options, lambda _: {partner: wrong})
        assert [p.kind for p in plan.blockers] == [REPLAY_DIFFERS]
        assert (plan.blockers[0].expected, plan.blockers[0].actual) == (today, wrong)
        options = Options(cascade=DEPENDENTS, register_wins=True)
        put_right = make_plan(
            register, corrections, options, lambda _: {partner: wrong}
        )
        assert not put_right.blockers
        expected = make_plan(register, corrections, Options(cascade=DEPENDENTS))
        change, other = put_right.change_of(partner), expected.change_of(partner)
        right = other.after if other else today
        if change is None:
            assert wrong == right
        else:
            assert (change.before, change.after) == (wrong, right)

    @thorough
    @given(corrected_registers(), numberings, st.integers(-3, 2))
    def test_nobody_has_a_later_number(self, case, numbering, shift):
        """Whether the sequence is where it has to be, ahead or behind."""
        register, corrections = case
        number = max(1, register.next_operation + shift)
        register = replace(register, next_operation=number)
        plan = make_plan(register, corrections, Options(numbering, DEPENDENTS))
        if not plan.blockers:
            final = final_register(register, plan)
            assert max(_get_numbers(final), default=0) < plan.first_later
            if numbering == CLOSE_GAP:
                assert _count_unused(final) <= _count_unused(register.operations)


def _get_numbers(operations):
    return [one.number for one in operations]


def _count_unused(operations):
    numbers = set(_get_numbers(operations))
    return max(numbers, default=0) - len(numbers)
