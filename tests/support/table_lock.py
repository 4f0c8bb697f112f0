"""Holding up a transaction in its middle: a table that it is going to write is locked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.sql import SQL, Identifier

from demonstration.patience import wait_until

WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND cardinality(pg_blocking_pids(pid)) > 0 AND query LIKE %s"
)


@dataclass
class TableLock:
    """A table that nobody can write on until `release`, and those who wait."""

    connection: Connection
    observer: Connection

    def wait_for(self, waiting: int, statement: str = "") -> None:
        """Wait until so many transactions wait: for this lock, or for one who does.

        `statement` is a part of what they are doing.
        """

        def wait() -> bool:
            with self.observer.cursor() as cursor:
                cursor.execute(WAITING, (f"%{statement}%",))
                return cursor.fetchone()[0] >= waiting

        wait_until(wait, f"{waiting} transactions to wait")

    def release(self) -> None:
        self.connection.rollback()


@contextmanager
def table_locked(database: str, table: str) -> Iterator[TableLock]:
    """Lock a table against writing."""
    connection = psycopg2.connect(dbname=database)
    # within one transaction PostgreSQL shows everybody's activity as it was at first
    observer = psycopg2.connect(dbname=database)
    observer.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(
                    Identifier(table)
                )
            )
        yield TableLock(connection, observer)
    finally:
        connection.close()
        observer.close()
