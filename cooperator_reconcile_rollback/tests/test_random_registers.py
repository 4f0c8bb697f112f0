"""Registers that nobody thought of, made by cooperator itself."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError, ValidationError

from ..ledger.replay import replay
from .builders import (
    ALICE,
    BRUNO,
    CLARA,
    DAVID,
)
from .series import flush
from .test_cascade import CascadeCase

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

# a single transaction serves all examples: each of them is undone by a savepoint
slow = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class Undo(Exception):
    """Ends an example: what it has made is undone."""


class TestRandomRegisters(CascadeCase):
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

    def check_agreement(self, history, chosen, has_right):
        self.make_history(history)
        self.alice = self.requests[chosen % len(self.requests)]
        quantity = self.alice.ordered_parts
        self.bruno = self.subscribe(
            BRUNO, quantity, self.alice.share_product_id, partner=self.emma.partner_id
        )
        # the rollback's own verification compares with the plan
        self.assertAgree(right=has_right)
