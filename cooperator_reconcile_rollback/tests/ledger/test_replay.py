"""What holds after any register."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings

from odoo.tests.common import BaseCase, tagged

from ...ledger.operation import (
    CONVERSION,
    SELL_BACK,
    SUBSCRIPTION,
    TRANSFER,
)
from ...ledger.replay import replay
from .registers import registers

thorough = settings(max_examples=150, deadline=None, derandomize=True)


@tagged("ledger")
class TestReplay(BaseCase):
    """What holds after any register."""

    @thorough
    @given(registers())
    def test_no_share_appears_or_is_lost(self, register):
        result = replay(register.operations, register.numbers)
        assert not result.rejected
        expected = Counter()
        for operation in register.operations:
            for shares in operation.shares:
                if operation.kind == SUBSCRIPTION:
                    expected[shares.share_type] += shares.quantity
                if operation.kind in (SELL_BACK, CONVERSION):
                    expected[shares.share_type] -= shares.quantity
            if operation.kind == CONVERSION:
                expected[operation.converted.share_type] += operation.converted.quantity
        actual = Counter()
        for holding in result.holdings.values():
            for line in holding.lines:
                assert line.quantity >= 0
                actual[line.share_type] += line.quantity
        assert +actual == +expected

    @thorough
    @given(registers())
    def test_members_have_shares_and_everybody_who_joined_a_number(self, register):
        result = replay(register.operations, register.numbers)
        own_transfers = {
            operation.partner
            for operation in register.operations
            if operation.kind == TRANSFER and operation.partner == operation.receiver
        }
        for partner, holding in result.holdings.items():
            assert holding.number == register.numbers[partner]
            assert not (holding.member and holding.old_member)
            assert holding.member or holding.old_member
            # who transfers all to himself is left an old member with shares, as in cooperator
            if partner not in own_transfers:
                assert holding.member == bool(holding.quantity)

    @thorough
    @given(registers())
    def test_an_operation_concerns_nobody_but_those_who_take_part(self, register):
        *before, last = register.operations or [None]
        if last is None:
            return
        without = replay(before, register.numbers).holdings
        result = replay(register.operations, register.numbers).holdings
        for partner, holding in without.items():
            if partner not in last.partners:
                assert result[partner] == holding
