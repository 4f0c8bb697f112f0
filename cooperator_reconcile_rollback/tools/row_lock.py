"""One transaction at a time: waiting for whoever works on the same record."""

from psycopg2 import sql


def lock_row(record):
    """Lock the record's row until the transaction ends, and wait for who has it.

    Where that one has changed the row, PostgreSQL refuses: then Odoo, or the job queue,
    tries again and sees what was done.

    :param record: a single record
    """
    record.ensure_one()
    query = sql.SQL("SELECT id FROM {table} WHERE id = %s FOR UPDATE")
    record.env.cr.execute(
        query.format(table=sql.Identifier(record._table)), (record.id,)
    )
