"""What can't be rolled back is refused in one sentence, and nothing is changed."""

import re

from odoo import fields
from odoo.tests import tagged

from .builders import ALICE, BRUNO, CLARA
from .common import RollbackCase
from .series import SERIES, flush, invalidate


class RefusalCase(RollbackCase):
    """Alice's request, wrongly paid with Bruno's payment."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)
        cls.request = cls.alice.capital_release_request

    @classmethod
    def pay_wrong(cls, **values):
        return cls.pay(cls.alice, by=cls.bruno.partner_id, **values)

    @staticmethod
    def naming(*words):
        """A regular expression that wants all these words, in whatever order."""
        return "(?s)" + "".join(f"(?=.*{re.escape(str(word))})" for word in words)

    def assertNotOffered(self, words, records):
        """Refused where the person chooses the records."""
        made = self.assertRefused(self.naming(*words), self.draft_rollback, records)
        self.assertFalse(made)

    def plan(self, records, right=None, **options):
        self.draft_rollback(records, right, **options).action_plan()

    def assertNotPlanned(self, words, records, right=None, **options):
        """Refused at the plan at the latest; what there is then is a draft."""
        self.assertRefused(self.naming(*words), self.plan, records, right, **options)


@tagged("post_install", "-at_install")
class TestWrongRecord(RefusalCase):
    """The record that the action is called on."""

    def make_invoice(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.alice.partner_id.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    (0, 0, {"name": "Bread", "quantity": 1, "price_unit": 75})
                ],
            }
        )
        invoice.action_post()
        return invoice

    def test_ordinary_invoice(self):
        invoice = self.make_invoice()
        self.assertNotOffered([invoice.name], invoice)

    def test_ordinary_paid_invoice(self):
        """An invoice that is paid, and its payment, have nothing to do with shares."""
        invoice = self.make_invoice()
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({})
        )
        wizard.action_create_payments()
        items = invoice.line_ids.matched_credit_ids
        payment = items.credit_move_id.move_id.payment_id
        self.assertEqual(invoice.payment_state, "paid")
        self.assertNotOffered([invoice.name], invoice)
        self.assertNotOffered([payment.name], payment)

    def test_unpaid_request(self):
        self.assertNotOffered([self.request.name, "Alice"], self.request)

    def test_partly_paid_request(self):
        """A part of the amount has made no operation that could be rolled back."""
        self.pay_wrong(amount=25)
        self.assertNotOffered([self.request.name, "Alice"], self.request)

    def test_unmatched_payment(self):
        payment = self.book_payment(self.bruno.partner_id, 75)
        self.assertNotOffered([payment.name], payment)

    def test_unmatched_statement_line(self):
        line = self.bank_statement_line(self.bruno.partner_id, 75)
        self.assertNotOffered([line.move_id.name], line)

    def test_one_wrong_record_among_right_ones(self):
        """Nothing is made of the right ones either."""
        self.pay_wrong()
        requests = self.request | self.bruno.capital_release_request
        self.assertNotOffered([self.bruno.capital_release_request.name], requests)

    def test_nothing_chosen(self):
        self.assertRefused(
            "", self.env["reconciliation.rollback"].create_from, self.request.browse()
        )

    def test_several_operations_fit_without_links(self):
        """Two equal requests of before this module: which operation is whose?"""
        again = self.subscribe(ALICE, 3, self.share_y, partner=self.alice.partner_id)
        self.pay_wrong()
        self.pay(again)
        flush(self.env)
        self.env.cr.execute(
            "UPDATE subscription_register SET capital_release_request_id = NULL"
        )
        invalidate(self.env)
        self.assertNotOffered([self.request.name, "1002", "1003"], self.request)

    def test_already_in_another_rollback(self):
        self.pay_wrong()
        other = self.draft_rollback(self.request, self.bruno)
        self.assertNotOffered([self.request.name, other.name], self.request)
        other.action_plan()
        self.assertNotOffered([self.request.name, other.name], self.request)

    def test_free_again_after_cancelling(self):
        """What a cancelled rollback was about can be rolled back."""
        self.pay_wrong()
        self.draft_rollback(self.request, self.bruno).action_cancel()
        self.roll_back(self.request, self.bruno)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])


@tagged("post_install", "-at_install")
class TestRightRequest(RefusalCase):
    """The request that should have been paid."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.pay_wrong()

    def test_of_another_company(self):
        second = self.make_company("Second cooperative")
        self.manager.company_ids |= second
        clara = self.subscribe(CLARA, 3, self.share_y, company=second)
        self.assertNotPlanned(
            [clara.capital_release_request.name, "Second cooperative"],
            self.request,
            clara,
        )

    def test_not_posted(self):
        request = self.bruno.capital_release_request
        request.button_draft()
        self.assertNotPlanned([request.name, "Bruno"], self.request, self.bruno)

    def test_already_paid(self):
        self.pay(self.bruno)
        self.assertNotPlanned(
            [self.bruno.capital_release_request.name, "Bruno"],
            self.request,
            self.bruno,
        )

    def test_the_wrong_request_itself(self):
        self.assertNotPlanned([self.request.name, "Alice"], self.request, self.alice)

    def test_two_payments_on_one_request(self):
        """Each fits alone; both together are more than is open."""
        clara = self.subscribe(CLARA, 3, self.share_y)
        self.pay(clara)
        requests = (self.alice | clara).capital_release_request
        self.assertNotPlanned(
            [self.bruno.capital_release_request.name, "Bruno", "75"],
            requests,
            self.bruno,
        )

    def test_ordinary_invoice(self):
        """An invoice for something else is no right request."""
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.bruno.partner_id.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    (0, 0, {"name": "Bread", "quantity": 1, "price_unit": 75})
                ],
            }
        )
        invoice.action_post()

        def choose_invoice():
            rollback = self.draft_rollback(self.request)
            rollback.line_ids.right_move_id = invoice
            rollback.action_plan()

        self.assertRefused(self.naming(invoice.name), choose_invoice)


@tagged("post_install", "-at_install")
class TestRefunds(RefusalCase):
    """A refund says that the request is void: its membership effects are void too."""

    def refund(self, subscription):
        """The refund that Odoo's own wizard makes of a request."""
        request = subscription.capital_release_request
        values = {"reason": "Withdrawn", "refund_method": "refund"}
        if SERIES >= 16:
            values["journal_id"] = request.journal_id.id
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=request.ids)
            .create(values)
        )
        wizard.reverse_moves()
        refund = request.reversal_move_id
        self.assertEqual(len(refund), 1)
        # the wizard copies the link to the subscription as well
        self.assertIn(refund, subscription.capital_release_request)
        return refund

    def test_wrong_request_is_refunded(self):
        self.pay_wrong()
        self.refund(self.alice)
        self.assertNotOffered([self.request.name, "Alice"], self.request)

    def test_right_request_is_refunded(self):
        self.pay_wrong()
        right = self.bruno.capital_release_request
        self.refund(self.bruno)

        def choose_refunded():
            rollback = self.draft_rollback(self.request)
            rollback.line_ids.right_move_id = right
            rollback.action_plan()

        self.assertRefused(self.naming(right.name, "Bruno"), choose_refunded)

    def test_refund_that_cooperator_knows(self):
        """Cooperator looks for refunds by their origin."""
        self.pay_wrong()
        self.refund(self.alice).invoice_origin = self.request.name
        self.assertNotOffered([self.request.name, "Alice"], self.request)


@tagged("post_install", "-at_install")
class TestLockedWithoutJournal(RefusalCase):
    """A reclassification is needed and the company has no journal for it."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.company.reclassification_journal_id = False
        cls.payment_day = cls.days_ago(40)
        cls.alice = cls.subscribe(CLARA, 3, cls.share_y, date=cls.days_ago(60))
        cls.request = cls.alice.capital_release_request

    def test_locked_period(self):
        payment = self.pay(self.alice, date=self.payment_day)
        self.company.fiscalyear_lock_date = self.days_ago(30)
        self.assertNotPlanned(
            [payment.name, "Clara", "Bruno", self.company.name],
            self.request,
            self.bruno,
        )

    def test_matched_with_the_bank(self):
        payment = self.pay(self.alice, date=self.payment_day)
        self.confirm_by_bank(payment)
        self.assertNotPlanned([payment.name, "Bruno"], self.request, self.bruno)

    def test_hashed_journal(self):
        journal = self.journal_of(self.company)
        journal.restrict_mode_hash_table = True
        payment = self.pay(self.alice, date=self.payment_day)
        self.assertNotPlanned([payment.name, "Bruno"], self.request, self.bruno)

    def test_not_needed_where_the_person_is_right(self):
        """Booked on Bruno already: no entry, no journal, no refusal."""
        self.pay(self.alice, by=self.bruno.partner_id, date=self.payment_day)
        self.company.fiscalyear_lock_date = self.days_ago(30)
        self.roll_back(self.request, self.bruno)
        self.assertPaid(self.bruno)
