from odoo import _, api, models
from odoo.exceptions import UserError

# An object, not a value: nobody can send it from outside.
BY_ACTION = object()


class ReconciliationRollbackEvidence(models.AbstractModel):
    """What nobody changes once its rollback has left draft.

    Not even the superuser does: only the rollback's own actions and steps. Before that
    people write what they decide, and nothing else: a draft that says it is done would be
    evidence too. What changes the database behind Odoo's back is found by the hashes, see
    :mod:`..services.evidence`.
    """

    _name = "reconciliation.rollback.evidence"
    _description = "Evidence of a reconciliation rollback"

    def _by_action(self):
        """The records, for an action or a step that may change them."""
        return self.with_context(reconciliation_rollback_action=BY_ACTION)

    def _is_by_action(self):
        """Whether an action or a step has the records before it."""
        return self.env.context.get("reconciliation_rollback_action") is BY_ACTION

    def _get_rollbacks(self):
        """The rollbacks that the records are the evidence of."""
        return self.rollback_id

    @api.model
    def _get_free_fields(self):
        """Names of fields that are no evidence."""
        return set()

    @api.model
    def _get_fields_of_draft(self):
        """Names of fields that people may change in a draft; with ``id``, they may delete
        the record."""
        return self._get_fields_of_plan()

    @api.model
    def _get_fields_of_plan(self):
        """Names of fields that people may still change before the start."""
        return set()

    @api.model
    def _get_fields_of_creation(self):
        """Names of fields that people may set when they make a record for a draft."""
        return self._get_fields_of_draft()

    def _check_alterable(self, names, of_draft):
        """:raises UserError: fields of evidence would be changed, by no action

        :param names: of the fields
        :param of_draft: names of those that people may change in a draft
        """
        names = set(names) - self._get_free_fields()
        if not names:
            return
        open_names = {"draft": of_draft, "planned": self._get_fields_of_plan()}
        for rollback in self._get_rollbacks():
            closed = names - open_names.get(rollback.state, set())
            if not closed:
                continue
            if rollback.state == "draft":
                raise UserError(
                    _(
                        "%(fields)s of %(rollback)s: nobody sets this by hand, use the "
                        "buttons of the rollback.",
                        fields=", ".join(self._get_labels(closed)),
                        rollback=rollback.name,
                    )
                )
            raise UserError(
                _(
                    "%s has left draft and is evidence: nobody changes it by hand, use "
                    "its buttons.",
                    rollback.name,
                )
            )

    @api.model
    def _get_labels(self, names):
        """What people see of fields, in alphabetical order."""
        known = self.fields_get(sorted(names), ["string"])
        return sorted(
            known[name]["string"] if name in known else name for name in names
        )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if not self._is_by_action():
            records._check_alterable(
                set().union(*vals_list), self._get_fields_of_creation()
            )
        return records

    def write(self, vals):
        if not self._is_by_action():
            self._check_alterable(vals, self._get_fields_of_draft())
        return super().write(vals)

    def unlink(self):
        if not self._is_by_action():
            self._check_alterable({"id"}, self._get_fields_of_draft())
        return super().unlink()
