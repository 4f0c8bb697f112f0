from odoo import _

from ..ledger import finding as kinds
from .fix import Fix


class ExplainChange(Fix):
    """Say why somebody has changed the register by hand."""

    code = "explain_change"
    kinds = (kinds.CHANGED_BY_HAND,)
    needs_reason = True

    def get_label(self):
        return _("Explain the change")

    def describe(self, option, number=0):
        return _(
            "Entry %s stays as it is, for the reason given.", self.finding.entries[0]
        )

    def get_snapshot(self, option):
        entry = self.env["cooperator.register.entry"].search(
            [
                ("company_id", "=", self.company.id),
                ("number", "in", self.finding.entries),
            ]
        )
        return {
            "entry": entry.number,
            "operation": entry.operation_number,
            "person": entry.name,
            "shares": entry.quantity,
        }

    def apply(self, option, number=0):
        """Change nothing: the reason is all that was missing."""
