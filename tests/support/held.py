"""Holding a row or a table from a second connection, so that others stop exactly there."""

from __future__ import annotations

from functools import partial
from typing import Any, Callable

import psycopg2

from demonstration.patience import wait_until
from prepare.databases import Databases
from prepare.postgresql_connection import connect

# those who wait for the first one, and who wait for them: the second in a queue does
BLOCKED = """
    WITH RECURSIVE waiting AS (
        SELECT pid, 1 AS place FROM pg_stat_activity
        WHERE %s = ANY (pg_blocking_pids(pid))
        UNION
        SELECT activity.pid, place + 1 FROM pg_stat_activity activity, waiting
        WHERE waiting.pid = ANY (pg_blocking_pids(activity.pid)) AND place < 9
    )
    SELECT pid FROM waiting JOIN pg_stat_activity USING (pid)
    WHERE query LIKE %s GROUP BY pid ORDER BY min(place)
"""
STEP = """
    SELECT id FROM reconciliation_rollback_step
    WHERE rollback_id = %s AND kind = %s FOR UPDATE
"""


class Held:
    """What a statement locks: whoever wants to lock or change it waits until `release`.

        with table_locked(database, "share_line") as held:
            ...
            held.wait_for(1)

    Where the statement changes a row, `commit` makes that true: whoever waits, and has
    looked at the database before, gets a serialization failure then. `release` undoes it.
    """

    def __init__(
        self, connection: Callable[[], Any], what: str, statement: str, *values: object
    ) -> None:
        self.what = what
        self.connection, self.watcher = connection(), connection()
        # within one transaction PostgreSQL shows everybody's activity as it was at first
        self.watcher.autocommit = True
        with self.connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '60s'")
            cursor.execute(statement, values)
            assert cursor.rowcount in (1, -1), f"there is no {what}"

    def __enter__(self) -> Held:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.release()

    def waiting(self, statement: str = "") -> list[int]:
        """The process numbers of the backends that wait for it, the first one first.

        `statement` is a part of what they are doing.
        """
        with self.watcher.cursor() as cursor:
            process = self.connection.info.backend_pid
            cursor.execute(BLOCKED, (process, f"%{statement}%"))
            return [process for (process,) in cursor.fetchall()]

    def wait_for(self, how_many: int, statement: str = "") -> None:
        """Wait until so many backends wait for it."""
        wait_until(
            lambda: len(self.waiting(statement)) >= how_many,
            f"{how_many} to wait for {self.what}",
        )

    def end_backend(self, process: int) -> None:
        """Cut the connection of a backend."""
        with self.watcher.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", (process,))

    def commit(self) -> None:
        """Let it go, changed."""
        self.connection.commit()
        self.release()

    def release(self) -> None:
        """Let it go as it was; nothing happens where that is done already."""
        for connection in (self.connection, self.watcher):
            close(connection)


def row_held(
    databases: Databases, name: str, table: str, record: int, change: str = ""
) -> Held:
    """Hold a row; `change` is the SET part of an UPDATE that changes it as well."""
    statement = (
        f"UPDATE {table} SET {change} WHERE id = %s"
        if change
        else f"SELECT id FROM {table} WHERE id = %s FOR UPDATE"
    )
    connection = partial(connect, databases, name)
    return Held(connection, f"{table} {record}", statement, record)


def step_held_up(database: str, rollback: int, kind: str) -> Held:
    """Hold a step of a rollback: no job performs it meanwhile."""
    connection = partial(psycopg2.connect, dbname=database)
    return Held(connection, f"step {kind}", STEP, rollback, kind)


def table_locked(database: str, table: str) -> Held:
    """Hold a table against writing."""
    connection = partial(psycopg2.connect, dbname=database)
    statement = f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"
    return Held(connection, table, statement)


def close(connection: Any) -> None:
    if not connection.closed:
        connection.close()
