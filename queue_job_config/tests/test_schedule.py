from odoo.tests import BaseCase

from ..retry.schedule import RetrySchedule


class TestSchedule(BaseCase):
    """Delays grow from attempt to attempt."""

    def test_one_attempt(self):
        schedule = RetrySchedule(1, 60, 5, 3600)
        self.assertEqual(schedule.delays, ())
        self.assertIsNone(schedule.delay_after(1))

    def test_numbers_that_no_float_holds(self):
        schedule = RetrySchedule(2000, 60, 10**6, 3600)
        self.assertEqual(schedule.delay_after(1999), 3600)
