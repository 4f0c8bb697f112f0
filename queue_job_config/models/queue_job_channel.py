import logging

from odoo import api, fields, models

from ..retry.pattern import parse_pattern
from ..retry.pattern_check import PatternCheck

_logger = logging.getLogger(__name__)


class QueueJobChannel(models.Model):
    _inherit = "queue.job.channel"

    retry_pattern = fields.Char(
        help="For the job functions of this channel that have no pattern of their own: "
        "how many seconds to wait from which retry on, as in {1: 10, 5: 60, 10: 300}. "
        "Two numbers make it a random wait between them, as in {1: (1, 10), 5: (11, 20)}.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        channels = super().create(vals_list)
        self.env["queue.job.function"].clear_caches()
        return channels

    def write(self, vals):
        result = super().write(vals)
        if "retry_pattern" in vals:
            self.env["queue.job.function"].clear_caches()
        return result

    def _parse_retry_pattern(self):
        """Read the channel's retry pattern, empty without one.

        A pattern that cannot be read counts as none, as ``queue_job`` has it for a job
        function's own: jobs of the channel must not fail for it.

        :return: ``{retry: seconds}`` or ``{retry: (seconds, seconds)}``
        """
        if not self or not self.retry_pattern:
            return {}
        self.ensure_one()
        try:
            return parse_pattern(self.retry_pattern)
        except ValueError:
            _logger.error(
                "retry pattern %s of channel %s cannot be read",
                self.retry_pattern,
                self.complete_name,
            )
            return {}

    @api.constrains("retry_pattern")
    def _check_retry_pattern(self):
        """:raises ValidationError: ``queue_job`` could not keep a pattern"""
        for channel in self:
            PatternCheck(self.env, channel.complete_name).parse(channel.retry_pattern)
