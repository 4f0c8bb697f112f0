"""A number pool hands out each number once, whatever is asked for."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests.common import BaseCase, tagged

from ...ledger.numbering import NumberPool, moved

thorough = settings(max_examples=200, deadline=None, derandomize=True)


@st.composite
def pools(draw):
    """Used and freed numbers, the next one, and which are asked for."""
    numbers = draw(st.sets(st.integers(1, 12), max_size=10))
    freed = {number for number in numbers if draw(st.booleans())}
    next_number = max(numbers, default=0) + draw(st.integers(1, 3))
    wanted = draw(st.lists(st.none() | st.integers(1, 14), max_size=6))
    return numbers - freed, freed, next_number, wanted


@tagged("ledger")
class TestNumbering(BaseCase):
    """A number pool hands out each number once, whatever is asked for."""

    @thorough
    @given(pools())
    def test_nothing_is_handed_out_twice(self, case):
        used, freed, next_number, wanted = case
        pool = NumberPool(used, freed, next_number)
        taken = [pool.take(number) for number in wanted]
        assert len(set(taken)) == len(taken)
        assert not used & set(taken)
        assert all(number < pool.next_number for number in used | set(taken))
        assert pool.gaps <= freed

    @thorough
    @given(pools())
    def test_numbers_freed_at_the_end_come_first(self, case):
        used, freed, next_number, _wanted = case
        pool = NumberPool(used, freed, next_number)
        last = {number for number in freed if number > max(used, default=0)}
        assert pool.next_number == min(last, default=next_number)
        assert pool.gaps == freed - last

    @thorough
    @given(pools())
    def test_closing_leaves_no_gap_and_keeps_the_order(self, case):
        used, freed, next_number, wanted = case
        pool = NumberPool(used, freed, next_number)
        numbers = sorted(used | {pool.take(number) for number in wanted})
        gaps = set(pool.gaps)
        after = pool.next_number
        shifts = pool.close()
        result = [moved(number, shifts) for number in numbers]
        assert result == sorted(set(result))
        assert pool.next_number == after - len(gaps)
        assert not pool.gaps
        for number, new in zip(numbers, result):
            assert number - new == len([gap for gap in gaps if gap < number])
