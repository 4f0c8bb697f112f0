"""Paid requests that never became an operation, and payments that pay more or less."""

from odoo.tests import tagged

from .builders import BRUNO, CLARA, DAVID
from .common import MistakeCase, RollbackCase
from .series import flush, invalidate
from .snapshots import NextNumbers


@tagged("post_install", "-at_install")
class TestUnregistered(RollbackCase):
    """Clara paid, and a crash of an older release left no operation."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.clara = cls.join(CLARA, 3, cls.share_y)
        cls.request = cls.clara.capital_release_request
        cls.forget(cls.clara)

    @classmethod
    def forget(cls, subscription):
        """Take away what cooperator made of a payment, and all trace of it."""
        request = subscription.capital_release_request
        of_request = [("capital_release_request_id", "=", request.id)]
        cls.env["share.line"].search(of_request).unlink()
        membership = cls.membership_of(subscription.partner_id)
        membership.write({"member": False, "old_member": False})
        membership._clear_cooperator_register_number()
        flush(cls.env)
        cls.env.cr.execute(
            "DELETE FROM subscription_register WHERE capital_release_request_id = %s",
            [request.id],
        )
        invalidate(cls.env)

    def check(self, number, cooperator, numbers, **values):
        begun = self.books()
        rollback = self.draft_rollback_of_request()
        rollback.line_ids.write(values)
        rollback.action_plan()
        self.assertTriedOut(rollback)
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertPaid(self.clara)
        self.assertOperation(number, self.clara.partner_id, [(self.share_y, 3)])
        self.assertMember(self.clara.partner_id, cooperator, [(self.share_y, 3)])
        self.assertEqual(self.next_numbers(), numbers)
        self.revert(rollback)
        self.assertBooksRestored(begun)

    def draft_rollback_of_request(self):
        rollback = self.env["reconciliation.rollback"].with_user(self.manager)
        rollback = rollback.create_from(self.request.with_user(self.manager))
        self.assertEqual(rollback.line_ids.situation, "unregistered")
        self.assertEqual(rollback.line_ids.right_move_id, self.request)
        self.assertEqual(rollback.reason, "register")
        return rollback

    def test_gets_the_next_number(self):
        """The sequences had moved on already."""
        self.check(1003, 503, NextNumbers(1004, 504))

    def test_gets_the_next_number_after_the_last(self):
        self.set_next_numbers(self.company, NextNumbers(1002, 502))
        self.check(1002, 502, NextNumbers(1003, 503))

    def test_gets_a_missing_number(self):
        """Its own, which is a gap since David joined."""
        self.join(DAVID, 1, self.share_y)
        self.check(1002, 504, NextNumbers(1004, 505), right_number=1002)

    def test_number_that_is_given(self):
        self.join(DAVID, 1, self.share_y)
        rollback = self.draft_rollback_of_request()
        rollback.line_ids.right_number = 1003
        self.assertRefused("1003", rollback.action_plan)

    def test_registered_meanwhile(self):
        rollback = self.draft_rollback_of_request()
        self.request.post_process_confirm_paid(self.days_ago(0))
        self.assertRefused(
            f"{self.request.name}.*registered already", rollback.action_plan
        )

    def test_by_the_person(self):
        rollback = self.env["reconciliation.rollback"].create_from(
            self.clara.partner_id
        )
        self.assertEqual(rollback.line_ids.right_move_id, self.request)


@tagged("post_install", "-at_install", "slow")
class TestAmounts(MistakeCase):
    """The payment and the right requests differ in amount."""

    def check(self, rollback, begun):
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        yield
        self.revert(rollback)
        self.assertBooksRestored(begun)

    def test_larger_payment(self):
        """The rest stays open, on the right person."""
        clara = self.subscribe(CLARA, 2, self.share_y)
        begun = self.books()
        rollback = self.draft_rollback(self.request, clara)
        for _done in self.check(rollback, begun):
            self.assertPaid(clara)
            self.assertMember(clara.partner_id, 502, [(self.share_y, 2)])
            item = self.item_of(self.payment.move_id)
            self.assertEqual(item.partner_id, clara.partner_id)
            self.assertEqual(item.amount_residual, -25)
            self.assertLedger(clara.partner_id, -25, -25)
            self.assertLedger(self.bruno.partner_id, 75, 75)

    def test_several_right_requests(self):
        """One transfer for two requests of Bruno, in their order."""
        self.bruno.capital_release_request.button_draft()
        self.bruno.capital_release_request.button_cancel()
        first = self.subscribe(BRUNO, 1, self.share_y, partner=self.bruno.partner_id)
        second = self.subscribe(BRUNO, 2, self.share_y, partner=self.bruno.partner_id)
        begun = self.books()
        rollback = self.draft_rollback(self.request, first)
        rollback.line_ids.right_ids = [
            (0, 0, {"move_id": second.capital_release_request.id})
        ]
        for _done in self.check(rollback, begun):
            self.assertPaid(first)
            self.assertPaid(second)
            self.assertOperation(1002, self.bruno.partner_id, [(self.share_y, 1)])
            self.assertOperation(1003, self.bruno.partner_id, [(self.share_y, 2)])
            self.assertEqual(self.next_numbers(), NextNumbers(1004, 503))

    def test_several_right_requests_by_reclassification(self):
        """The payment is confirmed by the bank: its amount is booked over once."""
        journal = self.journal_of(self.company, "general")
        self.company.reclassification_journal_id = journal
        clara = self.subscribe(CLARA, 1, self.share_y)
        second = self.subscribe(CLARA, 2, self.share_y, partner=clara.partner_id)
        self.confirm_by_bank(self.payment)
        rollback = self.draft_rollback(self.request, clara)
        rollback.line_ids.right_ids = [
            (0, 0, {"move_id": second.capital_release_request.id})
        ]
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertPaid(clara)
        self.assertPaid(second)
        self.assertLedger(clara.partner_id, 0, 0)

    def test_requests_of_two_people(self):
        clara = self.subscribe(CLARA, 1, self.share_y)
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.line_ids.right_ids = [
            (0, 0, {"move_id": clara.capital_release_request.id})
        ]
        self.assertRefused("is left for .*Clara", rollback.action_plan)

    def test_several_payments_for_one(self):
        """Two wrong payments pay one right request."""
        clara = self.subscribe(CLARA, 6, self.share_y)
        other = self.subscribe(DAVID, 3, self.share_y)
        self.pay(other, by=clara.partner_id)
        begun = self.books()
        requests = self.request | other.capital_release_request
        rollback = self.draft_rollback(requests, clara)
        for _done in self.check(rollback, begun):
            self.assertPaid(clara)
            self.assertMember(clara.partner_id, 502, [(self.share_y, 6)])

    def test_nothing_is_left_for_the_second(self):
        """The first request takes all of the payment."""
        second = self.subscribe(BRUNO, 2, self.share_y, partner=self.bruno.partner_id)
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.line_ids.right_ids = [
            (0, 0, {"move_id": second.capital_release_request.id})
        ]
        self.assertRefused(
            f"Nothing.*{second.capital_release_request.name}", rollback.action_plan
        )
