"""Trying to write each field of a model, in each way in which values come in."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.models import MAGIC_COLUMNS

from .undone import undone

REFUSALS = (AccessError, UserError, ValidationError)
X2MANY = ("one2many", "many2many")
# of messages and activities, which come and go
TALK = ("mail.thread", "mail.activity.mixin")
PLAIN = {
    "boolean": True,
    "char": "Tried",
    "date": "2001-02-03",
    "datetime": "2001-02-03 04:05:06",
    "float": 7.0,
    "html": "<p>Tried</p>",
    "integer": 7,
    "monetary": 7.0,
    "reference": "res.partner,1",
    "text": "Tried",
}


def stored_fields(model):
    """The fields of a model that are stored and can be written, by name; without talk."""
    left_out = set(MAGIC_COLUMNS).union(*(model.env[name]._fields for name in TALK))
    return {
        name: field
        for name, field in model._fields.items()
        if field.store
        and not (field.compute and field.readonly)
        and name not in left_out
    }


def other_value(record, field):
    """A value to write that differs from what a record has.

    :param record: of the field's model, maybe an empty one
    """
    if field.type in X2MANY:
        return [(0, 0, {})]
    if field.type == "many2one":
        others = record.env[field.comodel_name].sudo().with_context(active_test=False)
        return others.search([("id", "!=", record[field.name].id)], limit=1).id
    if field.type == "selection":
        values = field.get_values(record.env)[::-1]
        return next(value for value in values if value != record[field.name])
    value = PLAIN[field.type]
    return 8 if field.type == "integer" and record[field.name] == value else value


def values_to_try(record, fields, values):
    """A value for each of some fields.

    :param values: those by field that are given, else :func:`other_value`
    """
    return {
        name: values.get(name, other_value(record.sudo(), field))
        for name, field in fields.items()
    }


def is_refused(env, attempt):
    """Whether an attempt is refused; whatever comes of it is taken back."""
    try:
        with undone(env):
            attempt()
    except REFUSALS:
        return True
    return False


def find_written(record, values):
    """Names of the fields that may be written.

    :param values: what to write by field, else :func:`other_value`
    :param record: a single one, as a user
    """
    fields = {
        name: field
        for name, field in stored_fields(record).items()
        if field.type not in X2MANY
    }
    tried = values_to_try(record, fields, values)
    return {
        name
        for name, value in tried.items()
        if not is_refused(
            record.env, lambda name=name, value=value: record.write({name: value})
        )
    }


def find_created(model, base, values):
    """Names of the fields that may be set when a record is made.

    :param model: as a user
    :param base: what a new record needs
    :param values: what to set by field, else :func:`other_value`
    """
    fields = {
        name: field
        for name, field in stored_fields(model).items()
        if field.type not in X2MANY and name not in base
    }
    tried = values_to_try(model, fields, values)
    return {
        name
        for name, value in tried.items()
        if not is_refused(
            model.env,
            lambda name=name, value=value: model.create({**base, name: value}),
        )
    }


def find_defaulted(model, base, values, set_defaults):
    """Names of the fields that a new record takes from defaults.

    :param model: as a user
    :param base: what a new record needs
    :param values: defaults by field, else :func:`other_value`
    :param set_defaults: function that takes the model and ``{field: value}`` and returns
        the model with these defaults
    """
    fields = {
        name: field for name, field in stored_fields(model).items() if name not in base
    }
    defaults = values_to_try(model, fields, values)
    with undone(model.env):
        made = set_defaults(model, defaults).create(base).sudo()
        return {
            name
            for name, field in fields.items()
            if defaults[name] and is_taken(field, made[name], defaults[name])
        }


def is_taken(field, value, default):
    """Whether a record has a value because of a default."""
    if field.type in X2MANY:
        return bool(value)
    return str(value.id if field.type == "many2one" else value) == str(default)
