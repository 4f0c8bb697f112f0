"""Reading and restoring whole rows of a model's table, to undo a step.

The ORM cannot restore a deleted record as it was: it gives another id, creator and date.
Other records that refer to a line of the register have to find it again.
"""

import json

from psycopg2 import sql

from ..ledger.row_difference import by_columns
from ..tools import series


def read_rows(env, conditions, parameters):
    """Read whole rows of several models, in one query.

    :param conditions: SQL condition on the table, by model
    :param parameters: of the conditions
    :return: ``{model: {id: {column: JSON value}}}``; numbers with a fraction as text, so
        that none of their digits is lost
    """
    rows = {model: {} for model in conditions}
    if not conditions:
        return rows
    series.flush_all(env)
    queries = [
        sql.SQL(
            "SELECT {model}, to_jsonb(t)::text FROM {table} t WHERE {where}"
        ).format(
            model=sql.Literal(model), table=_table(env[model]), where=sql.SQL(where)
        )
        for model, where in conditions.items()
    ]
    env.cr.execute(sql.SQL(" UNION ALL ").join(queries), parameters)
    for model, text in env.cr.fetchall():
        row = json.loads(text, parse_float=str)
        rows[model][row["id"]] = row
    return rows


def insert_rows(model, rows):
    """Insert rows of the model's table as :func:`read_rows` has read them."""
    if not rows:
        return
    restore_rows(model, {"created": [], "deleted": rows, "changed": []})


def restore_rows(model, kept, recompute=True):
    """Undo the changes that :func:`~..ledger.row_difference.difference` has found.

    :param kept: the difference of the rows of ``model``
    :param recompute: whether fields that depend on the restored ones are computed anew
    """
    model.browse(kept["created"]).exists().unlink()
    series.flush(model)
    _insert(model, _without_missing(model, kept["deleted"]))
    for columns, rows in by_columns(kept["changed"]).items():
        _update(model, columns, rows)
    series.invalidate_all(model)
    if not recompute:
        return
    for columns, rows in by_columns(kept["deleted"] + kept["changed"]).items():
        restored = model.browse([row["id"] for row in rows]).exists()
        # fields computed from these are recomputed
        restored.modified([name for name in columns if name in model._fields])
    series.flush(model)


def _without_missing(model, rows):
    """Empty what refers to records that were deleted since, as PostgreSQL had done it.

    A user, for example, can be deleted while the operation that names him is not there.
    """
    if not rows:
        return rows
    emptied = {}
    for name, field in model._fields.items():
        if field.type == "many2one" and field.store and field.ondelete == "set null":
            ids = {row[name] for row in rows if row.get(name)}
            present = model.env[field.comodel_name].browse(ids).exists().ids
            emptied[name] = ids.difference(present)
    return [
        {
            name: None if value in emptied.get(name, ()) else value
            for name, value in row.items()
        }
        for row in rows
    ]


def _table(model):
    return sql.Identifier(model._table)


def _insert(model, rows):
    if not rows:
        return
    model.env.cr.execute(
        sql.SQL(
            "INSERT INTO {table} SELECT * FROM jsonb_populate_recordset("
            "NULL::{table}, %s::jsonb)"
        ).format(table=_table(model)),
        (json.dumps(rows),),
    )


def _update(model, columns, rows):
    assignments = [
        sql.SQL("{column} = r.{column}, ").format(column=sql.Identifier(column))
        for column in columns
    ]
    model.env.cr.execute(
        sql.SQL(
            "UPDATE {table} t SET {assignments} write_uid = %s, "
            "write_date = now() AT TIME ZONE 'UTC' FROM jsonb_populate_recordset("
            "NULL::{table}, %s::jsonb) r WHERE t.id = r.id"
        ).format(table=_table(model), assignments=sql.SQL("").join(assignments)),
        (model.env.uid, json.dumps(rows)),
    )
