from odoo import models, tools


class QueueJobFunction(models.Model):
    _inherit = "queue.job.function"

    @tools.ormcache("name")
    def job_config(self, name):
        """The function's configuration, with its channel's retry pattern by default."""
        config = super().job_config(name)
        if config.retry_pattern:
            return config
        channel = self.env["queue.job.channel"].search(
            [("complete_name", "=", config.channel)], limit=1
        )
        pattern = channel._parse_retry_pattern() if channel else {}
        return config._replace(retry_pattern=pattern)
