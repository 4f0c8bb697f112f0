"""Bookings that nobody thought of: payments, wrong matches, rollbacks and reverts."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from .builders import ALICE, BRUNO, CLARA
from .fixtures.compared_rows import REFUSED
from .payments_case import PaymentsCase
from .series import invalidate
from .undone import undone

subscriptions = st.integers(0, 5)
people = st.integers(0, 2)
ways = st.sampled_from(["payment", "entry", "line", "confirmed"])
amounts = st.sampled_from([25, 50, 75, 100, 150])
rights = st.lists(subscriptions, max_size=2, unique=True)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("book"), ways, people, amounts, subscriptions),
        st.tuples(st.just("match_again"), subscriptions),
        st.tuples(st.just("lock")),
        st.tuples(st.just("roll_back"), subscriptions, rights),
        st.tuples(st.just("revert")),
    ),
    min_size=3,
    max_size=7,
).map(lambda made: [("book", "payment", 0, 75, 3), *made])

# a single transaction serves all examples
slow = settings(
    max_examples=6,
    # an example takes seconds: making a failing one smaller would take minutes
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class RandomBookingsCase(PaymentsCase):
    """Three people have two requests each; whose money comes is anybody's guess."""

    @classmethod
    def set_up_books(cls):
        super(PaymentsCase, cls).set_up_books()
        cls.subscriptions = []
        for person in (ALICE, BRUNO, CLARA):
            first = cls.subscribe_long_ago(person, 3)
            cls.subscriptions += [
                first,
                cls.subscribe_long_ago(person, 2, first.partner_id),
            ]
        cls.people = [one.partner_id for one in cls.subscriptions[::2]]
        cls.requests = [one.capital_release_request for one in cls.subscriptions]

    def request_of(self, subscription):
        """A capital release request by its place; a refund of it is in its subscription."""
        return self.requests[subscription]

    def begin(self):
        """Forget what was done before."""
        self.set_next_numbers(self.company, self.next_numbers())
        self.payments, self.reverts = [], []
        self.day = self.days_ago(40)

    def do(self, name, *arguments):
        getattr(self, f"do_{name}")(*arguments)

    # -------------------------------------------------------------------- what is done

    def do_book(self, way, person, amount, subscription):
        """Book somebody's money and match it with a request that is still open."""
        partner = self.people[person]
        if way == "line":
            source = self.bank_statement_line(partner, amount, date=self.day)
            self.bookkeeper().book_statement_line(source.id)
        elif way == "entry":
            source = self.payment_entry(partner, amount, date=self.day)
        else:
            source = self.book_payment(partner, amount, date=self.day)
            if way == "confirmed":
                self.confirm_by_bank(source)
        self.payments.append(source)
        self.match_with(source, self.request_of(subscription))

    def do_match_again(self, subscription):
        """What is left of the last payment pays one more request."""
        if self.payments:
            self.match_with(self.payments[-1], self.request_of(subscription))

    def match_with(self, source, request):
        open_items = self.item_of(self.entry_of(source)).filtered(
            lambda item: not item.reconciled
        )
        if request.amount_residual and open_items:
            self.bookkeeper().match(open_items[:1].id, request.id)
            # members are numbered from now on: what comes after builds on it
            self.reverts = []

    def entry_of(self, source):
        return source if source._name == "account.move" else source.move_id

    def do_lock(self):
        """Close the period; what is booked from now on is of today."""
        self.lock()
        self.day = self.days_ago(0)

    def do_roll_back(self, wrong, rights):
        """Roll back what a request has made."""
        request = self.request_of(wrong)
        if request.amount_residual == 0:
            self.correct_or_refuse(request, rights)

    def correct_or_refuse(self, records, rights, **options):
        """Refused with nothing changed, or done.

        :param rights: places of the right requests
        :return: the rollback where it is done
        """
        invalidate(self.env)
        books, before = self.books(), self.balances()
        try:
            with self.env.cr.savepoint():
                rollback = self.draft_rollback(
                    records,
                    self.subscriptions[rights[0]] if rights else None,
                    **options,
                )
                for right in rights[1:]:
                    move = self.request_of(right)
                    rollback.line_ids[:1].right_ids = [(0, 0, {"move_id": move.id})]
                rollback.action_plan()
        except UserError:
            invalidate(self.env)
            self.assertBooksEqual(books, REFUSED)
            return None
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "done", rollback.error)
        self.assertEqual(sum(self.balances().values()), 0)
        self.assertFalse(self.find_wrong_payers(rollback))
        self.reverts.append((rollback, before, books))
        return rollback

    def find_wrong_payers(self, rollback):
        """Matches of the right requests that another person's item pays."""
        payments = rollback.line_ids.payment_move_id
        payments |= rollback.line_ids.reclassification_move_id
        matches = rollback.line_ids._get_all_right_moves()._get_request_matches()
        return [
            match
            for match in matches
            if match.credit_move_id.move_id in payments
            and match.credit_move_id.partner_id != match.debit_move_id.partner_id
        ]

    def do_revert(self):
        """Refused with nothing changed, or the books before the rollback."""
        if not self.reverts:
            return
        rollback, before, books = self.reverts.pop()
        if rollback.state != "done":
            return
        invalidate(self.env)
        today = self.books()
        try:
            with self.env.cr.savepoint():
                rollback.action_revert()
        except UserError:
            invalidate(self.env)
            self.assertBooksEqual(today, REFUSED)
            return
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "reverted", rollback.error)
        self.assertEqual(self.balances(), before)
        if not rollback.line_ids.reclassification_move_id:
            self.assertBooksRestored(books)


@tagged("post_install", "-at_install", "slow")
class TestRandomBookings(RandomBookingsCase):
    """Money comes in every way, and is matched with whatever is open."""

    @slow
    @given(acts)
    def test_books_are_right_after_each_act(self, made):
        with undone(self.env):
            self.begin()
            self.drafts = self.find_drafts()
            for act in made:
                self.do(*act)
                self.assertEqual(self.find_drafts(), self.drafts)

    def correct_or_refuse(self, records, rights, **options):
        rollback = super().correct_or_refuse(records, rights, **options)
        if rollback:
            self.assertDone(rollback)
        return rollback
