from odoo import SUPERUSER_ID, api


def post_init_hook(cr, registry):
    """Link what is in the registers already with what made it."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["res.company"]._get_companies_with_register()._link_register()
