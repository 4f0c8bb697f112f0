"""A diff gives the planned list and touches no more than it has to."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests.common import BaseCase, tagged

from ...ledger.list_diff import diff_list

values = st.lists(st.sampled_from("abcd"), max_size=8)
thorough = settings(max_examples=200, deadline=None, derandomize=True)


def carried_out(current, list_diff):
    """The values after a diff, in the order of the records."""
    result = {**current, **list_diff.written}
    for record in list_diff.removed:
        del result[record]
    return list(result.values()) + list(list_diff.created)


@tagged("ledger")
class TestListDiff(BaseCase):
    """A diff gives the planned list and touches no more than it has to."""

    @thorough
    @given(values, values)
    def test_gives_what_was_planned(self, before, planned):
        current = dict(enumerate(before))
        assert carried_out(current, diff_list(current, planned)) == planned

    @thorough
    @given(values, values)
    def test_writes_only_what_differs(self, before, planned):
        current = dict(enumerate(before))
        list_diff = diff_list(current, planned)
        assert not set(list_diff.written) & set(list_diff.removed)
        if before == planned:
            assert not (list_diff.written or list_diff.removed or list_diff.created)

    @thorough
    @given(values, st.integers(0, 7))
    def test_taking_one_away_touches_no_other(self, before, index):
        current = dict(enumerate(before))
        if index >= len(before):
            return
        planned = before[:index] + before[index + 1 :]
        list_diff = diff_list(current, planned)
        assert not list_diff.written and not list_diff.created
        assert len(list_diff.removed) == 1
