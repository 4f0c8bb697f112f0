import logging

from odoo import api, models, tools

from ..retry.pattern import read_pattern
from ..retry.pattern_check import PatternCheck

_logger = logging.getLogger(__name__)


class QueueJobFunction(models.Model):
    _inherit = "queue.job.function"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_read_pattern(vals) for vals in vals_list])

    def write(self, values):
        return super().write(self._with_read_pattern(values))

    def _with_read_pattern(self, values):
        """Read the retry pattern among values before ``queue_job`` stores it.

        :raises ValidationError: ``queue_job`` would store it and could not keep it
        """
        check = PatternCheck(self.env, values.get("name") or self[:1].name)
        check.parse(str(values.get("edit_retry_pattern") or "").strip())
        if "retry_pattern" not in values:
            return values
        return {**values, "retry_pattern": check.parse(values["retry_pattern"])}

    def _parse_retry_pattern(self):
        """Count a pattern that cannot be kept as none: jobs must not fail for it."""
        try:
            return read_pattern(super()._parse_retry_pattern())
        except (AttributeError, TypeError, ValueError):
            _logger.error("retry pattern of %s cannot be read", self.name)
            return {}

    @tools.ormcache("name")
    def job_config(self, name):
        """Add the channel's retry pattern to a function that has none of its own."""
        config = super().job_config(name)
        if config.retry_pattern:
            return config
        channel = self.env["queue.job.channel"].search(
            [("complete_name", "=", config.channel)], limit=1
        )
        return config._replace(retry_pattern=channel._parse_retry_pattern())
