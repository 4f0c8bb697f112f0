"""Enter what is in the registers, so that nothing of it is lost from the update on.

The folder has no series in its name: Odoo 14.0 and 16.0 both run it.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["res.company"]._get_companies_with_register()._remember_register()
