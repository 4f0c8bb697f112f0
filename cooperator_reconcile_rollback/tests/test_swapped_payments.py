"""Two people's payments on each other's requests (scenario 7)."""

from odoo.tests import tagged

from .builders import ALICE, BRUNO, CLARA
from .common import RollbackCase


@tagged("post_install", "-at_install", "slow")
class TestSwappedPayments(RollbackCase):
    """Alice wants 3 shares of 25, Bruno 5 of 15: both paid 75, on the other's request."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 5, cls.share_z)
        cls.right = {cls.alice: cls.bruno, cls.bruno: cls.alice}

    def swap(self, alice_paid, bruno_paid):
        """Bruno's request is paid with Alice's payment, and the reverse."""
        self.of_alice = self.pay(self.bruno, by=self.alice.partner_id, date=alice_paid)
        self.of_bruno = self.pay(self.alice, by=self.bruno.partner_id, date=bruno_paid)

    def correct(self, **options):
        requests = (self.alice | self.bruno).capital_release_request
        return self.roll_back(requests, self.right, **options)

    def test_everybody_keeps_the_numbers(self):
        """Each request keeps its operation number and each member the cooperator number."""
        self.swap(self.days_ago(8), self.days_ago(6))
        self.correct()
        self.assertMember(self.bruno.partner_id, 502, [(self.share_z, 5)])
        self.assertMember(self.alice.partner_id, 503, [(self.share_y, 3)])
        self.assertOperation(1002, self.bruno.partner_id, [(self.share_z, 5)])
        self.assertOperation(1003, self.alice.partner_id, [(self.share_y, 3)])
        self.assertEqual(self.next_numbers(), (1004, 504))

    def test_dates_are_those_of_the_own_payments(self):
        """What the swap got wrong was the dates."""
        self.swap(self.days_ago(8), self.days_ago(6))
        self.correct()
        self.assertEqual(
            [(line.number, line.date) for line in self.register_of()[1:]],
            [(1002, self.days_ago(6)), (1003, self.days_ago(8))],
        )
        self.assertEqual(
            self.holding_of(self.alice.partner_id).effective_date, self.days_ago(8)
        )
        self.assertEqual(
            self.holding_of(self.bruno.partner_id).effective_date, self.days_ago(6)
        )

    def test_matches_and_ledgers(self):
        """Each payment is matched with its payer's request; nobody owes anything."""
        self.swap(self.days_ago(8), self.days_ago(6))
        self.assertLedger(self.alice.partner_id, 0, 0)
        self.correct()
        for subscription, payment in (
            (self.alice, self.of_alice),
            (self.bruno, self.of_bruno),
        ):
            match = self.matches_of(subscription.capital_release_request)
            self.assertEqual(match.credit_move_id.move_id, payment.move_id)
            self.assertPaid(subscription)
            self.assertLedger(subscription.partner_id, 0, 0)

    def test_no_certificate_says_anything_new(self):
        """Paid on one day, the swap changes no certificate: what waits goes, once."""
        self.switch_certificates_on()
        self.swap(self.days_ago(8), self.days_ago(8))
        self.correct()
        for person in (self.alice.partner_id, self.bruno.partner_id):
            states = [state for _subject, state in self.certificates_to(person)]
            self.assertEqual(states.count("outgoing"), 1)

    def test_someone_joined_in_between(self):
        """An operation between the two swapped ones is left alone."""
        self.of_alice = self.pay(self.bruno, by=self.alice.partner_id)
        clara = self.join(CLARA, 1, self.share_x)
        self.of_bruno = self.pay(self.alice, by=self.bruno.partner_id)
        aged = self.age_everything_of(clara.partner_id, self.flora.partner_id)
        self.correct()
        self.assertUntouched(aged)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_z, 5)])
        self.assertMember(clara.partner_id, 503, [(self.share_x, 1)])
        self.assertMember(self.alice.partner_id, 504, [(self.share_y, 3)])
        self.assertOperation(1004, self.alice.partner_id, [(self.share_y, 3)])
        self.assertEqual(self.next_numbers(), (1005, 505))

    def test_ring_of_three(self):
        """Alice's money went to Bruno, Bruno's to Clara, Clara's to Alice."""
        clara = self.subscribe(CLARA, 3, self.share_y)
        self.pay(self.bruno, by=self.alice.partner_id)
        self.pay(clara, by=self.bruno.partner_id)
        self.pay(self.alice, by=clara.partner_id)
        people = self.alice | self.bruno | clara
        before = {p: self.holding_of(p).number for p in people.partner_id}
        self.roll_back(
            people.capital_release_request,
            {self.bruno: self.alice, clara: self.bruno, self.alice: clara},
        )
        for subscription in people:
            partner = subscription.partner_id
            self.assertPaid(subscription)
            self.assertLedger(partner, 0, 0)
            self.assertEqual(self.holding_of(partner).number, before[partner])
        self.assertOperation(1002, self.bruno.partner_id, [(self.share_z, 5)])
        self.assertOperation(1003, clara.partner_id, [(self.share_y, 3)])
        self.assertOperation(1004, self.alice.partner_id, [(self.share_y, 3)])
        self.assertEqual(self.next_numbers(), (1005, 505))

    def test_half_of_a_swap(self):
        """Only one payment has a right request; the last operations leave no gap.

        Both wrong operations are the last of the register, so the sequence goes back to
        1002 and that is what Alice's operation is now. She keeps her cooperator number;
        Bruno's is on record as unused.
        """
        self.swap(self.days_ago(8), self.days_ago(6))
        rollback = self.roll_back(
            (self.alice | self.bruno).capital_release_request,
            {self.bruno: self.alice},
        )
        self.assertCandidate(self.bruno.partner_id)
        self.assertOpen(self.bruno)
        self.assertPaid(self.alice)
        self.assertMember(self.alice.partner_id, 503, [(self.share_y, 3)])
        self.assertOperation(1002, self.alice.partner_id, [(self.share_y, 3)])
        self.assertNoOperation(1003)
        self.assertEqual(self.next_numbers(), (1003, 504))
        self.assertIn("502", rollback.warnings)
