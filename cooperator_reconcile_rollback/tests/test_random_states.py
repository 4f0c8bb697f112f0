"""Registers in whatever state, made by cooperator and by people with developer mode."""

from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..tools.series import undo_statement_line
from .series import flush, invalidate
from .snapshots import SEQUENCES
from .test_imported_members import Imports
from .test_random_bookings import (
    RandomBookingsCase,
    amounts,
    people,
    rights,
    slow,
    subscriptions,
    ways,
)
from .undone import undone

few = st.integers(1, 3)
places = st.integers(0, 20)
acts = st.one_of(
    st.tuples(st.just("book"), ways, people, amounts, subscriptions),
    st.tuples(st.just("pay"), ways, subscriptions),
    st.tuples(st.just("unmatch"), subscriptions),
    st.tuples(st.just("match"), places, subscriptions),
    st.tuples(st.just("match_anew"), subscriptions),
    st.tuples(st.just("reset_to_draft"), places, st.booleans()),
    st.tuples(st.just("reverse"), places),
    st.tuples(st.just("delete_shares"), subscriptions),
    st.tuples(st.just("delete_line"), places),
    st.tuples(st.just("change_shares"), places, few),
    st.tuples(st.just("give_number_twice"), places),
    st.tuples(st.just("set_sequence"), st.sampled_from(SEQUENCES), st.integers(-2, 3)),
    st.tuples(st.just("import"), people, few),
    st.tuples(st.just("sell_back"), people, few),
    st.tuples(st.just("transfer"), people, people, few),
    st.tuples(st.just("cancel"), subscriptions),
    st.tuples(st.just("refund"), subscriptions),
)
options = st.fixed_dictionaries(
    {
        "cascade": st.sampled_from(["block", "dependents", "all"]),
        "numbering": st.sampled_from(["reuse", "keep_gap", "close_gap", "append"]),
    }
)
starts = st.tuples(
    st.sampled_from(
        ["request", "request", "requests", "payment", "line", "person", "finding"]
    ),
    places,
)
slow_states = settings(slow, max_examples=15)


@tagged("post_install", "-at_install", "slow")
class TestRandomStates(Imports, RandomBookingsCase):
    """From whatever record somebody starts: refused, or done, right, and reverted."""

    @slow_states
    @given(st.lists(acts, min_size=3, max_size=9), starts, rights, options)
    def test_made_right_or_refused(self, made, start, right, chosen):
        with undone(self.env):
            self.do_all([("pay", "payment", 0), *made])
            self.check(start, right, chosen)

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.allow_several_register_lines_per_operation()

    def check(self, start, right, chosen):
        records = getattr(self, f"find_{start[0]}")(start[1])
        errors = self.find_errors()
        self.reverts = []
        rollback = self.correct_or_refuse(records, right, note="Tried", **chosen)
        if rollback:
            self.assertFalse(rollback._find_tampering())
            self.assertLessEqual(self.find_errors().keys(), errors.keys())
            self.assertMadeOnce(rollback._get_plan().inserted)
            self.do_revert()
            self.assertEqual(rollback.state, "reverted")
            self.assertEqual(self.find_errors().keys(), errors.keys())

    def do_all(self, made):
        """Odoo or cooperator may refuse some of it."""
        self.begin()
        for act in made:
            try:
                with self.env.cr.savepoint():
                    self.do(*act)
                    flush(self.env)
            except (UserError, ValidationError, IntegrityError):
                self.env.clear()

    def assertMadeOnce(self, operations):
        """Each request has one operation, and the shares of that."""
        for operation in operations:
            request = self.env["account.move"].browse(operation.request)
            self.assertEqual(len(request._find_operations()), 1)
            partner = request.partner_id
            kinds = {
                line.type for line in self.register_of() if line.partner == partner
            }
            if kinds == {"subscription"}:
                lines = self.env["share.line"].search(
                    [("capital_release_request_id", "=", request.id)]
                )
                total = sum(lines.mapped("share_number"))
                self.assertEqual(total, operation.quantity, request.name)

    # ------------------------------------------------------------------ what is there

    def find_errors(self):
        """What the register check finds wrong, by what it is known by."""
        invalidate(self.env)
        found = self.company.with_company(self.company)._check_register()
        return {one.key: one for one in found if one.severity == "error"}

    def choose(self, records, place):
        return records[place % len(records)] if records else records

    def get_lines(self):
        """The register without what was there before these tests."""
        return self.env["subscription.register"].search(
            [
                ("company_id", "=", self.company.id),
                ("partner_id", "in", [one.id for one in self.people]),
            ]
        )

    def find_request(self, place):
        registered = [one for one in self.requests if one._find_operations()]
        return self.choose(registered or self.requests, place)

    def find_requests(self, place):
        return self.find_request(place) | self.find_request(place + 1)

    def find_payment(self, place):
        return self.choose(self.payments, place)

    def find_line(self, place):
        return self.choose(self.get_lines(), place) or self.find_request(place)

    def find_person(self, place):
        return self.choose(self.people, place)

    def find_finding(self, place):
        check = self.env["cooperator.register.check"]._get_check(self.company)
        check._check()
        rollbacks = check.finding_ids.filtered(
            lambda one: any(fix.is_rollback for fix in one._get_fixes_of_kind())
        )
        return self.choose(rollbacks, place) or self.find_request(place)

    # -------------------------------------------------------------------- what is done

    def do_pay(self, way, subscription):
        """Somebody pays what he owes."""
        request = self.request_of(subscription)
        self.do_book(
            way,
            self.people.index(request.partner_id),
            request.amount_total,
            subscription,
        )

    def do_match(self, payment, subscription):
        self.match_with(
            self.choose(self.payments, payment), self.request_of(subscription)
        )

    def do_unmatch(self, subscription):
        request = self.request_of(subscription)
        items = self.matches_of(request).credit_move_id
        for match in self.matches_of(request):
            request.js_remove_outstanding_partial(match.id)
        return items.exists()

    def do_match_anew(self, subscription):
        """Unmatched and matched again: registered once more."""
        request = self.request_of(subscription)
        for item in self.do_unmatch(subscription):
            request.js_assign_outstanding_line(item.id)

    def do_reset_to_draft(self, payment, is_cancelled):
        entry = self.entry_of(self.choose(self.payments, payment))
        if entry.statement_line_id:
            undo_statement_line(entry.statement_line_id)
            return
        entry.button_draft()
        if is_cancelled:
            entry.button_cancel()

    def do_reverse(self, payment):
        entry = self.entry_of(self.choose(self.payments, payment))
        entry._reverse_moves(cancel=True)

    def do_delete_shares(self, subscription):
        request = self.request_of(subscription)
        self.env["share.line"].search(
            [("capital_release_request_id", "=", request.id)]
        ).unlink()

    def do_delete_line(self, place):
        self.choose(self.get_lines(), place).unlink()

    def do_change_shares(self, place, quantity):
        lines = self.env["share.line"].search(
            [("partner_id", "in", [one.id for one in self.people])]
        )
        self.choose(lines, place).share_number = quantity

    def do_give_number_twice(self, place):
        """As it was possible in earlier releases."""
        lines = self.get_lines()
        line, other = self.choose(lines, place), self.choose(lines, place + 1)
        number = other.register_number_operation
        line.write({"register_number_operation": number, "name": str(number)})

    def do_set_sequence(self, code, by):
        self.sequence_of(code).number_next_actual += by

    def do_import(self, person, quantity):
        partner = self.people[person]
        if self.membership_of(partner).cooperator_register_number:
            self.import_shares(partner, self.share_y, quantity)
        else:
            self.import_member(partner, 71 + person, (self.share_y, quantity))

    def do_sell_back(self, person, quantity):
        self.sell_back(self.people[person], self.share_y, quantity)

    def do_transfer(self, giver, receiver, quantity):
        self.transfer(self.people[giver], self.people[receiver], self.share_y, quantity)

    def do_cancel(self, subscription):
        request = self.request_of(subscription)
        request.button_draft()
        request.button_cancel()

    def do_refund(self, subscription):
        request = self.request_of(subscription)
        request._reverse_moves()
