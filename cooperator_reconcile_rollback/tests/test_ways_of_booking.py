"""A wrong match in each way of booking, with each lock, payer, amount and right request.

All pairs of two values meet in some case. Each case is refused at the plan, with nothing
changed, or done and reverted; the books are right after each.
"""

from collections import defaultdict
from dataclasses import dataclass
from unittest import SkipTest, skipIf

from odoo.exceptions import UserError
from odoo.tests import tagged

from .builders import ALICE, BRUNO, CLARA, DAVID, EMMA
from .cash_basis_tax import CashBasisTax
from .fixtures.compared_rows import REFUSED
from .francs import Francs
from .payments_case import PaymentsCase
from .series import SERIES, change_currency, invalidate
from .undone import undone

try:
    from allpairspy import AllPairs
except ImportError:
    AllPairs = None

LINES = ("line", "added_line")
# a unit of the company's currency
FRANCS = 2
WIZARDS = ("wizard", "write_off", "early_discount")
PARAMETERS = {
    "way": (
        "plainly",
        "wizard",
        "write_off",
        *(["early_discount"] if SERIES >= 16 else []),
        "entry",
        "francs",
        "request_in_francs",
        "all_in_francs",
        "cash_basis",
        "confirmed",
        "instalments",
        *LINES,
    ),
    "payer": ("bruno", "alice", "clara", "nobody"),
    "amount": (75, 100, 50),
    "lock": ("none", "fiscal year", "tax", "hashed"),
    "rights": ("none", "one", "two", "two people"),
}


@dataclass(frozen=True)
class Case:
    """One wrong match.

    :param payer: on whom the payment is booked; the money is Bruno's
    :param amount: what was paid; the right requests take 75
    """

    way: str
    payer: str
    amount: int
    lock: str
    rights: str


def is_possible(values):
    """Whether the first values of a case can be met in life together."""
    known = dict(zip(PARAMETERS, values))
    way, payer, amount = (known.get(name) for name in ("way", "payer", "amount"))
    if way in WIZARDS and (payer not in (None, "alice") or amount == 100):
        return False
    if payer == "nobody":
        # what is left over would be nobody's, which 14.0 refuses
        return way == "added_line" or (way == "line" and amount != 100)
    return True


def make_cases(way, parameters):
    """The cases of one way of booking; the cases of all ways have all pairs."""
    cases = AllPairs(list(parameters.values()), filter_func=is_possible)
    return [case for case in (Case(*values) for values in cases) if case.way == way]


@tagged("post_install", "-at_install", "slow")
class TestWaysOfBooking(CashBasisTax, Francs, PaymentsCase):
    """Bruno paid for shares, and the payment was matched with another's request."""

    is_tried_out = False
    parameters = PARAMETERS

    @classmethod
    def set_up_books(cls):
        if AllPairs is None:
            raise SkipTest("allpairspy is not installed")
        super(PaymentsCase, cls).set_up_books()
        cls.day = cls.days_ago(40)
        cls.alice = cls.subscribe_long_ago(ALICE)
        cls.emma = cls.subscribe_long_ago(EMMA, 2)
        cls.clara = cls.subscribe_long_ago(CLARA)
        cls.bruno = cls.subscribe_long_ago(BRUNO)
        cls.two_shares = cls.subscribe_long_ago(BRUNO, 2, cls.bruno.partner_id)
        cls.one_share = cls.subscribe_long_ago(BRUNO, 1, cls.bruno.partner_id)
        cls.david = cls.subscribe_long_ago(DAVID, 1)
        cls.make_francs((400, FRANCS))

    def test_plainly(self):
        self.check_way("plainly")

    def test_wizard(self):
        self.check_way("wizard")

    def test_write_off(self):
        self.check_way("write_off")

    @skipIf(SERIES < 16, "Odoo has early payment discounts since 16.0")
    def test_early_discount(self):
        self.check_way("early_discount")

    def test_francs(self):
        self.check_way("francs")

    def test_request_in_francs(self):
        self.check_way("request_in_francs")

    def test_all_in_francs(self):
        self.check_way("all_in_francs")

    def test_cash_basis(self):
        self.check_way("cash_basis")

    def test_entry(self):
        self.check_way("entry")

    def test_confirmed(self):
        self.check_way("confirmed")

    def test_instalments(self):
        self.check_way("instalments")

    def test_line(self):
        self.check_way("line")

    def test_added_line(self):
        self.check_way("added_line")

    def check_way(self, way):
        for case in make_cases(way, self.parameters):
            with self.subTest(case=case), undone(self.env):
                # numbers that are drawn from now on are taken back with this
                self.set_next_numbers(self.company, self.next_numbers())
                self.check(case)

    # ----------------------------------------------------------------- the mistake

    def book(self, case, wrong):
        """Book the payment and match it with the wrong request."""
        bank = self.journal_of(self.company)
        # the bank screen cannot book a line whose entry is hashed
        is_from_line = case.way in (*LINES, "confirmed")
        bank.restrict_mode_hash_table = case.lock == "hashed" and not is_from_line
        payer = self.get_payer(case, wrong)
        records = getattr(self, f"book_{case.way}")(case, wrong, payer)
        self.set_lock(case, bank)
        return records

    def set_lock(self, case, bank):
        """Lock what was booked, once it is booked."""
        if case.lock == "hashed":
            bank.restrict_mode_hash_table = True
        if case.lock == "fiscal year":
            self.lock()
        if case.lock == "tax":
            self.company.tax_lock_date = self.days_ago(30)

    def get_payer(self, case, wrong):
        """On whom the payment is booked; the wizard books it on whose the request is."""
        if case.way in WIZARDS:
            return wrong.partner_id
        if case.payer == "nobody":
            return self.env["res.partner"]
        return getattr(self, case.payer).partner_id

    def book_plainly(self, case, wrong, payer):
        payment = self.book_payment(payer, case.amount, date=self.day)
        self.match(payment, wrong)
        return payment

    def book_wizard(self, case, wrong, payer):
        return self.register_payment(wrong, date=self.day)

    def book_write_off(self, case, wrong, payer):
        """All but two is paid, and the rest is given up."""
        account = self.env["account.account"].search(
            [("company_id", "=", self.company.id), ("internal_group", "=", "expense")],
            limit=1,
        )
        self.register_with_wizard(
            wrong,
            amount=case.amount - 2,
            payment_difference_handling="reconcile",
            writeoff_account_id=account.id,
        )
        return wrong.capital_release_request

    def book_early_discount(self, case, wrong, payer):
        """Who pays early pays two percent less."""
        self.set_payment_term(
            wrong,
            {
                "value": "balance",
                "days": 60,
                "discount_percentage": 2,
                "discount_days": 50,
            },
        )
        self.register_with_wizard(wrong)
        return wrong.capital_release_request

    def register_with_wizard(self, subscription, **values):
        request = subscription.capital_release_request
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=request.ids
        )
        wizard.create({"payment_date": self.day, **values}).action_create_payments()

    def book_francs(self, case, wrong, payer):
        """An entry in another currency, worth the amount."""
        entry = self.book_in_francs(payer, case.amount * FRANCS, 40)
        self.match(entry, wrong)
        return entry

    def book_request_in_francs(self, case, wrong, payer):
        """The request is kept in another currency; see :meth:`get_wrong`."""
        return self.book_plainly(case, wrong, payer)

    def book_all_in_francs(self, case, wrong, payer):
        return self.book_francs(case, wrong, payer)

    def book_cash_basis(self, case, wrong, payer):
        """All requests have a tax that is due when they are paid."""
        self.put_tax_on(wrong, *self.get_rights(case))
        return self.book_plainly(case, wrong, payer)

    def book_entry(self, case, wrong, payer):
        entry = self.payment_entry(payer, case.amount, date=self.day)
        self.match(entry, wrong)
        return entry

    def book_confirmed(self, case, wrong, payer):
        """A payment that the bank has confirmed."""
        payment = self.book_plainly(case, wrong, payer)
        self.confirm_by_bank(payment)
        return payment

    def book_instalments(self, case, wrong, payer):
        """A request that is due in two parts."""
        self.set_payment_term(
            wrong,
            {"value": "percent", "value_amount": 40, "days": 10},
            {"value": "balance", "days": 20},
        )
        return self.book_plainly(case, wrong, payer)

    def set_payment_term(self, subscription, *lines):
        request = subscription.capital_release_request
        request.button_draft()
        request.invoice_payment_term_id = self.env["account.payment.term"].create(
            {"name": "Terms", "line_ids": [(0, 0, line) for line in lines]}
        )
        request.action_post()

    def book_line(self, case, wrong, payer):
        """A bank statement line that is matched with the request itself."""
        line = self.bank_statement_line(payer, case.amount, date=self.day)
        bookkeeper = self.bookkeeper()
        bookkeeper.match_statement_line(
            line.id, self.item_of(wrong.capital_release_request).id
        )
        return line

    def book_added_line(self, case, wrong, payer):
        """A line booked on the cooperators' account, added to the request later."""
        line = self.bank_statement_line(payer, case.amount, date=self.day)
        self.bookkeeper().book_statement_line(line.id)
        self.match(line.move_id, wrong)
        return line

    # ------------------------------------------------------------------ what is right

    def get_rights(self, case):
        """The right subscriptions, in the order in which the payment pays them."""
        return {
            "none": [],
            "one": [self.bruno],
            "two": [self.two_shares, self.one_share],
            "two people": [self.two_shares, self.david],
        }[case.rights]

    def draft(self, records, rights):
        rollback = self.draft_rollback(records, rights[0] if rights else None)
        for line in rollback.line_ids:
            line.right_ids = [
                (0, 0, {"move_id": right.capital_release_request.id})
                for right in rights[1:]
            ]
        return rollback

    def get_ledgers(self):
        """What each person, and nobody, has on the cooperators' account."""
        invalidate(self.env)
        items = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.company.property_cooperator_account.id),
                ("parent_state", "=", "posted"),
            ]
        )
        balances, open_amounts = defaultdict(float), defaultdict(float)
        for item in items:
            balances[item.partner_id] += item.balance
            open_amounts[item.partner_id] += item.amount_residual
        ledgers = {one: round(sum_, 2) for one, sum_ in balances.items()}
        # what is matched is matched within the person, once all is right
        return ledgers, {one: round(sum_, 2) for one, sum_ in open_amounts.items()}

    def expect_ledgers(self, case, payer, before, is_undone):
        """What each person should have, from who had what and whose the money is."""
        rights = self.get_rights(case)
        expected = dict(before)
        expected[payer] = expected.get(payer, 0) + case.amount
        left = case.amount
        for right in rights:
            paid = min(left, right.subscription_amount)
            expected[right.partner_id] -= paid
            left -= paid
        people = {right.partner_id for right in rights}
        if not is_undone:
            rest = people.pop() if len(people) == 1 else payer
            expected[rest] = expected.get(rest, 0) - left
        return {one: round(sum_, 2) for one, sum_ in expected.items() if sum_}

    # ------------------------------------------------------------------- the check

    def get_wrong(self, case):
        """The wrong subscription: what was paid is enough for it."""
        if case.way not in ("request_in_francs", "all_in_francs"):
            return self.emma if case.amount == 50 else self.alice
        # the price of a share is in the request's currency
        person, shares = (EMMA, 2) if case.amount == 50 else (ALICE, 3)
        wrong = self.subscribe_long_ago(person, shares * FRANCS)
        change_currency(wrong.capital_release_request, self.franc)
        return wrong

    def check(self, case):
        wrong = self.get_wrong(case)
        rights = self.get_rights(case)
        records = self.book(case, wrong)
        before, _open = self.get_ledgers()
        books, drafts = self.books(), self.find_drafts()
        trial_balance = self.balances()
        member = self.holding_of(wrong.partner_id)
        try:
            with self.env.cr.savepoint():
                rollback = self.draft(records, rights)
                rollback.action_plan()
        except UserError as error:
            self.assertRightlyRefused(case, error)
            invalidate(self.env)
            self.assertBooksEqual(books, REFUSED)
            return
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        is_undone = not rollback.line_ids.payment_line_id
        self.assertFalse(is_undone and rights)
        found, open_amounts = self.get_ledgers()
        self.assertEqual(
            {one: amount for one, amount in found.items() if amount},
            self.expect_ledgers(case, self.get_payer(case, wrong), before, is_undone),
        )
        # nothing of one person is matched with what is another's
        self.assertEqual(found, open_amounts)
        # without a right request the tax is not due any more
        if not is_undone and (rights or case.way != "cash_basis"):
            self.assertEqual(self.balances(), trial_balance)
        self.assertAlmostEqual(sum(self.balances().values()), 0)
        self.assertEqual(self.find_drafts(), drafts)
        self.assertCandidate(wrong.partner_id)
        self.revert(rollback)
        self.assertEqual(self.get_ledgers()[0], before)
        self.assertEqual(self.balances(), trial_balance)
        self.assertEqual(self.find_drafts(), drafts)
        self.assertEqual(self.holding_of(wrong.partner_id), member)

    def assertRightlyRefused(self, case, error):
        """Only where the money does not reach the second request, or Odoo refuses it."""
        is_tax_locked = case.way == "cash_basis" and case.lock in ("fiscal year", "tax")
        if is_tax_locked and "since Odoo refuses it" in error.args[0]:
            return
        self.assertIn("is left for", error.args[0])
        self.assertEqual(case.amount, 50)
        self.assertIn(case.rights, ("two", "two people"))
