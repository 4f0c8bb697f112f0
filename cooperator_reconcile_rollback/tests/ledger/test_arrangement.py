"""An arrangement gives what was planned, and touches no more than it has to."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests.common import BaseCase, tagged

from ...ledger.arrangement import arrange

values = st.lists(st.sampled_from("abcd"), max_size=8)
thorough = settings(max_examples=200, deadline=None, derandomize=True)


def carried_out(current, arrangement):
    """The values after an arrangement, in the order of the records."""
    result = {**current, **arrangement.written}
    for record in arrangement.removed:
        del result[record]
    return list(result.values()) + list(arrangement.created)


@tagged("ledger")
class TestArrangement(BaseCase):
    """An arrangement gives what was planned, and touches no more than it has to."""

    @thorough
    @given(values, values)
    def test_gives_what_was_planned(self, before, planned):
        current = dict(enumerate(before))
        assert carried_out(current, arrange(current, planned)) == planned

    @thorough
    @given(values, values)
    def test_writes_only_what_differs(self, before, planned):
        current = dict(enumerate(before))
        arrangement = arrange(current, planned)
        assert not set(arrangement.written) & set(arrangement.removed)
        if before == planned:
            assert not (
                arrangement.written or arrangement.removed or arrangement.created
            )

    @thorough
    @given(values, st.integers(0, 7))
    def test_taking_one_away_touches_no_other(self, before, index):
        current = dict(enumerate(before))
        if index >= len(before):
            return
        planned = before[:index] + before[index + 1 :]
        arrangement = arrange(current, planned)
        assert not arrangement.written and not arrangement.created
        assert len(arrangement.removed) == 1
