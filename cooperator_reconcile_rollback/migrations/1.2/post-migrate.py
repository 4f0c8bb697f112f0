"""Keep what members are whose number comes from no operation.

The folder has no series in its name: Odoo 14.0 and 16.0 both run it.
"""

from odoo import SUPERUSER_ID, api

from odoo.addons.cooperator_reconcile_rollback.books.opening_standing import (
    keep_opening_standing,
)


def migrate(cr, version):
    keep_opening_standing(api.Environment(cr, SUPERUSER_ID, {}))
