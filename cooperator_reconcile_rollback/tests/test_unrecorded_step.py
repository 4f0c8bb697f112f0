"""What an earlier release has left: a step's work is committed, and its record is not.

Odoo committed in the middle of the right match, where it compiled the certificate's assets.
"""

from odoo.tests import tagged

from .builders import CLARA
from .fixtures.compared_rows import SAME
from .series import invalidate
from .test_revert import RevertCase


@tagged("post_install", "-at_install", "slow")
class TestUnrecordedStep(RevertCase):
    def stop_in_the_middle(self):
        """Start, and do the work of a step without its record."""
        invalidate(self.env)
        self.before = self.books()
        rollback = self.start()
        self.run_jobs(rollback, until="reset_membership")
        step = rollback.step_ids.filtered(lambda s: s.kind == "make_match")
        step = step._as_rollback()
        step._get_kind()._run(step)
        invalidate(self.env)
        self.assertEqual(step.state, "pending")
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])
        return rollback

    def check_going_on(self):
        rollback = self.stop_in_the_middle()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])
        self.assertCandidate(self.alice.partner_id)
        self.assertFalse(rollback._find_tampering())
        self.revert(rollback)
        # whether a candidate has no membership or a false one nobody has kept
        self.assertBooksEqual(self.before, SAME)

    def check_reverting(self):
        self.revert(self.stop_in_the_middle())
        # whether a candidate has no membership or a false one nobody has kept
        self.assertBooksEqual(self.before, SAME)

    def test_going_on(self):
        """The step takes back what is there of it, and is done and recorded as a whole."""
        self.check_going_on()

    def test_reverting(self):
        self.check_reverting()

    def test_later_operations(self):
        """The right operation took a freed number, in the middle of the register."""
        self.pay(self.subscribe(CLARA, 2, self.share_y))
        self.check_going_on()

    def test_later_operations_reverting(self):
        self.pay(self.subscribe(CLARA, 2, self.share_y))
        self.check_reverting()
