from odoo import _, models

from odoo.addons.cooperator_reconcile_rollback.steps.order import Place

NOTES = "test.rollback.note"


class WriteNotes(models.AbstractModel):
    """Write a note on each person whose holding changes, and take their others away."""

    _name = "reconciliation.rollback.step.write_notes"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: write notes"

    _place = Place(after="verify")

    def _get_label(self):
        return _("Write notes")

    def _get_rows_conditions(self):
        return {NOTES: "company_id = %(company)s AND partner_id = ANY(%(partners)s)"}

    def _get_snapshot(self, step, reading):
        return {"notes": [row["text"] for row in reading.get_rows(NOTES)]}

    def _run(self, step):
        notes = self.env[NOTES]
        partners = self._get_changed_partners(step.rollback_id)
        notes.search([("partner_id", "in", partners.ids)]).unlink()
        values = {"company_id": step.company_id.id, "text": _("Corrected")}
        notes.create([{**values, "partner_id": partner} for partner in partners.ids])
