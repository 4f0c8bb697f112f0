"""Reading columns of all rows that fulfil a condition, in one query.

``search`` and ``read`` ask one query for each thousand records. Reading a whole register
(planning, the register check, linking) has to take a fixed number of queries.
"""

from collections import namedtuple
from functools import lru_cache

from psycopg2 import sql

from ..tools import series


def read_table(model, names, where, parameters=(), order="id"):
    """Read stored columns of a model's table as plain Python values.

    Bypasses access rules: the caller checks access.

    :param names: fields stored in the model's own table
    :param where: SQL condition
    :param order: SQL order
    :return: a named tuple of ``id`` and ``names`` for each row
    """
    query = sql.SQL("SELECT {columns} FROM {table} WHERE {where} ORDER BY {order}")
    return select(
        model.env,
        query.format(
            columns=sql.SQL(", ").join(map(sql.Identifier, ["id", *names])),
            table=sql.Identifier(model._table),
            where=sql.SQL(where),
            order=sql.SQL(order),
        ),
        parameters,
    )


def select(env, query, parameters=()):
    """Write everything pending, then read the rows of an SQL query as named tuples."""
    series.flush_all(env)
    env.cr.execute(query, parameters)
    row = _make_row_type(tuple(column.name for column in env.cr.description))
    return list(map(row._make, env.cr.fetchall()))


# psycopg2 has a NamedTupleCursor, but Odoo's cursor cannot be asked for it.
# Making a type takes longer than most queries.
@lru_cache(maxsize=64)
def _make_row_type(names):
    return namedtuple("Row", names)
