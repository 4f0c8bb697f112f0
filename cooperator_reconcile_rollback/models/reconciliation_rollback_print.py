from odoo import fields, models

from ..tools.access import check_readable

REPORT = "cooperator_reconcile_rollback.reconciliation_rollback_report"


class ReconciliationRollback(models.Model):
    """The rollback on paper, and in the columns of the kanban view."""

    _inherit = "reconciliation.rollback"

    state = fields.Selection(group_expand="_read_group_state")

    def action_print(self):
        """Print the rollbacks, each as a document of its own to be filed and signed."""
        check_readable(self)
        # whatever the company has chosen as its layout will do, none included
        return self.env.ref(REPORT).report_action(self, config=False)

    def _read_group_state(self, states, domain, order):
        """The states that there are, in the order in which a rollback has them."""
        return [
            state
            for state, _label in self._fields["state"].selection
            if state in states
        ]

    def _get_label(self, name):
        """What people see of a field that is a choice."""
        self.ensure_one()
        return dict(self._fields[name]._description_selection(self.env)).get(self[name])
