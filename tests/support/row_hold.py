"""Holding a row from a second connection, so that others stop exactly there."""

from __future__ import annotations

from typing import Any

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
    SELECT pid FROM waiting GROUP BY pid ORDER BY min(place)
"""


class RowHold:
    """A row that is held: whoever wants to lock or change it waits until `release`.

    With a `change` (the SET part of an UPDATE) the row is changed as well, and `commit`
    makes that true: whoever waits, and has looked at the database before, gets a
    serialization failure then. `release` undoes the change.
    """

    def __init__(
        self, databases: Databases, name: str, table: str, record: int, change: str = ""
    ) -> None:
        self.what = f"{table} {record}"
        self.watcher = connect(databases, name, autocommit=True)
        self.connection = connect(databases, name)
        statement = (
            f"UPDATE {table} SET {change} WHERE id = %s"
            if change
            else f"SELECT id FROM {table} WHERE id = %s FOR UPDATE"
        )
        with self.connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '60s'")
            cursor.execute(statement, (record,))
            assert cursor.rowcount == 1, f"there is no {self.what}"

    def __enter__(self) -> RowHold:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.release()

    def waiting(self) -> list[int]:
        """The process numbers of the backends that wait for the row, the first one first."""
        with self.watcher.cursor() as cursor:
            cursor.execute(BLOCKED, (self.connection.info.backend_pid,))
            return [process for (process,) in cursor.fetchall()]

    def end_backend(self, process: int) -> None:
        """Cut the connection of a backend."""
        with self.watcher.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", (process,))

    def commit(self) -> None:
        """Let the row go, changed."""
        self.connection.commit()
        self.release()

    def release(self) -> None:
        """Let the row go as it was; nothing happens where that is done already."""
        for connection in (self.connection, self.watcher):
            close(connection)


def close(connection: Any) -> None:
    if not connection.closed:
        connection.close()
