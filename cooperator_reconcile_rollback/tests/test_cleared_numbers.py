"""Cleared cooperator numbers never stand in each other's way (scenario 10)."""

from odoo.tests import tagged

from .builders import ALICE, BRUNO, CLARA
from .common import RollbackCase


@tagged("post_install", "-at_install", "slow")
class TestClearedNumbers(RollbackCase):
    """On 16.0 a cooperator number is unique in its company, and the ORM clears it to 0."""

    def test_two_rollbacks_after_another(self):
        """Each takes back the last operation; both people have no number at all."""
        alice = self.subscribe(ALICE, 3, self.share_y)
        self.pay(alice)
        self.roll_back(alice.capital_release_request)
        bruno = self.subscribe(BRUNO, 2, self.share_x)
        self.pay(bruno)
        self.assertMember(bruno.partner_id, 502, [(self.share_x, 2)])
        self.roll_back(bruno.capital_release_request)
        self.assertCandidate(alice.partner_id)
        self.assertCandidate(bruno.partner_id)
        self.assertEqual(self.next_numbers(), (1002, 502))

    def test_two_people_in_one_rollback(self):
        alice = self.subscribe(ALICE, 3, self.share_y)
        bruno = self.subscribe(BRUNO, 2, self.share_x)
        self.pay(alice)
        self.pay(bruno)
        self.roll_back((alice | bruno).capital_release_request)
        self.assertCandidate(alice.partner_id)
        self.assertCandidate(bruno.partner_id)

    def test_with_later_operations(self):
        """The second rollback's person joined in between; nothing goes back then."""
        alice = self.subscribe(ALICE, 3, self.share_y)
        bruno = self.subscribe(BRUNO, 2, self.share_x)
        self.pay(alice)
        self.pay(bruno)
        clara = self.join(CLARA, 1, self.share_x)
        self.roll_back(alice.capital_release_request)
        self.roll_back(bruno.capital_release_request)
        self.assertCandidate(alice.partner_id)
        self.assertCandidate(bruno.partner_id)
        self.assertMember(clara.partner_id, 504, [(self.share_x, 1)])
        self.assertEqual(self.next_numbers(), (1005, 505))

    def test_same_person_twice(self):
        """Wrong once more: the same person is cleared a second time."""
        alice = self.subscribe(ALICE, 3, self.share_y)
        for _time in range(2):
            self.pay(alice)
            self.assertMember(alice.partner_id, 502, [(self.share_y, 3)])
            self.roll_back(alice.capital_release_request)
            self.assertCandidate(alice.partner_id)
        self.assertEqual(self.next_numbers(), (1002, 502))

    def test_cleared_person_joins_after_all(self):
        """Whose number was cleared gets the next one with a payment of her own."""
        alice = self.subscribe(ALICE, 3, self.share_y)
        bruno = self.subscribe(BRUNO, 3, self.share_y)
        self.pay(alice, by=bruno.partner_id)
        self.roll_back(alice.capital_release_request, bruno)
        self.pay(alice)
        self.assertMember(bruno.partner_id, 502, [(self.share_y, 3)])
        self.assertMember(alice.partner_id, 503, [(self.share_y, 3)])

    def test_cleared_person_gets_shares_by_transfer(self):
        """A cleared number counts as none when somebody hands shares over, too."""
        alice = self.subscribe(ALICE, 3, self.share_y)
        self.pay(alice)
        self.roll_back(alice.capital_release_request)
        self.transfer(self.flora.partner_id, alice.partner_id, self.share_y, 1)
        self.assertMember(alice.partner_id, 502, [(self.share_y, 1)])
        self.assertEqual(self.next_numbers(), (1003, 503))
