from odoo import _, models
from odoo.exceptions import UserError

MODULE = "cooperator_reconcile_rollback_tier_validation"


class IrModuleModule(models.Model):
    """The second person is not uninstalled while a rollback waits for one."""

    _inherit = "ir.module.module"

    def _check_nothing_lost(self):
        if MODULE in self.mapped("name"):
            self._check_nothing_under_validation()
        return super()._check_nothing_lost()

    def _check_nothing_under_validation(self):
        """:raises UserError: a planned rollback waits for its validation"""
        # sudo: whoever may uninstall modules sees no rollbacks of other companies
        rollbacks = self.env["reconciliation.rollback"].sudo()
        waiting = rollbacks.search([("state", "=", "planned")]).filtered(
            lambda rollback: (
                rollback.need_validation
                or (rollback.review_ids and not rollback.validated)
            )
        )
        if waiting:
            raise UserError(
                _(
                    "%(rollbacks)s: this waits for its validation, and without the add-on "
                    "anyone could start it alone. Have it started first, or press Back "
                    "to draft.",
                    rollbacks=", ".join(waiting.mapped("name")),
                )
            )
