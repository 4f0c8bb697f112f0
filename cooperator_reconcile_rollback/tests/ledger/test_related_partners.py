"""Replaying a part of a register gives its people what the whole register gives them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests.common import BaseCase, tagged

from ...ledger.related_partners import (
    find_related_operations,
    find_related_partners,
)
from ...ledger.replay import replay
from .registers import people, registers

thorough = settings(max_examples=200, deadline=None, derandomize=True)


@tagged("ledger")
class TestRelatedPartners(BaseCase):
    """Replaying a part of a register gives its people what the whole register gives them."""

    @thorough
    @given(registers(), st.sets(people), st.sets(st.integers(0, 13)))
    def test_part_of_a_register_gives_the_same(self, register, chosen, missing):
        """Also where operations are missing, so that later ones lack shares."""
        present = [o for i, o in enumerate(register.operations) if i not in missing]
        whole = replay(present, register.numbers)
        part = replay(find_related_operations(chosen, present), register.numbers)
        for partner in chosen:
            assert part.holdings.get(partner) == whole.holdings.get(partner)
        related = find_related_partners(
            chosen, [o.partners for o in present if o.receiver]
        )
        assert part.rejected == tuple(o for o in whole.rejected if o.partner in related)

    @thorough
    @given(st.sets(people), st.lists(st.tuples(people, people)))
    def test_related_partners_are_all_who_are_linked(self, chosen, pairs):
        related = find_related_partners(chosen, pairs)
        assert chosen <= related
        for giver, receiver in pairs:
            assert (giver in related) == (receiver in related)
