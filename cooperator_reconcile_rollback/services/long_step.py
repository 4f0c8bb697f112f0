"""Whether the longest step of a rollback can end before Odoo ends its job."""

from odoo import _
from odoo.tools import config

# seconds that a right match takes on a slow machine, and its certificate
MATCH = 0.5
CERTIFICATE = 1.5
LIMIT = "limit_time_real"


class LongStep:
    """The right matches of a rollback, which are one step.

    :param rollback: ``reconciliation.rollback``
    :param plan: its :class:`~..ledger.plan.Plan`
    """

    def __init__(self, rollback, plan):
        self.env = rollback.env
        self.number = len(plan.inserted)
        self.each = MATCH
        if rollback.company_id.send_certificate_email:
            self.each += CERTIFICATE

    def warn(self):
        """Warn where they can take longer than a job may.

        :return: sentences
        """
        limit = config[LIMIT]
        seconds = self.number * self.each
        if not limit or seconds <= limit:
            return []
        return [
            _(
                "Step 8 makes %(number)s operations in one job, which can take %(minutes)s "
                "minutes, and Odoo ends a job after %(limit)s seconds: have %(setting)s "
                "raised in Odoo's configuration file first, or correct fewer at once.",
                number=self.number,
                minutes=round(seconds / 60) or 1,
                limit=limit,
                setting=LIMIT,
            )
        ]
