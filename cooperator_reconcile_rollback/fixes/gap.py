from odoo import _

from ..ledger import finding as kinds
from ..tools.excerpt import ranges
from .fix import Fix


class ExplainGap(Fix):
    """Say why numbers are unused: the check knows them from then on."""

    code = "explain_gap"
    kinds = (kinds.OPERATION_GAP, kinds.COOPERATOR_GAP)
    needs_reason = True

    def get_label(self):
        return _("Explain the gap")

    def describe(self, option, number=0):
        first, last = self.finding.numbers
        if self.finding.kind == kinds.OPERATION_GAP:
            if first == last:
                return _(
                    "Operation number %s stays unused, for the reason given.", first
                )
            return _(
                "The operation numbers %(first)s to %(last)s stay unused, for the reason "
                "given.",
                first=first,
                last=last,
            )
        if first == last:
            return _("Cooperator number %s stays unused, for the reason given.", first)
        return _(
            "The cooperator numbers %(first)s to %(last)s stay unused, for the reason "
            "given.",
            first=first,
            last=last,
        )

    def get_snapshot(self, option):
        first, last = self.finding.numbers
        (numbers,) = ranges(range(first, last + 1))
        return {"unused numbers": numbers}

    def apply(self, option, number=0):
        """Change nothing: the reason is all that was missing."""
