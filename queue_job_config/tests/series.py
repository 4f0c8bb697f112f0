"""What the tests have to do differently on Odoo 14.0 and on 16.0, and nowhere else."""

from odoo.release import version_info

SERIES = version_info[0]


def invalidate(env):
    """Write what the ORM keeps back, and forget what it remembers."""
    if SERIES >= 16:
        env.invalidate_all()
    else:
        env["base"].flush()
        env["base"].invalidate_cache()
