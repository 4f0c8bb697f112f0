from odoo import _

from ..ledger import finding as kinds
from .fix import Fix


class RollBack(Fix):
    """Correct it with a rollback, which has its own plan, steps and evidence."""

    code = "roll_back"
    kinds = (
        kinds.OTHER_PAYER,
        kinds.OTHER_REQUEST_NAMED,
        kinds.OPERATION_NOT_PAID,
        kinds.REGISTERED_TWICE,
        kinds.PAID_WITHOUT_OPERATION,
        kinds.OPERATION_NOT_DONE,
        kinds.OPERATION_WITHOUT_GROUND,
    )
    is_rollback = True

    def get_label(self):
        if self.finding.kind == kinds.PAID_WITHOUT_OPERATION:
            return _("Register")
        if self.finding.kind == kinds.OPERATION_NOT_PAID:
            # somebody began by hand
            return _("Finish the rollback")
        return _("Roll back")

    def describe(self, option, number=0):
        return _(
            "A rollback is drafted: its plan shows what changes before anything does."
        )
