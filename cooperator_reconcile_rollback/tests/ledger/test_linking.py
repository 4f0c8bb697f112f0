"""Effects and causes, paired where exactly one fits on both sides."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests.common import BaseCase, tagged

from ...ledger.holding import ShareLine
from ...ledger.linking import (
    MatchKey,
    pair,
    pair_share_lines,
    pair_subscriptions,
)
from ...ledger.operation import SUBSCRIPTION
from ...ledger.replay import replay
from ...ledger.request import (
    CapitalReleaseRequest,
)
from .registers import registers

thorough = settings(max_examples=200, deadline=None, derandomize=True)

marks = st.builds(
    MatchKey,
    st.sampled_from("ABC"),
    st.sampled_from([date(2026, 1, day) for day in (1, 2, 3)]),
)
effects = st.dictionaries(st.integers(1, 9), marks, max_size=6)
causes = st.dictionaries(st.sampled_from("uvwxyz"), marks, max_size=6)


def without_links(register):
    """The register's operations, and the requests that were paid for them."""
    unlinked, requests = [], []
    for operation in register.operations:
        values = {name: getattr(operation, name) for name in ("number", "kind")}
        assert values["number"]
        if operation.kind == SUBSCRIPTION:
            requests.append(
                CapitalReleaseRequest(
                    operation.request,
                    operation.partner,
                    operation.shares,
                    True,
                    operation.date,
                )
            )
            operation = type(operation)(**{**vars(operation), "request": None})
        unlinked.append(operation)
    return unlinked, requests


@tagged("ledger")
class TestLinking(BaseCase):
    """Effects and causes, paired where exactly one fits on both sides."""

    @thorough
    @given(effects, causes)
    def test_who_is_linked_fits(self, some, others):
        for effect, cause in pair(some, others).links.items():
            assert some[effect].substance == others[cause].substance

    @thorough
    @given(effects, causes)
    def test_nobody_is_linked_twice(self, some, others):
        links = pair(some, others).links
        assert len(set(links.values())) == len(links)

    @thorough
    @given(effects, causes)
    def test_both_sides_say_the_same(self, some, others):
        there = pair(some, others).links
        back = pair(others, some).links
        assert {(effect, cause) for effect, cause in there.items()} == {
            (effect, cause) for cause, effect in back.items()
        }

    @thorough
    @given(effects, causes)
    def test_everyone_is_accounted_for(self, some, others):
        pairing = pair(some, others)
        said = [*pairing.links, *pairing.several, *pairing.none]
        assert sorted(said) == sorted(some)
        free = set(others) - set(pairing.links.values())
        substances = {others[cause].substance for cause in free}
        for effect in pairing.none:
            assert some[effect].substance not in substances

    @thorough
    @given(effects, causes)
    def test_what_is_alike_is_not_told_apart(self, some, others):
        """Of two with the same match key neither is linked."""
        links = pair(some, others).links
        for effect in links:
            assert list(some.values()).count(some[effect]) == 1
        for cause in links.values():
            assert list(others.values()).count(others[cause]) == 1

    @thorough
    @given(registers())
    def test_links_are_found_again(self, register):
        """Every operation has a day of its own here, so each finds its request."""
        unlinked, requests = without_links(register)
        links = pair_subscriptions(unlinked, requests).links
        found = {operation.number: request for operation, request in links.items()}
        assert found == {
            operation.number: operation.request
            for operation in register.operations
            if operation.kind == SUBSCRIPTION
        }

    @thorough
    @given(registers())
    def test_share_lines_are_the_replayed_ones(self, register):
        holdings = replay(register.operations, register.numbers).holdings
        lines = {
            partner: [
                ((partner, place), ShareLine(**{**vars(line), "request": None}))
                for place, line in enumerate(holding.lines)
            ]
            for partner, holding in holdings.items()
        }
        found = pair_share_lines(lines, holdings)
        for partner, holding in holdings.items():
            for place, line in enumerate(holding.lines):
                assert found[partner, place].request == line.request
