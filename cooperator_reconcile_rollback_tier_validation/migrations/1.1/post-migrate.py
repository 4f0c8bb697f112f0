"""Keep the reviews of rollbacks that were started before, so that they always prove.

The folder has no series in its name: Odoo 14.0 and 16.0 both run it.
"""

from odoo import SUPERUSER_ID, api

from odoo.addons.cooperator_reconcile_rollback.services.evidence import keep_start


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    rollbacks = env["reconciliation.rollback"].search(
        [("start_hash", "!=", False), ("evidence_version", "in", (0, False))]
    )
    for rollback in rollbacks._by_action():
        keep_start(rollback)
