"""What a holding says of itself."""

from __future__ import annotations

from datetime import date

from odoo.tests.common import BaseCase, tagged

from ...ledger.holding import (
    Holding,
    ShareLine,
)

DAY = date(2026, 1, 31)


@tagged("ledger")
class TestHolding(BaseCase):
    """What a holding says of itself."""

    def test_quantities_and_amount(self):
        lines = (
            ShareLine("A", 2, 50.0, DAY),
            ShareLine("B", 4, 25.0, DAY),
            ShareLine("A", 0, 50.0, DAY),
            ShareLine("A", 1, 40.0, DAY),
        )
        holding = Holding("Anna", lines, member=True, number=3)
        assert holding.quantity == 7
        assert [holding.quantity_of(share_type) for share_type in "ABC"] == [3, 4, 0]
        assert holding.amount == 240.0

    def test_the_request_behind_a_line_is_evidence_not_substance(self):
        line = ShareLine("A", 2, 50.0, DAY)
        assert line == ShareLine("A", 2, 50.0, DAY, request="CRR/1")
        assert line != ShareLine("A", 2, 50.0, date(2026, 2, 1))
