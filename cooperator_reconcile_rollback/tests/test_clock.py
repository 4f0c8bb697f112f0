"""A machine whose clock is set, or where midnight comes, between two steps."""

from datetime import datetime, timedelta
from itertools import cycle

from freezegun import freeze_time

from odoo.tests import tagged

from .balances import Balances
from .common import MistakeCase
from .points import Points

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
# just before midnight, and back again after each step over it
JUMPS = (HOUR, -2 * HOUR, DAY, -HOUR)


@tagged("post_install", "-at_install", "slow")
class TestClock(Points, Balances, MistakeCase):
    """Alice's payment is of a period that is closed: what is booked is of today."""

    @classmethod
    def make_mistake(cls):
        cls.payment = cls.pay(cls.alice, date=cls.days_ago(40))
        cls.company.fiscalyear_lock_date = cls.days_ago(10)

    def run_while_clock_jumps(self, rollback):
        """Perform all that waits; between two steps the clock goes forth and back."""
        now = datetime.combine(self.days_ago(0), datetime.min.time()) + 23.5 * HOUR
        jumps = cycle(JUMPS)
        with freeze_time(now) as clock:
            while rollback.state in ("running", "reverting"):
                now += next(jumps)
                clock.move_to(now)
                self.run_steps(rollback, 1)

    def test_forwards_and_back(self):
        """It ends as planned all the same, is proven, and comes back whole."""
        before = self.balances()
        rollback = self.start_rollback(self.request, self.bruno)
        self.run_while_clock_jumps(rollback)
        self.assertEqual(rollback.state, "done", rollback.error)
        self.assertBooksAsPlanned(rollback)
        self.assertEqual(rollback._find_tampering(), [])
        rollback.action_revert()
        self.run_while_clock_jumps(rollback)
        self.assertEqual(rollback.state, "reverted", rollback.error)
        self.assertEqual(rollback._find_tampering(), [])
        self.assertEqual(self.balances(), before)
