"""Requests, payments and the company in different currencies."""

from odoo.tests import tagged

from .balances import Balances
from .builders import ALICE, BRUNO
from .common import RollbackCase
from .francs import Francs
from .series import change_currency


class CurrencyCase(Francs, Balances, RollbackCase):
    """A franc was half of the company's currency once, and is worth more lately."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.company_currency = cls.company.currency_id
        cls.make_francs((400, 2.0), (100, 1.6))

    @classmethod
    def subscribe_in_francs(cls, person, quantity, days, partner=None):
        """A subscription whose request is kept in francs."""
        cls.company.subscription_journal_id.currency_id = cls.franc
        subscription = cls.subscribe(
            person, quantity, cls.share_y, partner=partner, date=cls.days_ago(days)
        )
        change_currency(subscription.capital_release_request, cls.franc)
        return subscription


@tagged("post_install", "-at_install", "slow")
class TestForeignRequest(CurrencyCase):
    """The journal of subscriptions is kept in francs, and so is Bruno's payment."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe_in_francs(ALICE, 3, 250)
        cls.bruno = cls.subscribe_in_francs(BRUNO, 3, 250)
        cls.request = cls.alice.capital_release_request
        cls.payment = cls.book_in_francs(cls.bruno.partner_id, 75, days=20)
        cls.match(cls.payment, cls.alice)

    def test_start(self):
        """What was 37.50 is worth 46.88 when it is paid."""
        self.assertEqual(self.request.currency_id, self.franc)
        self.assertEqual(self.item_of(self.request).balance, 37.5)
        self.assertEqual(self.item_of(self.payment).balance, -46.88)
        self.assertPaid(self.alice)

    def test_right_request(self):
        self.check_forward_and_back(self.bruno)

    def test_not_for_shares(self):
        self.check_forward_and_back(None)

    def test_dry_run(self):
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.action_plan()
        self.assertFalse(rollback.warnings)
        self.assertTriedOut(rollback)

    def test_paid_in_part(self):
        """Half of it does not pay Bruno's request: the plan says so, and it is so."""
        claude = self.subscribe_in_francs(BRUNO, 6, 250, partner=self.bruno.partner_id)
        rollback = self.draft_rollback(self.request, claude)
        rollback.action_plan()
        self.assertIn("stays open in part", rollback.warnings)
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertOpen(claude, residual=75)
        self.assertCandidate(self.bruno.partner_id)
        self.assertEqual(self.next_numbers(), (1002, 502))


@tagged("post_install", "-at_install", "slow")
class TestRightRequestLoses(CurrencyCase):
    """Bruno's request is of later: Odoo books a difference on it when it is paid."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe_in_francs(ALICE, 3, 250)
        cls.bruno = cls.subscribe_in_francs(BRUNO, 3, 50)
        cls.request = cls.alice.capital_release_request
        cls.payment = cls.book_in_francs(cls.bruno.partner_id, 75, days=200)
        cls.match(cls.payment, cls.alice)

    def test_right_request(self):
        """It becomes one operation, not two."""
        self.check_forward_and_back(self.bruno)


@tagged("post_install", "-at_install", "slow")
class TestRateChangedMeanwhile(TestRightRequestLoses):
    """The rates of back then are corrected between a rollback and its revert."""

    def do_meanwhile(self):
        self.franc.rate_ids.write({"rate": 3.0})


@tagged("post_install", "-at_install")
class TestForeignPayment(CurrencyCase):
    """Requests in the company's currency, paid with francs at the bank's own rate."""

    paid_by = "bruno"

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y, date=cls.days_ago(250))
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y, date=cls.days_ago(250))
        cls.request = cls.alice.capital_release_request
        payer = {"alice": cls.alice, "bruno": cls.bruno}[cls.paid_by].partner_id
        cls.payment = cls.book_in_francs(payer, 150, days=200, amount=75.01)
        cls.match(cls.payment, cls.alice)

    def test_right_request(self):
        self.check_forward_and_back(self.bruno)

    def test_not_for_shares(self):
        self.check_forward_and_back(None)


@tagged("post_install", "-at_install", "slow")
class TestForeignPaymentOnWrongPerson(TestForeignPayment):
    """Booked on Alice; Odoo's own difference of a cent is nothing that it pays as well."""

    paid_by = "alice"

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        # none is needed
        cls.company.reclassification_journal_id = False

    def test_payer_is_changed(self):
        self.roll_back(self.request, self.bruno)
        self.assertEqual(self.payment.line_ids.partner_id, self.bruno.partner_id)
        self.assertPaid(self.bruno)


@tagged("post_install", "-at_install", "slow")
class TestLeftOverOfPayment(CurrencyCase):
    """Bruno sent 100 francs, Alice's request took 75 of them."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe_in_francs(ALICE, 3, 250)
        cls.bruno = cls.subscribe_in_francs(BRUNO, 3, 250)
        cls.request = cls.alice.capital_release_request
        cls.payment = cls.book_in_francs(cls.bruno.partner_id, 100, days=20)
        cls.match(cls.payment, cls.alice)

    def test_right_request(self):
        self.check_forward_and_back(self.bruno)


@tagged("post_install", "-at_install", "slow")
class TestThreeCurrencies(CurrencyCase):
    """A request in francs is paid with pounds."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe_in_francs(ALICE, 3, 250)
        cls.bruno = cls.subscribe_in_francs(BRUNO, 3, 250)
        cls.request = cls.alice.capital_release_request
        currencies = cls.env["res.currency"].with_context(active_test=False)
        pound = currencies.search([("name", "=", "GBP")])
        pound.active = True
        cls.payment = cls.book_in_francs(
            cls.bruno.partner_id, 30, days=200, amount=37.5, currency=pound
        )
        cls.match(cls.payment, cls.alice)

    def test_right_request(self):
        self.check_forward_and_back(self.bruno)

    def test_not_for_shares(self):
        self.check_forward_and_back(None)


@tagged("post_install", "-at_install", "slow")
class TestForeignPaymentBookedOver(CurrencyCase):
    """Booked on Alice in a period that is locked by now; the franc was worth less then."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y, date=cls.days_ago(250))
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y, date=cls.days_ago(250))
        cls.request = cls.alice.capital_release_request
        cls.payment = cls.book_in_francs(cls.alice.partner_id, 150, days=200)
        cls.match(cls.payment, cls.alice)
        cls.company.fiscalyear_lock_date = cls.days_ago(10)

    def test_right_request(self):
        self.check_forward_and_back(self.bruno)

    def test_nothing_is_left(self):
        """The entry books all francs over, at the payment's own rate."""
        self.roll_back(self.request, self.bruno)
        self.assertLedger(self.alice.partner_id, 75, 75)
        self.assertLedger(self.bruno.partner_id, 0, 0)
