from odoo import models


class RecordNumbers(models.AbstractModel):
    """Manual, step 2: keep the wrong operation's and cooperator's numbers."""

    _name = "reconciliation.rollback.step.record_numbers"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: record the numbers"

    def _get_snapshot(self, step):
        rollback = step.rollback_id
        plan = rollback._get_plan()
        partners = self.env["res.partner"]
        return {
            "sequences": self._get_sequences(rollback),
            "operations": [
                {
                    "number": operation.number,
                    "partner": partners.browse(operation.partner).display_name,
                    "register lines": operation.lines,
                }
                for operation in plan.removed
            ],
            "cooperators": [
                {
                    "partner": partners.browse(change.partner).display_name,
                    "number": change.before.number,
                }
                for change in plan.changes
            ],
        }

    def _run(self, step):
        step.rollback_id._keep_register_locked()
