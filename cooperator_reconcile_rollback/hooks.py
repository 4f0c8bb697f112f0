from odoo import SUPERUSER_ID, api

from .books.opening_standing import keep_opening_standing


def post_init_hook(cr, registry):
    """Link what is in the registers already with what made it."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    keep_opening_standing(env)
    env["res.company"]._get_companies_with_register()._link_register()
