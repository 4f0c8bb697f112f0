"""What in the register stands against a rollback, named person by person."""

from odoo.tests import tagged

from .builders import BRUNO, CLARA, DAVID
from .series import flush, invalidate
from .test_refusals import RefusalCase


@tagged("post_install", "-at_install")
class TestDependents(RefusalCase):
    """Later operations that cannot stand without the wrong one."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.pay_wrong()

    def test_sold_shares_that_were_never_there(self):
        """Alice sold two of the three: operation 1003 has no ground any more."""
        self.sell_back(self.alice.partner_id, self.share_y, 2)
        self.assertNotPlanned(["1003", "Alice"], self.request, self.bruno)

    def test_handed_over_shares_that_were_never_there(self):
        clara = self.subscribe(CLARA, 1, self.share_y)
        self.transfer(self.alice.partner_id, clara.partner_id, self.share_y, 3)
        self.assertNotPlanned(["1003", "Alice"], self.request, self.bruno)

    def test_converted_shares_that_were_never_there(self):
        self.convert(self.alice.partner_id, self.share_y, 3, self.share_z)
        self.assertNotPlanned(["1003", "Alice"], self.request, self.bruno)

    def test_with_keep_gap_as_well(self):
        """Numbering has nothing to do with it."""
        self.sell_back(self.alice.partner_id, self.share_y, 2)
        self.assertNotPlanned(
            ["1003", "Alice"], self.request, self.bruno, numbering="keep_gap"
        )

    def test_others_operations_do_not_block(self):
        """The same operations of other people stand on their own."""
        clara = self.join(CLARA, 3, self.share_y)
        david = self.join(DAVID, 1, self.share_y)
        self.sell_back(clara.partner_id, self.share_y, 1)
        self.transfer(clara.partner_id, david.partner_id, self.share_y, 1)
        self.roll_back(self.request, self.bruno)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])

    def test_happened_after_the_plan(self):
        """Planned, then Alice sells: the start refuses, and nothing is touched."""
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.action_plan()
        self.sell_back(self.alice.partner_id, self.share_y, 2)
        self.assertRefused(self.naming("1003", "Alice"), rollback.action_start)
        self.assertEqual(rollback.state, "planned")
        self.assertFalse(rollback.step_ids)

    def test_register_moved_on_after_the_plan(self):
        """Planned with 1002 as the last operation, which it is no more."""
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.action_plan()
        self.join(CLARA, 1, self.share_y)
        self.assertRefused(self.naming(rollback.name), rollback.action_start)
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])
        self.assertEqual(self.next_numbers(), (1004, 504))


@tagged("post_install", "-at_install")
class TestReplayUnlikeHoldings(RefusalCase):
    """The register does not give what people have: never a guess."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.pay_wrong()

    def by_hand(self, statement, *arguments):
        """What somebody once did to the tables."""
        flush(self.env)
        self.env.cr.execute(statement, arguments)
        self.assertEqual(self.env.cr.rowcount, 1)
        invalidate(self.env)

    def test_shares_of_the_wrong_person(self):
        self.by_hand(
            "UPDATE share_line SET share_number = 7 WHERE partner_id = %s",
            self.alice.partner_id.id,
        )
        self.assertNotPlanned(
            [self.alice.partner_id.name, "7", "3"], self.request, self.bruno
        )

    def test_shares_of_the_right_person(self):
        """The founder has one share that no operation gave her."""
        flora = self.subscribe(BRUNO, 3, self.share_y, partner=self.flora.partner_id)
        self.by_hand(
            "UPDATE share_line SET share_number = 5 WHERE partner_id = %s",
            flora.partner_id.id,
        )
        self.assertNotPlanned([flora.partner_id.name, "5", "4"], self.request, flora)

    def test_somebody_else_does_not_matter(self):
        """Another person's holding is not touched and not judged."""
        self.by_hand(
            "UPDATE share_line SET share_number = 5 WHERE partner_id = %s",
            self.flora.partner_id.id,
        )
        self.roll_back(self.request, self.bruno)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])
