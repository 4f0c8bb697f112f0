"""Registers that nobody thought of, made by cooperator itself."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..ledger.opening_search import find_openings
from ..ledger.operation import SELL_BACK, SUBSCRIPTION
from ..ledger.replay import replay
from .builders import (
    ALICE,
    BRUNO,
    CLARA,
    DAVID,
)
from .fixtures.people import GIULIA, HENRI, IRENE
from .remembered import Remembered
from .series import flush
from .test_cascade import CascadeCase
from .test_imported_members import Imports

people = st.integers(0, 3)
shares = st.integers(0, 2)
few = st.integers(1, 4)

subscription = st.tuples(st.just("subscribe"), people, shares, few)
operations = st.lists(
    st.one_of(
        subscription,
        st.tuples(st.just("sell_back"), people, shares, few),
        st.tuples(st.just("transfer"), people, people, shares, few),
        st.tuples(st.just("convert"), people, shares, shares),
    ),
    min_size=2,
    max_size=8,
)
imports = st.lists(st.tuples(people, shares, few), min_size=1, max_size=4)

# a single transaction serves all examples: each of them is undone by a savepoint
slow = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)

# two rollbacks each
slower = settings(slow, max_examples=5)


class Undo(Exception):
    """Ends an example: what it has made is undone."""


class RandomRegisterCase(Remembered, CascadeCase):
    """Four people do what they like; cooperator says what it comes to."""

    def setUp(self):
        super().setUp()
        self.people = [
            self.subscribe(person, 1, self.share_y).partner_id
            for person in (ALICE, BRUNO, CLARA, DAVID)
        ]
        self.shares = [self.share_x, self.share_y, self.share_z]
        self.requests = []

    def in_savepoint(self, function, *arguments):
        numbers = self.next_numbers()
        with self.assertRaises(Undo), self.env.cr.savepoint():
            self.set_next_numbers(self.company, numbers)
            function(*arguments)
            raise Undo
        self.env.clear()

    def do(self, kind, *arguments):
        """One operation through cooperator; nothing where it refuses."""
        try:
            with self.env.cr.savepoint():
                getattr(self, "do_" + kind)(*arguments)
                flush(self.env)
        except (UserError, ValidationError):
            # the savepoint has undone it: people try what is not allowed
            self.env.clear()

    def do_subscribe(self, person, share, quantity):
        partner = self.people[person]
        subscription = self.subscribe(
            ALICE, quantity, self.shares[share], partner=partner
        )
        self.pay(subscription)
        self.requests.append(subscription)

    def do_sell_back(self, person, share, quantity):
        self.sell_back(self.people[person], self.shares[share], quantity)

    def do_transfer(self, giver, receiver, share, quantity):
        self.transfer(
            self.people[giver], self.people[receiver], self.shares[share], quantity
        )

    def do_convert(self, person, share, into):
        partner = self.people[person]
        owned = sum(
            line.share_number
            for line in partner.share_ids
            if line.share_product_id == self.shares[share]
        )
        self.convert(partner, self.shares[share], owned, self.shares[into])

    def make_history(self, history):
        self.requests = []
        for operation in history:
            self.do(*operation)

    def check_agreement(self, history, chosen, has_right):
        self.make_history(history)
        self.alice = self.requests[chosen % len(self.requests)]
        quantity = self.alice.ordered_parts
        self.bruno = self.subscribe(
            BRUNO, quantity, self.alice.share_product_id, partner=self.emma.partner_id
        )
        # the rollback's own verification compares with the plan
        state = self.assertAgree(right=has_right)
        self.assertRemembered()
        return state


@tagged("post_install", "-at_install", "slow")
class TestRandomRegisters(RandomRegisterCase):
    """Each register begins with its first operation."""

    @slow
    @given(operations)
    def test_replay_is_what_cooperator_made(self, history):
        """Line by line, with members, old members and numbers."""
        self.in_savepoint(self.check_replay, history)

    def check_replay(self, history):
        self.make_history(history)
        register = self.company._load_register()
        replayed = replay(register.operations, register.numbers)
        self.assertFalse(replayed.rejected)
        partners = self.env["res.partner"].browse(list(replayed.holdings))
        self.assertEqual(self.company._load_holdings(partners), replayed.holdings)
        for partner in partners:
            alone = self.company._replay_holdings(partner, register.numbers)
            self.assertEqual(alone[partner.id], replayed.holdings[partner.id])

    @slow
    @given(subscription, operations, st.integers(0, 3), st.booleans())
    def test_both_ways_agree_with_the_plan(self, first, history, chosen, has_right):
        """``dependents`` and ``all``, whichever subscription was the wrong one."""
        self.in_savepoint(self.check_agreement, [first, *history], chosen, has_right)


@tagged("post_install", "-at_install", "slow")
class TestRandomImports(Imports, RandomRegisterCase):
    """Each register begins with members, shares and numbers that were imported."""

    has_openings = True

    def setUp(self):
        super().setUp()
        # the others have operations already
        self.people = [
            self.subscribe(person, 1, self.share_y).partner_id
            for person in (DAVID, GIULIA, HENRI, IRENE)
        ]

    def correct(self, right=True, **options):
        """Roll back; what everybody has is worth what it was, but for what is removed."""
        before = self.get_total_value()
        rollback = super().correct(right, **options)
        plan = rollback._get_plan()
        expected = before - self.get_value(plan.removed) + self.get_value(plan.inserted)
        self.assertAlmostEqual(self.get_total_value(), expected)
        return rollback

    def get_value(self, operations):
        """What operations have added to the shares of all."""
        signs = {SUBSCRIPTION: 1, SELL_BACK: -1}
        return sum(
            signs.get(one.kind, 0) * part.amount
            for one in operations
            for part in one.shares
        )

    def get_total_value(self):
        flush(self.env)
        lines = self.env["share.line"].search([("company_id", "=", self.company.id)])
        return sum(line.share_number * line.share_unit_price for line in lines)

    def make_imports(self, imported):
        for person, share, quantity in imported:
            self.import_member(
                self.people[person], 71 + person, (self.shares[share], quantity)
            )

    @slow
    @given(imports, operations)
    def test_openings_explain_what_is_there(self, imported, history):
        """Replayed after the openings that are found, line by line."""
        self.in_savepoint(self.check_openings, imported, history)

    def check_openings(self, imported, history):
        self.make_imports(imported)
        self.make_history(history)
        register = self.company._load_register()
        holdings = self.company._load_holdings(
            self.env["cooperative.membership"]
            .search([("company_id", "=", self.company.id)])
            .partner_id
        )
        found = find_openings(
            register.operations, register.numbers, holdings, register.openings
        )
        self.assertFalse(found.unexplained)
        replayed = replay(register.operations, register.numbers, found.openings)
        self.assertFalse(replayed.rejected)
        for partner, holding in replayed.holdings.items():
            self.assertEqual(holdings[partner], holding)

    @slower
    @given(imports, subscription, operations, st.integers(0, 3), st.booleans())
    def test_imported_shares_stay(self, imported, first, history, chosen, has_right):
        """``dependents`` and ``all``, whichever subscription was the wrong one."""
        self.in_savepoint(
            self.check_imports_stay, imported, [first, *history], chosen, has_right
        )

    def check_imports_stay(self, imported, history, chosen, has_right):
        self.make_imports(imported)
        state = self.check_agreement(history, chosen, has_right)
        for person in {person for person, _share, _quantity in imported}:
            self.assertEqual(state["holdings"][self.people[person]].number, 71 + person)
