"""One wrong match whose operation is the last of the register (scenarios 1 to 3)."""

from odoo.tests import tagged

from .builders import ALICE, BRUNO, CLARA
from .common import MistakeCase, RollbackCase


@tagged("post_install", "-at_install")
class TestPaymentOnWrongRequest(MistakeCase):
    """Scenario 1: Bruno paid, the accountant took it for Alice's payment."""

    paid_days_ago = 5

    @classmethod
    def make_mistake(cls):
        cls.alice_before = cls.holding_of(cls.alice.partner_id)
        cls.payment_day = cls.days_ago(cls.paid_days_ago)
        super().make_mistake()

    def correct(self, **options):
        return self.roll_back(self.alice.capital_release_request, self.bruno, **options)

    def test_start_is_wrong(self):
        """Before the rollback Alice has what is Bruno's."""
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])
        self.assertPaid(self.alice)
        self.assertCandidate(self.bruno.partner_id)
        self.assertOperation(1002, self.alice.partner_id, [(self.share_y, 3)])
        self.assertEqual(self.next_numbers(), (1003, 503))

    def test_wrong_person_is_candidate_again(self):
        """Alice has what she had before: no shares, no number, an open request."""
        self.correct()
        self.assertCandidate(self.alice.partner_id)
        self.assertEqual(self.holding_of(self.alice.partner_id), self.alice_before)
        self.assertOpen(self.alice)

    def test_right_person_takes_over(self):
        """Bruno is member with the freed operation and cooperator numbers."""
        self.correct()
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])
        self.assertPaid(self.bruno)

    def test_register_and_sequences(self):
        """One operation took the place of the other; the next numbers stay."""
        self.correct()
        founding, operation = self.register_of()
        self.assertEqual(founding.number, 1001)
        self.assertEqual(
            operation[:-1],
            (
                1002,
                "subscription",
                self.bruno.partner_id,
                3,
                self.share_y,
                25.0,
                self.payment_day,
                self.env["res.partner"],
            ),
        )
        self.assertEqual(self.next_numbers(), (1003, 503))

    def test_next_member_gets_next_numbers(self):
        """Whoever joins afterwards gets no number twice and leaves no gap."""
        self.correct()
        clara = self.join(CLARA, 1, self.share_x)
        self.assertMember(clara.partner_id, 503, [(self.share_x, 1)])
        self.assertOperation(1003, clara.partner_id, [(self.share_x, 1)])

    def test_effective_date_is_that_of_the_payment(self):
        """Bruno is a member since he paid, not since the rollback."""
        self.correct()
        holding = self.holding_of(self.bruno.partner_id)
        self.assertEqual(holding.effective_date, self.payment_day)
        self.assertEqual([line.date for line in holding.shares], [self.payment_day])

    def test_ledgers(self):
        """Alice owes her shares; Bruno owes nothing and has nothing to his credit."""
        self.assertLedger(self.bruno.partner_id, 0, 75)
        self.correct()
        self.assertLedger(self.alice.partner_id, 75, 75)
        self.assertLedger(self.bruno.partner_id, 0, 0)

    def test_payment_stays_as_it_was_booked(self):
        """The payment was booked on the right person: only its match is another one."""
        wrong_match = self.matches_of(self.alice.capital_release_request)
        payment = self.payment_columns_of(self.payment)
        self.correct()
        self.assertEqual(self.payment_columns_of(self.payment), payment)
        self.assertFalse(wrong_match.exists())
        match = self.matches_of(self.payment.move_id)
        self.assertEqual(
            match.debit_move_id.move_id, self.bruno.capital_release_request
        )
        self.assertEqual(match.amount, 75)

    def test_everyone_else_is_untouched(self):
        """Nothing that is about the founder is written on."""
        founder = self.age_everything_of(self.flora.partner_id)
        self.correct()
        self.assertUntouched(founder)

    def test_line_tells_what_was_wrong(self):
        """The draft knows match, requests, amount and operation number."""
        match = self.matches_of(self.alice.capital_release_request)
        rollback = self.draft_rollback(self.alice.capital_release_request, self.bruno)
        line = rollback.line_ids
        self.assertEqual(line.wrong_match_id, match)
        self.assertEqual(line.wrong_move_id, self.alice.capital_release_request)
        self.assertEqual(line.payment_line_id, self.item_of(self.payment.move_id))
        self.assertEqual(line.right_move_id, self.bruno.capital_release_request)
        self.assertEqual(line.amount, 75)
        self.assertEqual(line.operation_number, 1002)

    def test_plan_names_people_and_numbers(self):
        """Whoever reads the plan sees who loses and who gets which numbers."""
        rollback = self.draft_rollback(self.alice.capital_release_request, self.bruno)
        before = self.books()
        rollback.action_plan()
        for word in (
            self.alice.partner_id.name,
            self.bruno.partner_id.name,
            "1002",
            "502",
        ):
            self.assertIn(word, rollback.plan_html)
        self.assertBooksEqual(before)

    def test_same_numbers_as_if_done_right(self):
        """The register is the one that a right match in the first place had made."""
        self.correct()
        corrected = [line[:-1] for line in self.register_of()]
        right = self.holding_of(self.bruno.partner_id)._replace(shares=None)
        clara = self.subscribe(CLARA, 3, self.share_y)
        self.set_next_numbers(self.company, (2002, 902))
        self.pay(clara, date=self.payment_day)
        done_right = self.register_of()[-1][:-1]
        self.assertEqual(
            corrected[-1][3:], done_right[3:], "only the number and the person differ"
        )
        self.assertEqual(
            right._replace(number=902),
            self.holding_of(clara.partner_id)._replace(shares=None),
        )

    def test_paid_again_later(self):
        """When Alice's own payment comes, she becomes a member like anybody else."""
        self.correct()
        self.pay(self.alice)
        self.assertPaid(self.alice)
        self.assertMember(self.alice.partner_id, 503, [(self.share_y, 3)])
        self.assertOperation(1003, self.alice.partner_id, [(self.share_y, 3)])
        self.assertLedger(self.alice.partner_id, 0, 0)


@tagged("post_install", "-at_install")
class TestCertificate(MistakeCase):
    """Scenario 1: whoever became a member gets a certificate, and nobody else."""

    @classmethod
    def set_up_books(cls):
        cls.switch_certificates_on()
        super().set_up_books()

    def test_only_the_right_person_gets_one(self):
        """Alice's waiting certificate is cancelled, Bruno's first one is queued."""
        self.assertEqual(
            self.certificates_to(self.alice.partner_id),
            [("First certificate", "outgoing")],
        )
        self.roll_back(self.alice.capital_release_request, self.bruno)
        self.assertEqual(
            self.certificates_to(self.alice.partner_id),
            [("First certificate", "cancel")],
        )
        self.assertEqual(
            self.certificates_to(self.bruno.partner_id),
            [("First certificate", "outgoing")],
        )
        self.assertEqual(self.certificates_to(self.flora.partner_id), [])

    def test_nobody_gets_one_for_a_payment_that_is_not_for_shares(self):
        self.roll_back(self.alice.capital_release_request)
        self.assertEqual(
            self.certificates_to(self.alice.partner_id),
            [("First certificate", "cancel")],
        )
        self.assertEqual(self.certificates_to(self.bruno.partner_id), [])


@tagged("post_install", "-at_install")
class TestNotASharePayment(RollbackCase):
    """Scenario 2: the payment was for something else, nothing takes its place."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.donor = cls.env["res.partner"].create({"name": "Dora Donor"})
        cls.payment = cls.pay(cls.alice, by=cls.donor)

    def test_everything_is_as_before(self):
        """Alice is candidate again, the numbers go back, the register ends earlier."""
        self.roll_back(self.alice.capital_release_request)
        self.assertCandidate(self.alice.partner_id)
        self.assertOpen(self.alice)
        self.assertEqual([line.number for line in self.register_of()], [1001])
        self.assertEqual(self.next_numbers(), (1002, 502))

    def test_payment_is_open_again(self):
        """The payment waits, posted and unmatched, for what it is really for."""
        self.roll_back(self.alice.capital_release_request)
        self.assertEqual(self.payment.move_id.state, "posted")
        self.assertFalse(self.matches_of(self.payment.move_id))
        self.assertLedger(self.donor, -75, -75)
        self.assertLedger(self.alice.partner_id, 75, 75)

    def test_next_member_gets_the_freed_numbers(self):
        self.roll_back(self.alice.capital_release_request)
        bruno = self.join(BRUNO, 2, self.share_x)
        self.assertMember(bruno.partner_id, 502, [(self.share_x, 2)])
        self.assertOperation(1002, bruno.partner_id, [(self.share_x, 2)])

    def test_first_operation_of_a_cooperative(self):
        """Where the register is empty afterwards it starts again at its first number."""
        company = self.make_company("Young cooperative")
        self.manager.company_ids |= company
        alice = self.subscribe(ALICE, 3, self.share_y, company=company)
        self.pay(alice)
        self.assertMember(alice.partner_id, 1, [(self.share_y, 3)], company=company)
        self.assertEqual(self.next_numbers(company), (2, 2))
        self.roll_back(alice.capital_release_request)
        self.assertEqual(self.register_of(company), [])
        self.assertCandidate(alice.partner_id, company=company)
        self.assertEqual(self.next_numbers(company), (1, 1))


@tagged("post_install", "-at_install")
class TestWrongOneOfTwoRequests(RollbackCase):
    """Scenario 3: the right person, the wrong one of two requests of the same amount."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.first = cls.subscribe(ALICE, 4, cls.share_y)
        cls.alice = cls.first.partner_id
        cls.second = cls.subscribe(ALICE, 2, cls.share_x, partner=cls.alice)
        cls.pay(cls.first)

    def test_other_shares_same_numbers(self):
        """Alice keeps her cooperator number; her shares are those of the other request."""
        self.assertMember(self.alice, 502, [(self.share_y, 4)])
        self.roll_back(self.first.capital_release_request, self.second)
        self.assertMember(self.alice, 502, [(self.share_x, 2)])
        self.assertOperation(1002, self.alice, [(self.share_x, 2)])
        self.assertEqual(self.next_numbers(), (1003, 503))
        self.assertOpen(self.first)
        self.assertPaid(self.second)
        self.assertLedger(self.alice, 100, 100)

    def test_certificate_changed(self):
        """The waiting certificate tells the wrong shares; she gets the right one."""
        self.switch_certificates_on()
        clara = self.subscribe(CLARA, 4, self.share_y)
        other = self.subscribe(CLARA, 2, self.share_x, partner=clara.partner_id)
        self.pay(clara)
        self.roll_back(clara.capital_release_request, other)
        self.assertEqual(
            self.certificates_to(clara.partner_id),
            [("First certificate", "cancel"), ("First certificate", "outgoing")],
        )

    def test_right_request_is_larger(self):
        """A payment that covers a part of the right request makes no operation."""
        third = self.subscribe(ALICE, 3, self.share_x, partner=self.alice)
        self.roll_back(self.first.capital_release_request, third)
        self.assertOpen(third, residual=50)
        self.assertCandidate(self.alice)
        self.assertNoOperation(1002)
        self.assertEqual(self.next_numbers(), (1002, 502))
