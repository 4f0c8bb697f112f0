"""A request with two invoice lines is one operation with two lines (scenario 5)."""

from odoo.tests import tagged

from .builders import ALICE, BRUNO
from .common import RollbackCase


@tagged("post_install", "-at_install")
class TestTwoShareTypes(RollbackCase):
    """Two share types in one request: two register lines that share their number."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.allow_several_register_lines_per_operation()

    def test_both_lines_go(self):
        """Both register lines and both share lines of the wrong operation go."""
        alice = self.subscribe_two_types(ALICE, (1, self.share_y), (1, self.share_x))
        bruno = self.subscribe(BRUNO, 3, self.share_y)
        self.pay(alice, by=bruno.partner_id)
        self.assertOperation(
            1002, alice.partner_id, [(self.share_y, 1), (self.share_x, 1)]
        )
        self.roll_back(alice.capital_release_request, bruno)
        self.assertOperation(1002, bruno.partner_id, [(self.share_y, 3)])
        self.assertCandidate(alice.partner_id)
        self.assertMember(bruno.partner_id, 502, [(self.share_y, 3)])
        self.assertEqual(self.next_numbers(), (1003, 503))

    def test_both_lines_come(self):
        """The right request's two lines share the freed number, in their order."""
        alice = self.subscribe(ALICE, 3, self.share_y)
        bruno = self.subscribe_two_types(BRUNO, (1, self.share_y), (1, self.share_x))
        self.pay(alice, by=bruno.partner_id)
        self.roll_back(alice.capital_release_request, bruno)
        self.assertOperation(
            1002, bruno.partner_id, [(self.share_y, 1), (self.share_x, 1)]
        )
        self.assertMember(bruno.partner_id, 502, [(self.share_y, 1), (self.share_x, 1)])
        self.assertCandidate(alice.partner_id)
        self.assertEqual(self.next_numbers(), (1003, 503))

    def test_one_line_for_both_register_lines(self):
        """There is one wrong match, whatever the number of register lines."""
        alice = self.subscribe_two_types(ALICE, (1, self.share_y), (1, self.share_x))
        self.pay(alice)
        lines = self.env["subscription.register"].search(
            [("register_number_operation", "=", 1002)]
        )
        self.assertEqual(len(lines), 2)
        for records in (lines, lines[1]):
            rollback = self.draft_rollback(records)
            self.assertEqual(len(rollback.line_ids), 1)
            self.assertEqual(rollback.line_ids.amount, 75)
            rollback.action_cancel()

    def test_increase_with_two_types(self):
        """A member loses both lines of a wrong increase and keeps the earlier shares."""
        joined = self.join(ALICE, 2, self.share_y)
        member = joined.partner_id
        before = self.holding_of(member)
        increase = self.subscribe_two_types(
            ALICE, (1, self.share_y), (1, self.share_x), partner=member
        )
        self.pay(increase)
        self.assertMember(
            member, 502, [(self.share_y, 2), (self.share_y, 1), (self.share_x, 1)]
        )
        self.roll_back(increase.capital_release_request)
        self.assertEqual(self.holding_of(member), before)
        self.assertEqual(self.next_numbers(), (1003, 503))
