"""Payments over several requests, requests by several payments (scenario 6)."""

from odoo.tests import tagged

from .builders import ALICE, BRUNO, CLARA
from .common import RollbackCase


@tagged("post_install", "-at_install")
class TestOnePaymentOverTwoRequests(RollbackCase):
    """Alice paid 150 for two requests; one of the two matches is Clara's request."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.first = cls.subscribe(ALICE, 3, cls.share_y)
        cls.alice = cls.first.partner_id
        cls.second = cls.subscribe(ALICE, 5, cls.share_z, partner=cls.alice)
        cls.clara = cls.subscribe(CLARA, 3, cls.share_y)
        cls.payment = cls.book_payment(cls.alice, 150)
        cls.match(cls.payment, cls.first, cls.clara)
        cls.right_match = cls.matches_of(cls.first.capital_release_request)

    def test_start_is_wrong(self):
        self.assertEqual(len(self.matches_of(self.payment.move_id)), 2)
        self.assertMember(self.alice, 502, [(self.share_y, 3)])
        self.assertMember(self.clara.partner_id, 503, [(self.share_y, 3)])

    def test_right_match_survives(self):
        """The match with Alice's first request and what it made are left alone."""
        match = self.match_columns_of(self.right_match)
        aged = self.age(
            self.first,
            self.env["subscription.register"].search(
                [("register_number_operation", "=", 1002)]
            ),
            self.env["share.line"].search([("partner_id", "=", self.alice.id)]),
        )
        self.roll_back(self.clara.capital_release_request, self.second)
        self.assertEqual(self.match_columns_of(self.right_match), match)
        self.assertUntouched(aged)

    def test_wrong_match_is_replaced(self):
        """Clara is candidate again; Alice has both her requests paid."""
        self.roll_back(self.clara.capital_release_request, self.second)
        self.assertCandidate(self.clara.partner_id)
        self.assertOpen(self.clara)
        self.assertPaid(self.first)
        self.assertPaid(self.second)
        self.assertMember(self.alice, 502, [(self.share_y, 3), (self.share_z, 5)])
        self.assertOperation(1002, self.alice, [(self.share_y, 3)])
        self.assertOperation(1003, self.alice, [(self.share_z, 5)])
        self.assertEqual(self.next_numbers(), (1004, 503))
        self.assertLedger(self.alice, 0, 0)
        self.assertLedger(self.clara.partner_id, 75, 75)

    def test_payment_gives_a_line_for_each_match(self):
        """Seen from the payment both matches are offered; the right one is taken out."""
        rollback = self.draft_rollback(self.payment)
        self.assertEqual(
            rollback.line_ids.wrong_move_id,
            (self.first | self.clara).capital_release_request,
        )
        self.assertEqual(rollback.line_ids.mapped("operation_number"), [1002, 1003])
        right = rollback.line_ids.filtered(
            lambda line: line.wrong_move_id == self.first.capital_release_request
        )
        right.unlink()
        rollback.line_ids.right_move_id = self.second.capital_release_request
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertTrue(self.right_match.exists())
        self.assertMember(self.alice, 502, [(self.share_y, 3), (self.share_z, 5)])

    def test_rest_of_the_payment_is_open(self):
        """Without a right request a half of the payment is open again."""
        self.roll_back(self.clara.capital_release_request)
        item = self.item_of(self.payment.move_id)
        self.assertEqual(item.amount_residual, -75)
        self.assertEqual(self.matches_of(self.payment.move_id), self.right_match)
        self.assertEqual(self.next_numbers(), (1003, 503))

    def test_both_matches_wrong(self):
        """Two corrections in one rollback: both operations go, both requests wait."""
        self.roll_back((self.first | self.clara).capital_release_request)
        self.assertCandidate(self.alice)
        self.assertCandidate(self.clara.partner_id)
        self.assertEqual([line.number for line in self.register_of()], [1001])
        self.assertEqual(self.next_numbers(), (1002, 502))


@tagged("post_install", "-at_install")
class TestOneRequestByTwoPayments(RollbackCase):
    """Alice's 75 came as 50 from her and, wrongly, 25 that Bruno paid for his share."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 1, cls.share_y)
        cls.own = cls.pay(cls.alice, amount=50, date=cls.days_ago(9))
        cls.own_match = cls.matches_of(cls.own.move_id)
        cls.wrong = cls.pay(
            cls.alice, by=cls.bruno.partner_id, amount=25, date=cls.days_ago(4)
        )

    def test_start_is_wrong(self):
        self.assertPaid(self.alice)
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])

    def test_own_payment_survives(self):
        """Alice's own payment stays on her request, which is paid in part."""
        match = self.match_columns_of(self.own_match)
        payment = self.payment_columns_of(self.own)
        self.roll_back(self.wrong, self.bruno)
        self.assertEqual(self.match_columns_of(self.own_match), match)
        self.assertEqual(self.payment_columns_of(self.own), payment)
        self.assertOpen(self.alice, residual=25)
        self.assertCandidate(self.alice.partner_id)
        self.assertLedger(self.alice.partner_id, 25, 25)

    def test_right_person_takes_over(self):
        self.roll_back(self.wrong, self.bruno)
        self.assertPaid(self.bruno)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 1)])
        self.assertOperation(1002, self.bruno.partner_id, [(self.share_y, 1)])
        self.assertEqual(self.next_numbers(), (1003, 503))
        self.assertLedger(self.bruno.partner_id, 0, 0)

    def test_request_gives_a_line_for_each_match(self):
        """Seen from the request both payments are offered, with the one operation."""
        rollback = self.draft_rollback(self.alice.capital_release_request)
        self.assertEqual(
            rollback.line_ids.payment_line_id,
            self.item_of(self.own.move_id) | self.item_of(self.wrong.move_id),
        )
        self.assertEqual(sorted(rollback.line_ids.mapped("amount")), [25, 50])
        self.assertEqual(rollback.line_ids.mapped("operation_number"), [1002, 1002])

    def test_both_payments_wrong(self):
        """One operation goes, once; one payment has a right request, one has none."""
        rollback = self.draft_rollback(self.alice.capital_release_request)
        for line in rollback.line_ids:
            if line.amount == 25:
                line.right_move_id = self.bruno.capital_release_request
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertOpen(self.alice)
        self.assertCandidate(self.alice.partner_id)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 1)])
        self.assertEqual([line.number for line in self.register_of()], [1001, 1002])
        self.assertEqual(self.next_numbers(), (1003, 503))
        self.assertLedger(self.alice.partner_id, 25, 25)
        self.assertEqual(self.item_of(self.own.move_id).amount_residual, -50)

    def test_rest_paid_later(self):
        """When the missing 25 come, Alice is a member since then."""
        self.roll_back(self.wrong, self.bruno)
        self.pay(self.alice, date=self.days_ago(1))
        self.assertMember(self.alice.partner_id, 503, [(self.share_y, 3)])
        operation = self.assertOperation(
            1003, self.alice.partner_id, [(self.share_y, 3)]
        )
        self.assertEqual(operation[0].date, self.days_ago(1))
