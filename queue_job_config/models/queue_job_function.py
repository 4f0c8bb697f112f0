from odoo import models, tools


class QueueJobFunction(models.Model):
    _inherit = "queue.job.function"

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
