"""Opening holdings: found whatever the register, and never touched."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests.common import BaseCase, tagged

from ...ledger.holding import Holding
from ...ledger.numbering import APPEND, CLOSE_GAP, KEEP_GAP, REUSE
from ...ledger.opening_search import find_openings
from ...ledger.plan import ALL, DEPENDENTS, KEEP, Correction, Options
from ...ledger.planning import make_plan
from ...ledger.replay import replay
from .openings import opened_corrections, opened_registers
from .operations import final_numbers, final_register

numberings = st.sampled_from([REUSE, KEEP_GAP, CLOSE_GAP, APPEND])
thorough = settings(max_examples=150, deadline=None, derandomize=True)


def load(holdings):
    """Make a loader of holdings, as plans ask for them."""
    return lambda partners: {one: holdings.get(one) or Holding(one) for one in partners}


def standing(holding):
    """What a partner has, but for how shares are spread over lines."""
    quantities = Counter()
    for line in holding.lines:
        quantities[line.share_type] += line.quantity
    return +quantities, holding.member, holding.old_member, holding.number


@tagged("ledger")
class TestOpening(BaseCase):
    """Opening holdings: found whatever the register, and never touched."""

    @thorough
    @given(opened_registers())
    def test_every_holding_is_explained(self, case):
        register, holdings, _opening = case
        found = find_openings(
            register.operations, register.numbers, holdings, register.openings
        )
        assert not found.unexplained
        again = replay(register.operations, register.numbers, found.openings)
        assert not again.rejected
        for partner, holding in holdings.items():
            assert again.holdings.get(partner) == holding

    @thorough
    @given(opened_corrections(), numberings)
    def test_what_is_left_is_opening_and_operations(self, case, numbering):
        """Whatever is rolled back, nobody's opening goes with it."""
        register, holdings, opening, corrections = case
        options = Options(numbering, DEPENDENTS)
        plan = make_plan(register, corrections, options, load(holdings))
        assert not plan.blockers
        moved = {
            partner: replace(one, number=number)
            for partner, one in opening.items()
            for number in [final_numbers(register, plan)[partner]]
        }
        final = replay(
            final_register(register, plan), final_numbers(register, plan), moved
        )
        assert not final.rejected
        after = {change.partner: change.after for change in plan.changes}
        for partner, holding in final.holdings.items():
            given = after.get(partner, holdings.get(partner))
            if partner not in after:
                # a number may move down
                given = replace(given, number=holding.number)
            assert standing(given) == standing(holding)
        assert not {partner for partner, _number in plan.freed} & set(opening)

    @thorough
    @given(opened_corrections(), numberings)
    def test_dependents_and_all_come_to_the_same(self, case, numbering):
        register, holdings, _opening, corrections = case
        one, other = (
            make_plan(
                register, corrections, Options(numbering, cascade), load(holdings)
            )
            for cascade in (DEPENDENTS, ALL)
        )
        assert (one.removed, one.inserted) == (other.removed, other.inserted)
        assert (one.operations, one.cooperators) == (
            other.operations,
            other.cooperators,
        )
        after = {change.partner: change.after for change in one.changes}
        for change in other.changes:
            assert after.get(change.partner, change.before) == change.after

    @thorough
    @given(opened_corrections())
    def test_the_same_operation_again_gives_the_holdings_of_before(self, case):
        register, holdings, _opening, corrections = case
        again = [
            Correction(one.wrong, replace(one.wrong, number=None, lines=()))
            for one in corrections
            if one.wrong.request
        ]
        if not again or register.next_operation != register.operations[-1].number + 1:
            # a number lost at the end comes back
            return
        options = Options(cascade=DEPENDENTS)
        plan = make_plan(register, again, options, load(holdings))
        if not plan.dependents:
            assert all(change.before == change.after for change in plan.changes)

    @thorough
    @given(opened_corrections())
    def test_shares_taken_away_by_hand_change_nothing_in_the_end(self, case):
        register, holdings, _opening, corrections = case
        wrong = corrections[0].wrong
        options = Options(cascade=DEPENDENTS)
        expected = make_plan(register, corrections[:1], options, load(holdings))
        partner = wrong.partner
        left = [
            line for line in holdings[partner].lines if line.request != wrong.request
        ]
        begun = {**holdings, partner: replace(holdings[partner], lines=tuple(left))}
        is_last = [one for one in register.operations if partner in one.partners]
        if not wrong.request or begun == holdings or is_last[-1] != wrong:
            return
        plan = make_plan(register, corrections[:1], options, load(begun))
        assert not plan.blockers
        assert plan.is_by_hand("remove_shares")
        after = {change.partner: change.after for change in expected.changes}
        for change in plan.changes:
            assert change.after == after[change.partner]

    @thorough
    @given(opened_corrections(), st.integers(1, 3))
    def test_what_nothing_explains_is_kept_by_choice(self, case, missing):
        """Shares that are missing stop a plan, or are missing afterwards as well."""
        register, holdings, _opening, corrections = case
        (partner, *_others) = corrections[0].wrong.partners
        lines = holdings[partner].lines
        if not lines or lines[0].quantity <= missing:
            return
        fewer = (replace(lines[0], quantity=lines[0].quantity - missing), *lines[1:])
        odd = {**holdings, partner: replace(holdings[partner], lines=fewer)}
        options = Options(cascade=DEPENDENTS)
        plan = make_plan(register, corrections, options, load(odd))
        if not plan.blockers:
            # it was imported with fewer
            return
        assert {problem.partner for problem in plan.blockers} == {partner}
        options = replace(options, choices={partner: KEEP})
        kept = make_plan(register, corrections, options, load(odd))
        assert not kept.blockers
        assert kept.kept == (partner,)
        expected = make_plan(register, corrections, options, load(holdings))
        change, right = kept.change_of(partner), expected.change_of(partner)
        if change and right:
            assert change.before == odd[partner]
            assert change.after.quantity >= right.after.quantity - missing
