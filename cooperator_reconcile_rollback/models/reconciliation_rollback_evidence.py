from odoo import _, api, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

from ..tools import flags


class ReconciliationRollbackEvidence(models.AbstractModel):
    """What nobody changes once its rollback has left draft.

    Not even the superuser does: only the rollback's own actions and steps. Before that
    people write what they decide, and nothing else: a draft that says it is done would be
    evidence too. It does not matter how a value came in: what counts is the record that
    comes out. What changes the database behind Odoo's back is found by the hashes, see
    :mod:`..services.evidence`.
    """

    _name = "reconciliation.rollback.evidence"
    _description = "Evidence of a reconciliation rollback"
    _inherit = ["reconciliation.rollback.defaults"]
    _check_company_auto = True

    def _by_action(self):
        """The records, for an action or a step that may change them.

        Whoever has called it chooses no defaults of what it makes.
        """
        context = clean_context(self.env.context)
        return self.with_context(context, **flags.ACTION.set())

    def _is_by_action(self):
        """Whether an action or a step has the records before it."""
        return bool(flags.ACTION.get(self.env.context))

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

    @api.model
    def _get_fields_open_to_defaults(self):
        return (
            super()._get_fields_open_to_defaults()
            | self._get_fields_of_creation()
            | self._get_free_fields()
        )

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
        given = set().union(*vals_list)
        records = super().create(vals_list)
        if not self._is_by_action():
            records._check_made(given)
        return records

    def _check_made(self, given):
        """:raises UserError: nobody makes such records by hand

        :param given: names of the fields that whoever makes them has set
        """
        for record in self:
            # ``id``: where people delete a record, they make it too
            record._check_alterable(
                given | record._get_changed_fields() | {"id"},
                self._get_fields_of_creation(),
            )
        self._check_chosen(self._get_fields_of_creation())

    def _get_changed_fields(self):
        """Names of the stored fields that differ from those of an empty new record."""
        # sudo: the values are compared, and not shown
        record = self.sudo()
        names = (
            name
            for name, field in self._fields.items()
            if field.store and not field.compute and name not in models.MAGIC_COLUMNS
        )
        return {name for name in names if record[name] != self._get_plain_value(name)}

    @api.model
    def _get_plain_value(self, name):
        """What a field of an empty new record has."""
        field = self._fields[name]
        value = field.default(self) if field.default else False
        cached = field.convert_to_cache(value, self, validate=False)
        # sudo: see _get_changed_fields
        return field.convert_to_record(cached, self.sudo())

    def write(self, vals):
        if self._is_by_action():
            return super().write(vals)
        self._check_alterable(vals, self._get_fields_of_draft())
        # before Odoo tells people of it
        self._check_chosen(vals, vals)
        result = super().write(vals)
        # it may belong to another rollback now
        self._check_alterable(vals, self._get_fields_of_draft())
        return result

    def _check_company(self, fnames=None):
        """Check first what people chose: Odoo's error would name the other record."""
        if not self._is_by_action():
            names = self._get_fields_of_creation() | self._get_fields_of_draft()
            self._check_chosen(names if fnames is None else names.intersection(fnames))
        return super()._check_company(fnames)

    def _check_chosen(self, names, values=None):
        """:raises UserError: a record that somebody chose is not for them to choose

        :param names: of the fields that were written
        :param values: what will be written; by default what there is
        """
        relations = [
            name
            for name in names
            if name in self._fields and self._fields[name].type == "many2one"
        ]
        for record in self:
            for name in relations:
                chosen = record[name]
                if values is not None:
                    chosen = chosen.browse(values[name] or [])
                record._check_one_chosen(name, chosen)

    def _check_one_chosen(self, name, chosen):
        """:raises UserError: the user may not see what was chosen, or it is elsewhere's"""
        if not chosen or chosen._name == "res.company":
            return
        is_seen = chosen.with_user(self.env.user)._filter_access_rules("read")
        # sudo: the companies are compared; those that the user may see are named
        companies = self._get_companies(chosen.sudo())
        if is_seen and (not companies or self.company_id in companies):
            return
        named = companies.with_user(self.env.user)._filter_access_rules("read")
        if is_seen and named:
            raise UserError(
                _(
                    "%(record)s belongs to %(other)s: choose a record of %(company)s.",
                    record=chosen.display_name,
                    other=", ".join(named.mapped("name")),
                    company=self.company_id.name,
                )
            )
        raise UserError(
            _(
                "%(field)s: choose a record of %(company)s that you may see.",
                field=", ".join(self._get_labels([name])),
                company=self.company_id.name,
            )
        )

    @api.model
    def _get_companies(self, record):
        """The companies that a record belongs to; none where it is everybody's."""
        companies = record.env["res.company"]
        for name in ("company_id", "company_ids"):
            if name in record._fields:
                companies |= record[name]
        return companies

    def unlink(self):
        if not self._is_by_action():
            self._check_alterable({"id"}, self._get_fields_of_draft())
        return super().unlink()
