from odoo import _, models

from ..books.renumbering import OPERATION_SEQUENCE


class ResetOperationSequence(models.AbstractModel):
    """Manual, step 6: let the operation sequence go on where the plan says."""

    _name = "reconciliation.rollback.step.reset_operation_sequence"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: set back the operation sequence"

    _manual_number = 6
    _sets_sequences = True
    _makes_mail = False

    def _get_label(self):
        return _("Set back the operation sequence")

    def _get_snapshot(self, step, reading):
        return {"sequences": reading.sequences}

    def _run(self, step):
        rollback = step.rollback_id
        operations = rollback._get_plan().operations
        self._set_back(rollback, OPERATION_SEQUENCE, operations)
