"""Reading columns of all rows that fulfil a condition, in one query.

``search`` and ``read`` take one for each thousand records. What reads a whole register
(planning, the register check, linking) needs a fixed number.
"""

from collections import namedtuple
from functools import lru_cache

from psycopg2 import sql

from ..tools import series


def read_table(model, names, where, parameters=(), order="id"):
    """Stored columns of a model's rows, as values of plain Python.

    Access rules do not apply: callers answer for who asks.

    :param names: fields that are stored in the model's own table
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
    """The rows of an SQL query as named tuples, once all that is pending is written."""
    series.flush_all(env)
    env.cr.execute(query, parameters)
    row = _make_row_type(tuple(column.name for column in env.cr.description))
    return list(map(row._make, env.cr.fetchall()))


# making a type takes longer than most queries
@lru_cache(maxsize=64)
def _make_row_type(names):
    return namedtuple("Row", names)
