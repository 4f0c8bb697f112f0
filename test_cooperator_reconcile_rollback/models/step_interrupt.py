from odoo import models

from odoo.addons.cooperator_reconcile_rollback.steps.order import Place

from ..interruption import get_interruption, interrupt

NOTES = "test.rollback.note"


class StepInterrupt(models.AbstractModel):
    """End the transaction between two notes, at "run", or between undoing them, at "undo"."""

    _name = "reconciliation.rollback.step.interrupt"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: interrupt"

    _place = Place(before="clear_mail")

    def _prepare_steps(self, rollback):
        return [{}] if get_interruption(self.env) else []

    def _get_rows_conditions(self):
        return {NOTES: "company_id = %(company)s AND partner_id = ANY(%(partners)s)"}

    def _run(self, step):
        self._write_note(step, "first half")
        interrupt(self.env, "run")
        self._write_note(step, "second half")

    def _restore(self, step, kept, items=None):
        note = self._write_note(step, "half undone")
        interrupt(self.env, "undo")
        note.unlink()
        return super()._restore(step, kept, items)

    def _write_note(self, step, text):
        partner = self._get_changed_partners(step.rollback_id)[0]
        values = {"company_id": step.company_id.id, "partner_id": partner.id}
        return self.env[NOTES].create({**values, "text": text})
