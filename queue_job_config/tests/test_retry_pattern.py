from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.job import Job

from .series import invalidate


@tagged("post_install", "-at_install")
class TestRetryPattern(TransactionCase):
    """A channel's retry pattern serves its functions that have none."""

    def setUp(self):
        super().setUp()
        self.channel = self.env["queue.job.channel"].create(
            {
                "name": "slow",
                "parent_id": self.env.ref("queue_job.channel_root").id,
                "retry_pattern": "{1: 7, 3: 70}",
            }
        )
        self.function = self.env["queue.job.function"].create(
            {
                "model_id": self.env.ref("base.model_res_partner").id,
                "method": "name_get",
                "channel_id": self.channel.id,
            }
        )
        self.name = "<res.partner>.name_get"

    def _get_pattern(self):
        return self.env["queue.job.function"].job_config(self.name).retry_pattern

    def test_channel_pattern(self):
        self.assertEqual(self._get_pattern(), {1: 7, 3: 70})

    def test_own_pattern_wins(self):
        self.function.edit_retry_pattern = "{1: 5}"
        self.assertEqual(self._get_pattern(), {1: 5})

    def test_changed_pattern_counts_at_once(self):
        self.assertEqual(self._get_pattern(), {1: 7, 3: 70})
        self.channel.retry_pattern = "{1: 8}"
        self.assertEqual(self._get_pattern(), {1: 8})
        self.channel.retry_pattern = False
        self.assertEqual(self._get_pattern(), {})

    def test_function_without_configuration(self):
        config = self.env["queue.job.function"].job_config("<res.partner>.unlink")
        self.assertEqual(config.retry_pattern, {})

    def test_job_waits_as_the_channel_says(self):
        job = Job(self.env["res.partner"].browse().name_get)
        job.retry = 1
        self.assertEqual(job._get_retry_seconds(), 7)
        job.retry = 4
        self.assertEqual(job._get_retry_seconds(), 70)

    def test_random_waits(self):
        """A pair of numbers, as in a function's own pattern."""
        self.channel.retry_pattern = "{1: (1, 10), 5: [11, 20]}"
        self.assertEqual(self._get_pattern(), {1: (1, 10), 5: (11, 20)})
        self.function.edit_retry_pattern = self.channel.retry_pattern
        self.assertEqual(self._get_pattern(), {1: (1, 10), 5: (11, 20)})
        self.function.edit_retry_pattern = False
        job = Job(self.env["res.partner"].browse().name_get)
        job.retry = 5
        for _attempt in range(20):
            self.assertIn(job._get_retry_seconds(), range(11, 21))

    def test_wrong_patterns_are_refused(self):
        for pattern in (
            "(" * 300 + ")" * 300,
            "ten",
            "{1: 'ten'}",
            "[1, 2]",
            "{1: 10",
            "{1: (1, 2, 3)}",
            "{1: ()}",
            "{(1, 2): 3}",
            "{1: nan}",
            "{1: None}",
        ):
            self._assert_refused(pattern, "is not of the form {1: 10, 5: (11, 20)}")

    def test_impossible_waits_are_refused(self):
        for pattern in (
            "{1: -10}",
            "{-1: 10}",
            "{1: 1e400}",
            "{1: (1, 1e400)}",
            "{1: (-1, 5)}",
            "{1: (20, 10)}",
            "{1: 99999999999999999999}",
        ):
            self._assert_refused(pattern, "use 0 to 31536000 seconds")

    def _assert_refused(self, pattern, words):
        """Neither a channel nor a job function gets it."""
        for record, field in (
            (self.channel, "retry_pattern"),
            (self.function, "edit_retry_pattern"),
        ):
            with self.subTest(pattern=pattern, field=field):
                with self.assertRaises(ValidationError) as refusal:
                    record.write({field: pattern})
                message = str(refusal.exception)
                self.assertIn(words, message)
                self.assertIn(pattern[:80], message)
                self.assertLess(len(message), 300)

    def test_pattern_of_a_function_that_is_no_text(self):
        """As it comes over RPC."""
        self.function.write({"retry_pattern": {"1": 5, "3": [10, 20]}})
        self.assertEqual(self._get_pattern(), {1: 5, 3: (10, 20)})
        for pattern in (
            {1: -10},
            {1: 10**30},
            {1: float("inf")},
            {1: float("nan")},
            {1: None},
            [1, 2],
            "ten",
            7,
        ):
            with self.subTest(pattern), self.assertRaises(ValidationError) as refusal:
                self.function.write({"retry_pattern": pattern})
            self.assertIn(self.name, str(refusal.exception))
        self.function.write({"retry_pattern": False})
        self.assertEqual(self._get_pattern(), {1: 7, 3: 70})

    def test_new_function_with_an_impossible_pattern(self):
        with self.assertRaises(ValidationError) as refusal:
            self.env["queue.job.function"].create(
                {"name": "<res.partner>.unlink", "edit_retry_pattern": "{1: 1e400}"}
            )
        self.assertIn("<res.partner>.unlink", str(refusal.exception))

    def test_pattern_of_a_function_that_cannot_be_read(self):
        """Jobs of the function go on, with the waits of its channel."""
        for stored in ('{"1": -10}', '{"1": Infinity}', "[1]", "ten"):
            self.env.cr.execute(
                "UPDATE queue_job_function SET retry_pattern = %s WHERE id = %s",
                (stored, self.function.id),
            )
            invalidate(self.env)
            self.env["queue.job.function"].clear_caches()
            with mute_logger(
                "odoo.addons.queue_job_config.models.queue_job_function",
                "odoo.addons.queue_job.models.queue_job_function",
            ):
                self.assertEqual(self._get_pattern(), {1: 7, 3: 70})

    def test_pattern_of_an_older_release_that_cannot_be_read(self):
        """Jobs of the channel go on, with queue_job's own waits."""
        self.env.cr.execute(
            "UPDATE queue_job_channel SET retry_pattern = '{-1: -10}' WHERE id = %s",
            (self.channel.id,),
        )
        invalidate(self.env)
        self.env["queue.job.function"].clear_caches()
        with mute_logger("odoo.addons.queue_job_config.models.queue_job_channel"):
            self.assertEqual(self._get_pattern(), {})
