"""A row of numbers, whatever is taken from it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests.common import BaseCase, tagged

from ...ledger.numbering import Row, moved

thorough = settings(max_examples=200, deadline=None, derandomize=True)


@st.composite
def rows(draw):
    """Used and freed numbers, the next one, and which are asked for."""
    numbers = draw(st.sets(st.integers(1, 12), max_size=10))
    freed = {number for number in numbers if draw(st.booleans())}
    following = max(numbers, default=0) + draw(st.integers(1, 3))
    wanted = draw(st.lists(st.none() | st.integers(1, 14), max_size=6))
    return numbers - freed, freed, following, wanted


@tagged("ledger")
class TestNumbering(BaseCase):
    """A row of numbers, whatever is taken from it."""

    @thorough
    @given(rows())
    def test_nothing_is_handed_out_twice(self, case):
        used, freed, following, wanted = case
        row = Row(used, freed, following)
        taken = [row.take(number) for number in wanted]
        assert len(set(taken)) == len(taken)
        assert not used & set(taken)
        assert all(number < row.following for number in used | set(taken))
        assert row.gaps <= freed

    @thorough
    @given(rows())
    def test_numbers_freed_at_the_end_come_first(self, case):
        used, freed, following, _wanted = case
        row = Row(used, freed, following)
        last = {number for number in freed if number > max(used, default=0)}
        assert row.following == min(last, default=following)
        assert row.gaps == freed - last

    @thorough
    @given(rows())
    def test_closing_leaves_no_gap_and_keeps_the_order(self, case):
        used, freed, following, wanted = case
        row = Row(used, freed, following)
        numbers = sorted(used | {row.take(number) for number in wanted})
        gaps = set(row.gaps)
        after = row.following
        shifts = row.close()
        result = [moved(number, shifts) for number in numbers]
        assert result == sorted(set(result))
        assert row.following == after - len(gaps)
        assert not row.gaps
        for number, new in zip(numbers, result):
            assert number - new == len([gap for gap in gaps if gap < number])
