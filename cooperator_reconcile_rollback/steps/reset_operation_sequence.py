from odoo import models

from ..models.res_company import OPERATION_SEQUENCE
from .books import SEQUENCES


class ResetOperationSequence(models.AbstractModel):
    """Manual, step 6: let the operation sequence go on where the plan says."""

    _name = "reconciliation.rollback.step.reset_operation_sequence"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: set back the operation sequence"

    def _get_books(self):
        return [SEQUENCES]

    def _get_snapshot(self, step):
        rollback = step.rollback_id
        return {"sequences": self._get_sequences(rollback)}

    def _run(self, step):
        rollback = step.rollback_id
        operations = rollback._get_plan().operations
        self._set_back(rollback, OPERATION_SEQUENCE, operations)
