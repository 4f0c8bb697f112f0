"""Somebody who was a member before loses only what was wrong (scenario 4)."""

from odoo.tests import tagged

from .builders import ALICE, BRUNO, CLARA
from .common import RollbackCase


@tagged("post_install", "-at_install", "slow")
class TestIncrease(RollbackCase):
    """Alice is a member with two shares; Bruno's payment went to her increase."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.joined = cls.join(ALICE, 2, cls.share_y)
        cls.alice = cls.joined.partner_id
        cls.before = cls.holding_of(cls.alice)
        cls.increase = cls.subscribe(ALICE, 3, cls.share_y, partner=cls.alice)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)

    def test_member_keeps_number_and_first_shares(self):
        """Alice stays a member with her number and loses the three wrong shares."""
        self.pay(self.increase, by=self.bruno.partner_id)
        self.assertMember(self.alice, 502, [(self.share_y, 2), (self.share_y, 3)])
        self.roll_back(self.increase.capital_release_request, self.bruno)
        self.assertEqual(self.holding_of(self.alice), self.before)
        self.assertOpen(self.increase)
        self.assertPaid(self.joined)
        self.assertOperation(1002, self.alice, [(self.share_y, 2)])

    def test_right_person_gets_the_next_cooperator_number(self):
        """Alice's number is not free: Bruno takes the operation and a number of his own."""
        self.pay(self.increase, by=self.bruno.partner_id)
        self.roll_back(self.increase.capital_release_request, self.bruno)
        self.assertMember(self.bruno.partner_id, 503, [(self.share_y, 3)])
        self.assertOperation(1003, self.bruno.partner_id, [(self.share_y, 3)])
        self.assertPaid(self.bruno)
        self.assertEqual(self.next_numbers(), (1004, 504))
        self.assertLedger(self.alice, 75, 75)
        self.assertLedger(self.bruno.partner_id, 0, 0)

    def test_joining_is_untouched(self):
        """Neither the first request, its payment nor its shares are written on."""
        self.pay(self.increase, by=self.bruno.partner_id)
        request = self.joined.capital_release_request
        first_share = self.env["share.line"].browse(self.before.shares[0].id)
        aged = self.age(
            first_share,
            self.env["subscription.register"].search(
                [("register_number_operation", "=", 1002)]
            ),
            self.joined,
            request,
            request.line_ids,
            self.matches_of(request),
        )
        self.roll_back(self.increase.capital_release_request, self.bruno)
        self.assertUntouched(aged)

    def test_not_for_shares(self):
        """Without a right request the register ends with what was right before."""
        self.pay(self.increase, by=self.bruno.partner_id)
        self.roll_back(self.increase.capital_release_request)
        self.assertEqual(self.holding_of(self.alice), self.before)
        self.assertEqual([line.number for line in self.register_of()], [1001, 1002])
        self.assertEqual(self.next_numbers(), (1003, 503))

    def test_wrong_one_of_two_increases(self):
        """The right match is an increase too: the same number, the other shares."""
        other = self.subscribe(ALICE, 5, self.share_z, partner=self.alice)
        self.pay(self.increase)
        self.roll_back(self.increase.capital_release_request, other)
        self.assertMember(self.alice, 502, [(self.share_y, 2), (self.share_z, 5)])
        self.assertOperation(1003, self.alice, [(self.share_z, 5)])
        self.assertEqual(self.next_numbers(), (1004, 503))

    def test_taken_from_a_newcomer(self):
        """The other way round: Bruno's request was wrong, Alice's increase is right."""
        self.pay(self.bruno, by=self.alice)
        self.assertMember(self.bruno.partner_id, 503, [(self.share_y, 3)])
        self.roll_back(self.bruno.capital_release_request, self.increase)
        self.assertCandidate(self.bruno.partner_id)
        self.assertMember(self.alice, 502, [(self.share_y, 2), (self.share_y, 3)])
        self.assertOperation(1003, self.alice, [(self.share_y, 3)])
        self.assertEqual(self.next_numbers(), (1004, 503))


@tagged("post_install", "-at_install")
class TestIncreaseCertificate(RollbackCase):
    """Scenario 4: the increase's template at most, and only for what has changed."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.join(ALICE, 2, cls.share_y).partner_id
        cls.increase = cls.subscribe(ALICE, 3, cls.share_y, partner=cls.alice)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)
        cls.switch_certificates_on()

    def test_nobody_gets_what_he_has_already(self):
        """Alice has what she had: no mail. Bruno is new: his first certificate."""
        self.pay(self.increase, by=self.bruno.partner_id)
        self.roll_back(self.increase.capital_release_request, self.bruno)
        self.assertEqual(
            self.certificates_to(self.alice), [("Certificate of increase", "cancel")]
        )
        self.assertEqual(
            self.certificates_to(self.bruno.partner_id),
            [("First certificate", "outgoing")],
        )

    def test_changed_increase(self):
        """Whose shares are other ones now gets the increase's template again."""
        other = self.subscribe(ALICE, 5, self.share_z, partner=self.alice)
        self.pay(self.increase)
        self.roll_back(self.increase.capital_release_request, other)
        self.assertEqual(
            self.certificates_to(self.alice),
            [
                ("Certificate of increase", "cancel"),
                ("Certificate of increase", "outgoing"),
            ],
        )


@tagged("post_install", "-at_install")
class TestFormerMember(RollbackCase):
    """Who sold everything keeps the number for ever, whatever was matched wrongly."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.join(ALICE, 2, cls.share_y).partner_id
        cls.sell_back(cls.alice, cls.share_y, 2)
        cls.former = cls.holding_of(cls.alice)
        cls.again = cls.subscribe(ALICE, 3, cls.share_y, partner=cls.alice)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)

    def test_wrong_person_is_former_member_again(self):
        """Alice is a former member again with her number and her empty share line."""
        self.assertTrue(self.former.old_member)
        self.pay(self.again, by=self.bruno.partner_id)
        self.assertTrue(self.holding_of(self.alice).member)
        self.roll_back(self.again.capital_release_request, self.bruno)
        self.assertEqual(
            self.holding_of(self.alice), self.former._replace(candidate=True)
        )
        self.assertMember(self.bruno.partner_id, 503, [(self.share_y, 3)])
        self.assertOperation(1004, self.bruno.partner_id, [(self.share_y, 3)])
        self.assertEqual(self.next_numbers(), (1005, 504))

    def test_right_person_is_a_former_member(self):
        """Alice comes back with her own number; the one that Bruno got is free again."""
        self.pay(self.bruno, by=self.alice)
        self.assertMember(self.bruno.partner_id, 503, [(self.share_y, 3)])
        self.roll_back(self.bruno.capital_release_request, self.again)
        self.assertCandidate(self.bruno.partner_id)
        self.assertMember(self.alice, 502, [(self.share_y, 0), (self.share_y, 3)])
        self.assertEqual(self.next_numbers(), (1005, 503))

    def test_freed_number_goes_to_the_next_member(self):
        self.pay(self.bruno, by=self.alice)
        self.roll_back(self.bruno.capital_release_request, self.again)
        clara = self.join(CLARA, 1, self.share_x)
        self.assertMember(clara.partner_id, 503, [(self.share_x, 1)])
