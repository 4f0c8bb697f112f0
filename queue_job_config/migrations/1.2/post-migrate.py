"""Bring the numbers of retry policies within the limits that they have now.

The folder has no series in its name: Odoo 14.0 and 16.0 both run it.
"""

from odoo.addons.queue_job_config.models.queue_job_retry_policy import LIMITS


def migrate(cr, version):
    # the least numbers were checked before; PostgreSQL takes NaN for the greatest number
    greatest = {name: limits[1] for name, limits in LIMITS.items()}
    cr.execute(
        """
        UPDATE queue_job_retry_policy SET
            max_attempts = LEAST(max_attempts, %(max_attempts)s),
            first_delay = LEAST(first_delay, %(first_delay)s),
            factor = LEAST(factor, %(factor)s),
            longest_delay = LEAST(longest_delay, %(longest_delay)s)
        """,
        greatest,
    )
