"""Numbers of operations and cooperators: where they are stored, and moving many at once."""

from psycopg2 import sql

from ..tools import series

OPERATION_SEQUENCE = "register.operation"
COOPERATOR_SEQUENCE = "cooperator.number"
#: model and field of the numbers that each sequence gives
NUMBERED = {
    OPERATION_SEQUENCE: ("subscription.register", "register_number_operation"),
    COOPERATOR_SEQUENCE: ("cooperative.membership", "cooperator_register_number"),
}


def load_numbers(company, code):
    """Load the numbers in use.

    :param code: ``register.operation`` or ``cooperator.number``
    :return: a list of different numbers
    """
    model, names = _get_table(company, code)
    series.flush(model)
    company.env.cr.execute(
        sql.SQL(
            "SELECT array_agg(DISTINCT {column}) FROM {table} "
            "WHERE company_id = %s AND {column} <> 0"
        ).format(**names),
        (company.id,),
    )
    return company.env.cr.fetchone()[0] or []


def read_numbers(company, code, shifts):
    """Read the numbers that ``shifts`` concern, before or after the move.

    :param code: ``register.operation`` or ``cooperator.number``
    :param shifts: :class:`~..ledger.numbering.Shift`
    :return: ``[[id, number], ...]`` in the order of the numbers
    """
    if not shifts:
        return []
    model, names = _get_table(company, code)
    series.flush(model)
    company.env.cr.execute(
        sql.SQL(
            "SELECT id, {column} FROM {table} "
            "WHERE company_id = %s AND {column} >= %s ORDER BY {column}, id"
        ).format(**names),
        (company.id, _get_lowest(shifts)),
    )
    return [list(row) for row in company.env.cr.fetchall()]


def shift_numbers(company, code, shifts):
    """Move numbers down, with one statement for each shift and one more.

    The numbers pass through negative ones: 16.0's unique constraints are checked row by
    row, and not in the order of the numbers.

    :param code: ``register.operation`` or ``cooperator.number``
    :param shifts: :class:`~..ledger.numbering.Shift`
    """
    if not shifts:
        return
    model, names = _get_table(company, code)
    series.flush(model)
    for shift in shifts:
        company.env.cr.execute(
            sql.SQL(
                "UPDATE {table} SET {column} = %s - {column} "
                "WHERE company_id = %s AND {column} BETWEEN %s AND %s"
            ).format(**names),
            (shift.by, company.id, shift.first, shift.last),
        )
    company.env.cr.execute(
        sql.SQL(
            "UPDATE {table} SET {column} = - {column}, write_uid = %s, "
            "write_date = now() AT TIME ZONE 'UTC' "
            "WHERE company_id = %s AND {column} < 0"
        ).format(**names),
        (company.env.uid, company.id),
    )
    if code == OPERATION_SEQUENCE:
        _name_operations(company, shifts)
    series.invalidate_all(model)


def name_operation(company, number):
    """Name an operation after its number, as cooperator does."""
    return str(number).zfill(_get_padding(company))


def _get_padding(company):
    sequence = company._get_cooperator_sequence(OPERATION_SEQUENCE)
    # a date range has no padding of its own
    return getattr(sequence, "sequence_id", sequence).padding


def _name_operations(company, shifts):
    """Name the operations that moved after their numbers."""
    padding = _get_padding(company)
    company.env.cr.execute(
        "UPDATE subscription_register SET name = lpad("
        "register_number_operation::text, "
        "greatest(%s, length(register_number_operation::text)), '0') "
        "WHERE company_id = %s AND register_number_operation >= %s",
        (padding, company.id, _get_lowest(shifts)),
    )


def _get_table(company, code):
    model_name, field_name = NUMBERED[code]
    model = company.env[model_name]
    return model, {
        "column": sql.Identifier(field_name),
        "table": sql.Identifier(model._table),
    }


def _get_lowest(shifts):
    """The lowest number that a shift moves or gives."""
    return min(shift.first - shift.by for shift in shifts)
