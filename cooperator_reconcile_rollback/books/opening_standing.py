"""What members were before the first operation of the register."""

from ..tools import series
from .register_reader import MEMBER, NEITHER, OLD_MEMBER

KEEP = """
    UPDATE cooperative_membership membership
    SET opening_standing = CASE
        WHEN member THEN %(member)s WHEN old_member THEN %(old_member)s ELSE %(neither)s END
    WHERE cooperator_register_number > 0 AND opening_standing IS NULL AND NOT EXISTS (
        SELECT 1 FROM subscription_register line
        WHERE line.company_id = membership.company_id
            AND membership.partner_id IN (line.partner_id, line.partner_id_to)
    )
"""


def keep_opening_standing(env):
    """Keep what members are today who have a number and no operation: they were imported."""
    memberships = env["cooperative.membership"]
    series.flush(memberships)
    env.cr.execute(
        KEEP, {"member": MEMBER, "old_member": OLD_MEMBER, "neither": NEITHER}
    )
    series.invalidate_all(memberships)
