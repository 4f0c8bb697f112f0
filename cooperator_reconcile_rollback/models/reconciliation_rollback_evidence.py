from odoo import _, api, models
from odoo.exceptions import UserError

# An object, not a value: nobody can send it from outside.
BY_ACTION = object()


class ReconciliationRollbackEvidence(models.AbstractModel):
    """What nobody changes once its rollback has left draft (requirement V2).

    Not even the superuser does: only the rollback's own actions and steps. What changes
    the database behind Odoo's back is found by the hashes, see
    :mod:`.reconciliation_rollback_hash`.
    """

    _name = "reconciliation.rollback.evidence"
    _description = "Evidence of a reconciliation rollback"

    def _by_action(self):
        """The records, for an action or a step that may change them."""
        return self.with_context(reconciliation_rollback_action=BY_ACTION)

    def _get_rollbacks(self):
        """The rollbacks that the records are the evidence of."""
        return self.rollback_id

    @api.model
    def _get_free_fields(self):
        """Names of fields that are no evidence."""
        return set()

    @api.model
    def _get_fields_of_plan(self):
        """Names of fields that people may still change before the start."""
        return set()

    def _check_alterable(self, names):
        """:raises UserError: fields of evidence would be changed, by no action"""
        if self.env.context.get("reconciliation_rollback_action") is BY_ACTION:
            return
        names = set(names) - self._get_free_fields()
        if not names:
            return
        for rollback in self._get_rollbacks():
            open_names = self._get_fields_of_plan()
            if rollback.state == "draft" or (
                rollback.state == "planned" and names <= open_names
            ):
                continue
            raise UserError(
                _(
                    "%s has left draft: it is evidence, which nothing but its own "
                    "buttons changes.",
                    rollback.name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._check_alterable(set().union(*vals_list))
        return records

    def write(self, vals):
        self._check_alterable(vals)
        return super().write(vals)

    def unlink(self):
        self._check_alterable({"id"})
        return super().unlink()
