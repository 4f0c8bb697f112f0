import ast

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError


class QueueJobChannel(models.Model):
    _inherit = "queue.job.channel"

    retry_pattern = fields.Char(
        help="For the job functions of this channel that have no pattern of their own: "
        "how many seconds to wait from which retry on, as in {1: 10, 5: 60, 10: 300}.",
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
        """The channel's pattern, ``{retry: seconds}``; empty without one.

        :raises ValueError: it is not such a dictionary
        """
        self.ensure_one()
        if not self.retry_pattern:
            return {}
        try:
            pattern = ast.literal_eval(self.retry_pattern)
            return {int(retry): int(seconds) for retry, seconds in pattern.items()}
        except (AttributeError, SyntaxError, TypeError) as error:
            raise ValueError(self.retry_pattern) from error

    @api.constrains("retry_pattern")
    def _check_retry_pattern(self):
        for channel in self:
            try:
                channel._parse_retry_pattern()
            except ValueError as error:
                raise ValidationError(
                    _(
                        "The retry pattern %(pattern)s of channel %(channel)s is not "
                        "of the form %(example)s.",
                        pattern=channel.retry_pattern,
                        channel=channel.complete_name,
                        example="{1: 10, 5: 60, 10: 300}",
                    )
                ) from error
