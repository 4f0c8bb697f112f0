from odoo import api, models


class ReconciliationRollbackDefaults(models.AbstractModel):
    """A record whose fields begin with the defaults of their definition.

    Odoo fills a field that is left out from ``default_*`` keys of the context, which any
    client sends, and from the defaults that each user can store. For a field that people
    do not write, both would be a way to write it.
    """

    _name = "reconciliation.rollback.defaults"
    _description = "Record that begins with its own defaults"

    @api.model
    def _get_fields_open_to_defaults(self):
        """Names of fields that take a default from the context or the user."""
        return set()

    @api.model
    def default_get(self, fields_list):
        open_names = self._get_fields_open_to_defaults()
        # nested records could be made by a default: they come from values alone
        own = {
            name
            for name, field in self._fields.items()
            if name not in open_names or field.type in ("one2many", "many2many")
        }
        values = super().default_get([name for name in fields_list if name not in own])
        for name in own.intersection(fields_list):
            if self._fields[name].default:
                values[name] = self._get_own_default(name)
        return values

    @api.model
    def _get_own_default(self, name):
        """The default in a field's definition, as a value to write."""
        field = self._fields[name]
        cached = field.convert_to_cache(field.default(self), self, validate=False)
        return field.convert_to_write(cached, self)
