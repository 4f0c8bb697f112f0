from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged

from odoo.addons.queue_job.job import Job


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

    def test_wrong_patterns_are_refused(self):
        for pattern in ("ten", "{1: 'ten'}", "[1, 2]", "{1: 10"):
            with self.subTest(pattern=pattern), self.assertRaises(ValidationError):
                self.channel.retry_pattern = pattern
