"""Whether the longest step of a rollback can end before Odoo ends its job."""

from odoo import _
from odoo.tools import config

# seconds that a right match takes on a slow machine, and its certificate
MATCH = 0.5
CERTIFICATE = 1.5
LIMIT = "limit_time_real"


def find_long_step(rollback, plan):
    """Warn where the right matches, which are one step, can take longer than a job may.

    :param plan: the rollback's :class:`~..ledger.plan.Plan`
    :return: sentences
    """
    limit = config[LIMIT]
    number = len(plan.inserted)
    each = MATCH
    if rollback.company_id.send_certificate_email:
        each += CERTIFICATE
    if not limit or number * each <= limit:
        return []
    return [
        _(
            "Step 8 makes %(number)s operations in one job, which can take %(minutes)s "
            "minutes, and Odoo ends a job after %(limit)s seconds: have %(setting)s raised "
            "in Odoo's configuration file first, or correct fewer at once.",
            number=number,
            minutes=round(number * each / 60) or 1,
            limit=limit,
            setting=LIMIT,
        )
    ]
