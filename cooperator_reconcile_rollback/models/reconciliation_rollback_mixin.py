from odoo import _, fields, models


class ReconciliationRollbackMixin(models.AbstractModel):
    """A record that shows the rollbacks which concern it."""

    _name = "reconciliation.rollback.mixin"
    _description = "Record with reconciliation rollbacks"

    reconciliation_rollback_count = fields.Integer(
        string="Number of rollbacks",
        compute="_compute_reconciliation_rollback_count",
        groups="cooperator.cooperator_group_user",
    )

    def _get_reconciliation_rollbacks(self):
        """The ``reconciliation.rollback`` that concern these records."""
        return self.env["reconciliation.rollback"]

    def _compute_reconciliation_rollback_count(self):
        for record in self:
            record.reconciliation_rollback_count = len(
                record._get_reconciliation_rollbacks()
            )

    def action_view_reconciliation_rollbacks(self):
        return self._get_reconciliation_rollbacks()._get_view_action(
            _("Reconciliation rollbacks")
        )
