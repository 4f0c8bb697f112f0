from odoo import SUPERUSER_ID, api

from .books.opening_standing import keep_opening_standing
from .services.uninstalling import Uninstalling


def post_init_hook(cr, registry):
    """Link what is in the registers already with what made it, and remember it."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    keep_opening_standing(env)
    companies = env["res.company"]._get_companies_with_register()
    companies._link_register()
    companies._remember_register()


def uninstall_hook(cr, registry):
    """Leave no mail behind that nobody decides on, and no job that nobody can run."""
    Uninstalling(api.Environment(cr, SUPERUSER_ID, {})).clean_up()
