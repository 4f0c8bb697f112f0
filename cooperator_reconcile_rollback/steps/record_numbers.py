from odoo import _, models

from ..services.payments import Payments


class RecordNumbers(models.AbstractModel):
    """Manual, step 2: keep the wrong operation's and cooperator's numbers."""

    _name = "reconciliation.rollback.step.record_numbers"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: record the numbers"

    _manual_number = 2
    # it changes nothing
    _needs_no_undo = True
    _makes_mail = False

    def _get_label(self):
        return _("Record the numbers")

    def _perform(self, step):
        self._run(step)
        snapshot = self._get_snapshot(step, self._read(step))
        return {"before": snapshot, "after": snapshot, "kept": {}}

    def _get_snapshot(self, step, reading):
        plan = step.rollback_id._get_plan()
        names = reading.names.of(
            "res.partner",
            [operation.partner for operation in plan.removed]
            + [change.partner for change in plan.changes],
        )
        return {
            "sequences": step.company_id._get_next_numbers(),
            "operations": [
                {
                    "number": operation.number,
                    "partner": names[operation.partner],
                    "register lines": operation.lines,
                }
                for operation in plan.removed
            ],
            "cooperators": [
                {"partner": names[change.partner], "number": change.before.number}
                for change in plan.changes
            ],
        }

    def _run(self, step):
        step.rollback_id._keep_register_locked()
        # the register's lock leaves the accounting open: say so before anything is removed
        lines = step.rollback_id.line_ids
        lines._check_right_moves(Payments(lines).paid)
