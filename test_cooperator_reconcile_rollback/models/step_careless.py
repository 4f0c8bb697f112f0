from odoo import models

from odoo.addons.cooperator_reconcile_rollback.steps.order import Place


class Careless(models.AbstractModel):
    """Change something, and do not say how it is undone: no rollback takes this step."""

    _name = "reconciliation.rollback.step.careless"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: careless"

    _place = Place(after="write_notes")

    def _prepare_steps(self, rollback):
        return [{}] if self.env.context.get("test_careless") else []

    def _run(self, step):
        step.rollback_id.user_id.partner_id.comment = "changed"
