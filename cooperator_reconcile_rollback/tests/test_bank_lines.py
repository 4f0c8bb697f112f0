"""Bank statement lines that pay several requests, or one request in parts."""

from odoo.tests import tagged

from .builders import ALICE, BRUNO
from .payments_case import PaymentsCase


@tagged("post_install", "-at_install", "slow")
class TestTwoWrongRequests(PaymentsCase):
    """A transfer of 150, booked on Alice, was added to Alice's and to Clara's request."""

    payer = "alice"

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        payer = cls.payer and getattr(cls, cls.payer)
        cls.line = cls.pay_from_line(cls.alice, cls.clara, by=payer)

    def test_start_is_wrong(self):
        self.assertPaid(self.alice)
        self.assertPaid(self.clara)
        self.assertEqual(len(self.matches_of(self.line.move_id)), 2)

    def test_two_right_requests_of_one_person(self):
        """The line is Bruno's, once, and pays both his requests; no entry is needed."""
        self.without_journal()
        rollback = self.correct(
            self.line,
            {self.alice: self.bruno, self.clara: self.second},
            {self.alice: 75, self.clara: 75, self.david: 75},
        )
        self.assertPaid(self.bruno)
        self.assertPaid(self.second)
        self.assertBookedOn(self.line, self.bruno)
        self.assertEqual(self.item_of(self.line.move_id).balance, -150)
        self.assertTrue(self.line.is_reconciled)
        self.assertMember(
            self.bruno.partner_id, 502, [(self.share_y, 3), (self.share_y, 3)]
        )
        self.assertNotBookedOver(rollback)
        self.assertGoesBack(rollback)

    def test_right_request_for_one(self):
        """The whole transfer is Bruno's: what his request does not take is his credit."""
        self.without_journal()
        rollback = self.correct(
            self.line,
            {self.clara: self.bruno},
            {self.alice: 75, self.clara: 75, self.david: 75},
        )
        self.assertPaid(self.bruno)
        self.assertBookedOn(self.line, self.bruno)
        self.assertEqual(self.item_of(self.line.move_id).amount_residual, -75)
        self.assertNotBookedOver(rollback)
        self.assertGoesBack(rollback)

    def test_not_for_shares(self):
        """The line waits as it came, on whom it was booked on."""
        payer = self.line.partner_id
        rollback = self.correct(
            self.line,
            None,
            {self.alice: 75, self.clara: 75, self.bruno: 150, self.david: 75},
        )
        self.assertFalse(self.line.is_reconciled)
        self.assertEqual(self.line.partner_id, payer)
        self.assertFalse(self.matches_of(self.line.move_id))
        self.assertGoesBack(rollback)

    def test_right_requests_of_two_people(self):
        """Bruno and David get what their requests take, by one entry."""
        rollback = self.correct(
            self.line,
            {self.alice: self.bruno, self.clara: self.david},
            {self.alice: 75, self.clara: 75, self.bruno: 75},
        )
        self.assertPaid(self.bruno)
        self.assertPaid(self.david)
        payer = self.payer and self.alice
        self.assertBookedOver(rollback, {payer: 150}, {self.bruno: 75, self.david: 75})
        self.assertEqual(
            self.line.partner_id, (payer or self.second.browse()).partner_id
        )
        self.assertGoesBack(rollback)

    def test_two_people_without_a_journal(self):
        """Bruno's and David's money cannot be one person's: an entry is needed."""
        self.without_journal()
        rollback = self.draft_rollback(
            self.line, {self.alice: self.bruno, self.clara: self.david}
        )
        self.assertRefused(
            f"{self.line.move_id.name}.*{self.bruno.partner_id.name}, "
            f"{self.david.partner_id.name}.*reclassification journal",
            rollback.action_plan,
        )

    def test_locked_period(self):
        """The line stays as it is; all of it is booked over to Bruno."""
        self.lock()
        rollback = self.correct(
            self.line,
            {self.alice: self.bruno, self.clara: self.second},
            {self.alice: 75, self.clara: 75, self.david: 75},
        )
        self.assertBookedOver(
            rollback, {self.payer and self.alice: 150}, {self.bruno: 150}
        )
        self.assertPaid(self.second)
        self.assertGoesBack(rollback)


@tagged("post_install", "-at_install", "slow")
class TestTwoWrongRequestsOnNobody(TestTwoWrongRequests):
    """The same transfer, of which the bank did not say whose it is."""

    payer = None


@tagged("post_install", "-at_install")
class TestOneMatchIsRight(PaymentsCase):
    """Alice's transfer of 150 paid her own request, rightly, and Clara's."""

    def test_only_the_wrong_part_is_booked_over(self):
        line = self.pay_from_line(self.alice, self.clara, by=self.alice)
        match = self.matches_of(self.alice.capital_release_request)
        rollback = self.correct(
            self.clara.capital_release_request,
            self.bruno,
            {self.clara: 75, self.bruno: 75, self.david: 75},
        )
        self.assertTrue(match.exists())
        self.assertEqual(line.partner_id, self.alice.partner_id)
        self.assertBookedOver(rollback, {self.alice: 75}, {self.bruno: 75})
        self.assertGoesBack(rollback)


@tagged("post_install", "-at_install", "slow")
class TestTwoItems(PaymentsCase):
    """The bank screen made one item for each of the two requests."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.line = cls.bank_statement_line(cls.alice.partner_id, 150, date=cls.day)
        requests = (cls.alice | cls.clara).capital_release_request
        items = [cls.item_of(request).id for request in requests]
        cls.bookkeeper().match_statement_line(cls.line.id, *items)

    def test_start_is_wrong(self):
        self.assertPaid(self.alice)
        self.assertPaid(self.clara)
        self.assertEqual(self.item_of(self.line.move_id).mapped("balance"), [-75, -75])

    def test_one_person(self):
        self.without_journal()
        rollback = self.correct(
            self.line,
            {self.alice: self.bruno, self.clara: self.second},
            {self.alice: 75, self.clara: 75, self.david: 75},
        )
        self.assertBookedOn(self.line, self.bruno)
        self.assertPaid(self.second)
        self.assertNotBookedOver(rollback)
        self.assertGoesBack(rollback)
        self.assertEqual(self.item_of(self.line.move_id).mapped("balance"), [-75, -75])

    def test_one_larger_request(self):
        """Both items together pay Bruno's request of 150."""
        large = self.subscribe_long_ago(BRUNO, 6, self.bruno.partner_id)
        rollback = self.correct(
            self.line,
            {self.alice: large},
            {self.alice: 75, self.clara: 75, self.bruno: 150, self.david: 75},
        )
        self.assertPaid(large)
        self.assertGoesBack(rollback)

    def test_larger_request_in_a_locked_period(self):
        self.lock()
        large = self.subscribe_long_ago(BRUNO, 6, self.bruno.partner_id)
        rollback = self.correct(
            self.line,
            {self.alice: large},
            {self.alice: 75, self.clara: 75, self.bruno: 150, self.david: 75},
        )
        self.assertPaid(large)
        self.assertBookedOver(rollback, {self.alice: 150}, {self.bruno: 150})
        self.assertGoesBack(rollback)

    def test_two_people(self):
        rollback = self.correct(
            self.line,
            {self.alice: self.bruno, self.clara: self.david},
            {self.alice: 75, self.clara: 75, self.bruno: 75},
        )
        self.assertBookedOver(
            rollback, {self.alice: 150}, {self.bruno: 75, self.david: 75}
        )
        self.assertGoesBack(rollback)


@tagged("post_install", "-at_install", "slow")
class TestTwoInstalments(PaymentsCase):
    """Requests are paid in two instalments; one transfer paid both of Alice's."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        term = cls.env["account.payment.term"].create(
            {
                "name": "In two instalments",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "days": 0}),
                    (0, 0, {"value": "balance", "days": 30}),
                ],
            }
        )
        cls.company.default_capital_release_request_payment_term = term
        cls.wrong = cls.subscribe_long_ago(ALICE, partner=cls.alice.partner_id)
        cls.right = cls.subscribe_long_ago(BRUNO, partner=cls.bruno.partner_id)
        cls.line = cls.pay_from_line(cls.wrong, by=cls.alice)

    def test_start_is_wrong(self):
        self.assertPaid(self.wrong)
        self.assertEqual(len(self.matches_of(self.line.move_id)), 2)

    def test_right_request_in_instalments(self):
        rollback = self.correct(
            self.line,
            {self.wrong: self.right},
            {self.alice: 150, self.clara: 75, self.bruno: 150, self.david: 75},
        )
        self.assertPaid(self.right)
        self.assertBookedOn(self.line, self.bruno)
        self.assertGoesBack(rollback)

    def test_right_request_at_once(self):
        rollback = self.correct(
            self.line,
            {self.wrong: self.bruno},
            {self.alice: 150, self.clara: 75, self.bruno: 150, self.david: 75},
        )
        self.assertPaid(self.bruno)
        self.assertGoesBack(rollback)

    def test_locked_period(self):
        self.lock()
        rollback = self.correct(
            self.line,
            {self.wrong: self.right},
            {self.alice: 150, self.clara: 75, self.bruno: 150, self.david: 75},
        )
        self.assertPaid(self.right)
        self.assertBookedOver(rollback, {self.alice: 75}, {self.bruno: 75})
        self.assertGoesBack(rollback)
