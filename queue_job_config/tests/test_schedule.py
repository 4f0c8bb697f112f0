from odoo.tests import BaseCase

from ..retry.schedule import RetrySchedule


class TestSchedule(BaseCase):
    """Delays grow from attempt to attempt."""

    def test_one_attempt(self):
        schedule = RetrySchedule(1, 60, 5, 3600)
        self.assertEqual(str(schedule), "")
        self.assertIsNone(schedule.delay_after(1))

    def test_numbers_that_no_float_holds(self):
        schedule = RetrySchedule(2000, 60, 10**6, 3600)
        self.assertEqual(schedule.delay_after(1999), 3600)

    def test_factor_that_is_no_number(self):
        """A form shows it before it is refused."""
        for factor in (float("nan"), float("inf")):
            self.assertEqual(str(RetrySchedule(3, 60, factor, 3600)), "1 min, 1 h")

    def test_many_attempts_are_written_shortly(self):
        schedule = RetrySchedule(10**9, 1, 1, 1)
        self.assertEqual(str(schedule), "1 s, " * 7 + "…, 1 s")
