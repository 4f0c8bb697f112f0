"""Reading and restoring whole rows of a model's table, to undo a step.

The ORM cannot restore a deleted record as it was: it gives another id, creator and date.
Other records that refer to a line of the register have to find it again.
"""

import json

from psycopg2 import sql

from ..ledger.row_difference import by_columns
from ..tools import series


def read_rows(records_or_model, where, parameters):
    """Read the rows of the model's table that fulfil an SQL condition.

    :param where: condition on the table
    :return: ``{id: {column: JSON value}}``; numbers with a fraction as text, so that no
        digit is lost
    """
    series.flush(records_or_model)
    cr = records_or_model.env.cr
    query = sql.SQL("SELECT to_jsonb(t)::text FROM {table} t WHERE {where}")
    cr.execute(
        query.format(table=_table(records_or_model), where=sql.SQL(where)), parameters
    )
    rows = (json.loads(text, parse_float=str) for (text,) in cr.fetchall())
    return {row["id"]: row for row in rows}


def restore_rows(model, kept):
    """Undo the changes that :func:`~..ledger.row_difference.difference` has found.

    :param kept: the difference of the rows of ``model``
    """
    model.browse(kept["created"]).exists().unlink()
    series.flush(model)
    _insert(model, kept["deleted"])
    for columns, rows in by_columns(kept["changed"]).items():
        _update(model, columns, rows)
    series.invalidate_all(model)
    for columns, rows in by_columns(kept["deleted"] + kept["changed"]).items():
        restored = model.browse([row["id"] for row in rows]).exists()
        # fields computed from these are recomputed
        restored.modified([name for name in columns if name in model._fields])
    series.flush(model)


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
