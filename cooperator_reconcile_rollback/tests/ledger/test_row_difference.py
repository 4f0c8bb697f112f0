"""Properties of what is kept for undoing a step."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests.common import BaseCase, tagged

from ...ledger.row_difference import (
    by_columns,
    difference,
    undone,
)

thorough = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    # the first example may come while another worker is busy
    suppress_health_check=[HealthCheck.too_slow],
)
VALUES = st.none() | st.integers(0, 3) | st.sampled_from(["50.00", "done"])


@st.composite
def tables(draw: st.DrawFn) -> dict[int, dict]:
    """Rows of one table by id, all with the same columns."""
    ids = draw(st.sets(st.integers(1, 6)))
    return {
        row_id: {"id": row_id, "shares": draw(VALUES), "state": draw(VALUES)}
        for row_id in ids
    }


@tagged("ledger")
class TestRowDifference(BaseCase):
    """Properties of what is kept for undoing a step."""

    @thorough
    @given(tables(), tables())
    def test_undoing_gives_what_was_before(self, before: dict, after: dict) -> None:
        kept = json.loads(json.dumps(difference(before, after)))
        assert undone(after, kept) == before
        assert any(kept.values()) == (before != after)

    @thorough
    @given(tables(), tables(), VALUES)
    def test_what_others_have_written_stays(
        self, before: dict, after: dict, value: object
    ) -> None:
        """A column that the step has not changed keeps what it has meanwhile."""
        for row in after.values():
            row["state"] = before[row["id"]]["state"] if row["id"] in before else None
        kept = difference(before, after)
        later = {row_id: {**row, "state": value} for row_id, row in after.items()}
        for row_id in before.keys() & after.keys():
            assert undone(later, kept)[row_id] == {**before[row_id], "state": value}

    @thorough
    @given(tables())
    def test_groups_have_every_row_once(self, rows: dict) -> None:
        groups = by_columns(rows.values())
        assert sorted(
            row["id"] for group in groups.values() for row in group
        ) == sorted(rows)
