from odoo import _

from ..books.renumbering import COOPERATOR_SEQUENCE, OPERATION_SEQUENCE
from ..ledger import finding as kinds
from .fix import Fix

SEQUENCES = {
    kinds.OPERATION_SEQUENCE_OFF: OPERATION_SEQUENCE,
    kinds.COOPERATOR_SEQUENCE_OFF: COOPERATOR_SEQUENCE,
}


class SetSequence(Fix):
    """Let a sequence go on after the highest number in use."""

    code = "set_sequence"
    kinds = tuple(SEQUENCES)

    def __init__(self, company, finding):
        super().__init__(company, finding)
        self.sequence_set = SEQUENCES[finding.kind]

    def get_label(self):
        return _("Set to %s", self.finding.numbers[-1])

    def describe(self, option, number=0):
        before, after = self.finding.numbers
        if self.sequence_set == OPERATION_SEQUENCE:
            return _(
                "The next operation gets number %(after)s instead of %(before)s.",
                before=before,
                after=after,
            )
        return _(
            "The next cooperator gets number %(after)s instead of %(before)s.",
            before=before,
            after=after,
        )

    def get_snapshot(self, option):
        return {"next number": self.company._get_next_numbers()[self.sequence_set]}

    def apply(self, option, number=0):
        self.company._set_next_number(self.sequence_set, self.finding.numbers[-1])
