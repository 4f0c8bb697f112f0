"""Holding up a job: the row that it is going to lock is locked by somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2


@contextmanager
def step_held_up(database: str, rollback: int, kind: str) -> Iterator[None]:
    """Let no job perform one step of a rollback for as long as this lasts.

    It is what another transaction on the same row does, which the job has to wait for.
    """
    connection = psycopg2.connect(dbname=database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM reconciliation_rollback_step"
                " WHERE rollback_id = %s AND kind = %s FOR UPDATE",
                (rollback, kind),
            )
            assert cursor.rowcount == 1
        yield
    finally:
        connection.close()
