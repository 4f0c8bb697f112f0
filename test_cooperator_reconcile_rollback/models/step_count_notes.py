from odoo import _, models

from odoo.addons.cooperator_reconcile_rollback.steps.order import Place


class CountNotes(models.AbstractModel):
    """Count the notes before others are written; nothing has to be undone."""

    _name = "reconciliation.rollback.step.count_notes"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: count the notes"

    _place = Place(before="write_notes")
    _needs_no_undo = True

    def _get_label(self):
        return _("Count the notes")

    def _get_snapshot(self, step, reading):
        return {"notes": self.env["test.rollback.note"].search_count([])}
