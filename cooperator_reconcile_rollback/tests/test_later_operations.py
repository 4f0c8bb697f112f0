"""Later operations of other people are left as they are (scenario 9)."""

from odoo.tests import tagged

from .builders import ALICE, BRUNO, CLARA, DAVID, EMMA
from .common import RollbackCase


class LaterOperationsCase(RollbackCase):
    """After the wrong operation 1002 others joined, sold, handed over and converted."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)
        emma = cls.subscribe(EMMA, 1, cls.share_y)
        cls.payment = cls.pay(cls.alice, by=cls.bruno.partner_id, date=cls.days_ago(5))
        clara = cls.join(CLARA, 3, cls.share_y)
        david = cls.join(DAVID, 2, cls.share_x)
        cls.sell_back(clara.partner_id, cls.share_y, 1)
        cls.transfer(clara.partner_id, emma.partner_id, cls.share_y, 1)
        cls.convert(david.partner_id, cls.share_x, 2, cls.share_y)
        cls.others = (clara | david | emma | cls.flora).partner_id
        cls.later = cls.register_of()[2:]
        cls.untouched = cls.age_everything_of(*cls.others)

    def correct(self, **options):
        return self.roll_back(self.alice.capital_release_request, self.bruno, **options)

    def assertOthersUntouched(self):
        """Each record about the others is the same to its last column."""
        self.assertUntouched(self.untouched)
        self.assertEqual(
            [line for line in self.register_of() if 1003 <= line.number <= 1007],
            self.later,
        )


@tagged("post_install", "-at_install")
class TestReuse(LaterOperationsCase):
    """``numbering`` = ``reuse``: the right match takes the freed numbers."""

    def test_start(self):
        self.assertEqual(
            [(line.number, line.type) for line in self.later],
            [
                (1003, "subscription"),
                (1004, "subscription"),
                (1005, "sell_back"),
                (1006, "transfer"),
                (1007, "convert"),
            ],
        )
        self.assertEqual(self.next_numbers(), (1008, 506))
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])

    def test_freed_numbers_are_taken(self):
        """Bruno takes operation 1002 and cooperator number 502, in the past."""
        self.correct()
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])
        (line,) = self.assertOperation(1002, self.bruno.partner_id, [(self.share_y, 3)])
        self.assertEqual(line.date, self.days_ago(5))
        self.assertCandidate(self.alice.partner_id)
        self.assertOpen(self.alice)
        self.assertPaid(self.bruno)

    def test_sequences_stay(self):
        self.correct()
        self.assertEqual(self.next_numbers(), (1008, 506))

    def test_others_are_untouched(self):
        self.correct()
        self.assertOthersUntouched()

    def test_member_takes_only_the_operation_number(self):
        """Who has a number keeps it; 502 stays unused, and the plan says so."""
        member = self.flora.partner_id
        flora = self.subscribe(BRUNO, 3, self.share_y, partner=member)
        rollback = self.roll_back(self.alice.capital_release_request, flora)
        self.assertMember(member, 501, [(self.share_y, 4), (self.share_y, 3)])
        self.assertOperation(1002, member, [(self.share_y, 3)])
        self.assertCandidate(self.alice.partner_id)
        self.assertEqual(self.next_numbers(), (1008, 506))
        self.assertIn("502", rollback.warnings)

    def test_not_for_shares_leaves_a_gap(self):
        """Nothing takes the freed numbers: the gap is named, nothing else moves."""
        rollback = self.roll_back(self.alice.capital_release_request)
        self.assertNoOperation(1002)
        self.assertCandidate(self.alice.partner_id)
        self.assertOthersUntouched()
        self.assertEqual(self.next_numbers(), (1008, 506))
        self.assertIn("1002", rollback.warnings)
        self.assertIn("502", rollback.warnings)

    def test_wrong_operation_in_the_middle_of_a_swap(self):
        """Two wrong operations with others between: each request keeps its number."""
        first = self.subscribe(ALICE, 2, self.share_x, partner=self.alice.partner_id)
        second = self.subscribe(BRUNO, 4, self.share_y, partner=self.bruno.partner_id)
        self.pay(second, by=self.alice.partner_id)
        self.assertMember(self.bruno.partner_id, 506, [(self.share_y, 4)])
        requests = (self.alice | second).capital_release_request
        self.roll_back(requests, {self.alice: self.bruno, second: first})
        self.assertOthersUntouched()
        self.assertOpen(second)
        self.assertOpen(self.alice)
        self.assertMember(self.bruno.partner_id, 506, [(self.share_y, 3)])
        self.assertMember(self.alice.partner_id, 502, [(self.share_x, 2)])
        self.assertEqual(
            sorted(
                (line.number, line.partner)
                for line in self.register_of()
                if line.number in (1002, 1008)
            ),
            [(1002, self.bruno.partner_id), (1008, self.alice.partner_id)],
        )
        self.assertEqual(self.next_numbers(), (1009, 507))


@tagged("post_install", "-at_install", "slow")
class TestKeepGap(LaterOperationsCase):
    """``numbering`` = ``keep_gap``: the right match takes the next numbers."""

    def test_next_numbers_are_taken(self):
        """Bruno is operation 1008 and cooperator 506; 1002 and 502 stay unused."""
        self.correct(numbering="keep_gap")
        self.assertMember(self.bruno.partner_id, 506, [(self.share_y, 3)])
        (line,) = self.assertOperation(1008, self.bruno.partner_id, [(self.share_y, 3)])
        self.assertEqual(line.date, self.days_ago(5))
        self.assertNoOperation(1002)
        self.assertCandidate(self.alice.partner_id)
        self.assertOpen(self.alice)
        self.assertPaid(self.bruno)

    def test_sequences_go_on(self):
        self.correct(numbering="keep_gap")
        self.assertEqual(self.next_numbers(), (1009, 507))

    def test_others_are_untouched(self):
        self.correct(numbering="keep_gap")
        self.assertOthersUntouched()

    def test_gap_is_on_record(self):
        """The plan names both numbers that stay unused."""
        rollback = self.correct(numbering="keep_gap")
        self.assertIn("1002", rollback.warnings)
        self.assertIn("502", rollback.warnings)

    def test_member_takes_only_an_operation_number(self):
        """The founder keeps her number; only one operation number is drawn."""
        member = self.flora.partner_id
        flora = self.subscribe(BRUNO, 3, self.share_y, partner=member)
        self.roll_back(self.alice.capital_release_request, flora, numbering="keep_gap")
        self.assertMember(member, 501, [(self.share_y, 4), (self.share_y, 3)])
        self.assertOperation(1008, member, [(self.share_y, 3)])
        self.assertEqual(self.next_numbers(), (1009, 506))


@tagged("post_install", "-at_install")
class TestLastAndLater(RollbackCase):
    """Several wrong operations, of which only some are the last of the register."""

    def test_second_but_last_member_number(self):
        """A cooperator number is free although the later operation is an increase."""
        alice = self.subscribe(ALICE, 3, self.share_y)
        self.pay(alice)
        increase = self.subscribe(BRUNO, 1, self.share_y, self.flora.partner_id)
        self.pay(increase)
        self.assertEqual(self.next_numbers(), (1004, 503))
        aged = self.age_everything_of(self.flora.partner_id)
        self.roll_back(alice.capital_release_request)
        self.assertUntouched(aged)
        self.assertNoOperation(1002)
        # 502 was the last cooperator number and nobody has it: it is the next one again
        self.assertEqual(self.next_numbers(), (1004, 502))

    def test_two_wrong_ones_at_the_end(self):
        """Both of the last two operations go: the sequences go back by two."""
        alice = self.subscribe(ALICE, 3, self.share_y)
        bruno = self.subscribe(BRUNO, 3, self.share_y)
        self.pay(alice)
        self.pay(bruno)
        self.roll_back((alice | bruno).capital_release_request)
        self.assertCandidate(alice.partner_id)
        self.assertCandidate(bruno.partner_id)
        self.assertEqual(self.next_numbers(), (1002, 502))

    def test_only_the_second_of_two_has_a_right_request(self):
        """What is left takes the lowest freed numbers; the rest goes back."""
        alice = self.subscribe(ALICE, 3, self.share_y)
        bruno = self.subscribe(BRUNO, 3, self.share_y)
        clara = self.subscribe(CLARA, 3, self.share_y)
        self.pay(alice)
        self.pay(bruno)
        requests = (alice | bruno).capital_release_request
        self.roll_back(requests, {bruno: clara})
        self.assertCandidate(alice.partner_id)
        self.assertCandidate(bruno.partner_id)
        self.assertEqual(
            [(line.number, line.partner) for line in self.register_of()[1:]],
            [(1002, clara.partner_id)],
        )
        self.assertMember(clara.partner_id, 502, [(self.share_y, 3)])
        self.assertEqual(self.next_numbers(), (1003, 503))
