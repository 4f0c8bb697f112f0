"""What an operation says of itself."""

from __future__ import annotations

from datetime import date

from odoo.tests.common import BaseCase, tagged

from ...ledger.operation import (
    SUBSCRIPTION,
    TRANSFER,
    Operation,
    Shares,
)

DAY = date(2026, 1, 31)
TWO_TYPES = (Shares("A", 2, 50.0), Shares("B", 4, 25.0))


@tagged("ledger")
class TestOperation(BaseCase):
    """What an operation says of itself."""

    def test_quantity_and_amount_count_every_line(self):
        operation = Operation(7, SUBSCRIPTION, "Anna", TWO_TYPES, DAY)
        assert operation.quantity == 6
        assert [shares.amount for shares in operation.shares] == [100.0, 100.0]

    def test_partners_are_all_who_take_part(self):
        assert Operation(7, SUBSCRIPTION, "Anna", TWO_TYPES, DAY).partners == ("Anna",)
        transfer = Operation(8, TRANSFER, "Anna", TWO_TYPES[:1], DAY, receiver="Bert")
        assert transfer.partners == ("Anna", "Bert")

    def test_a_number_changes_nothing_else(self):
        operation = Operation(
            None, SUBSCRIPTION, "Anna", TWO_TYPES, DAY, request="CRR/1"
        )
        assert operation.numbered(7).number == 7
        assert operation.numbered(7).numbered(None) == operation
