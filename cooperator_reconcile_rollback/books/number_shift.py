"""Moving the numbers of many rows at once (numbering ``close_gap``)."""

from psycopg2 import sql

from ..tools import series


def read_numbers(model, column, company, shifts):
    """The rows that ``shifts`` concern, before or after them.

    :return: ``[[id, number], ...]`` in the order of the numbers
    """
    if not shifts:
        return []
    series.flush(model)
    model.env.cr.execute(
        sql.SQL(
            "SELECT id, {column} FROM {table} "
            "WHERE company_id = %s AND {column} >= %s ORDER BY {column}, id"
        ).format(column=sql.Identifier(column), table=sql.Identifier(model._table)),
        (company.id, min(shift.first - shift.by for shift in shifts)),
    )
    return [list(row) for row in model.env.cr.fetchall()]


def shift_numbers(model, column, company, shifts):
    """Move numbers down, in one statement for each shift and one more.

    They pass through negative numbers: 16.0's unique constraints are checked row by
    row, and not in the order of the numbers.
    """
    if not shifts:
        return
    series.flush(model)
    names = {"column": sql.Identifier(column), "table": sql.Identifier(model._table)}
    for shift in shifts:
        model.env.cr.execute(
            sql.SQL(
                "UPDATE {table} SET {column} = %s - {column} "
                "WHERE company_id = %s AND {column} BETWEEN %s AND %s"
            ).format(**names),
            (shift.by, company.id, shift.first, shift.last),
        )
    model.env.cr.execute(
        sql.SQL(
            "UPDATE {table} SET {column} = - {column}, write_uid = %s, "
            "write_date = now() AT TIME ZONE 'UTC' "
            "WHERE company_id = %s AND {column} < 0"
        ).format(**names),
        (model.env.uid, company.id),
    )
    series.invalidate_all(model)
