"""Databases of one environment: made, copied and dropped together with their filestores."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .console import Failure


class Databases:
    """Databases on one PostgreSQL, with their files below one Odoo data folder.

    `variables` are the PG... variables of the server, `data` is Odoo's `data_dir`.
    """

    def __init__(self, variables: Mapping[str, str], data: Path) -> None:
        self.variables = {**os.environ, **variables}
        self.data = data

    def query(self, statement: str, database: str = "postgres") -> str:
        """Run SQL statements; the rows of the result as lines, columns separated by "|"."""
        result = subprocess.run(
            [
                psql(),
                "--no-psqlrc",
                "--quiet",
                "--tuples-only",
                "--no-align",
                "--set=ON_ERROR_STOP=1",
                f"--dbname={database}",
            ],
            input=statement,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            reason = (result.stderr.strip() or "no reason given").splitlines()[0]
            raise Failure(f"PostgreSQL refuses: {reason}")
        return result.stdout.rstrip("\n")

    def names(self) -> list[str]:
        """All databases that can be connected to, in alphabetical order."""
        rows = self.query(
            "SELECT datname FROM pg_database"
            " WHERE datallowconn AND NOT datistemplate AND datname <> 'postgres'"
            " ORDER BY datname"
        )
        return rows.splitlines()

    def exists(self, name: str) -> bool:
        return bool(
            self.query(f"SELECT 1 FROM pg_database WHERE datname = {literal(name)}")
        )

    def create(self, name: str) -> None:
        """Make an empty database that Odoo can be installed in."""
        self.query(
            f"CREATE DATABASE {identifier(name)} TEMPLATE template0"
            " ENCODING 'UTF8' LC_COLLATE 'C'"
        )

    def create_from_template(
        self, name: str, template: str, replace: bool = False
    ) -> None:
        """Copy a database and its files; with `replace`, a database of that name goes first.

        Both have the same files, not copies: Odoo makes and removes files, and never changes
        one. Whoever is connected to the template is disconnected, for PostgreSQL wants that.
        """
        if replace:
            self.drop(name)
        self.disconnect(template)
        self.query(
            f"CREATE DATABASE {identifier(name)} TEMPLATE {identifier(template)}"
        )
        shutil.rmtree(self.filestore(name), ignore_errors=True)
        if self.filestore(template).is_dir():
            shutil.copytree(
                self.filestore(template), self.filestore(name), copy_function=os.link
            )

    def rename(self, name: str, new_name: str) -> None:
        self.disconnect(name)
        self.query(
            f"ALTER DATABASE {identifier(name)} RENAME TO {identifier(new_name)}"
        )
        shutil.rmtree(self.filestore(new_name), ignore_errors=True)
        if self.filestore(name).is_dir():
            self.filestore(name).rename(self.filestore(new_name))

    def drop(self, name: str) -> None:
        """Remove a database and its files; nothing happens where there is none."""
        self.disconnect(name)
        self.query(f"DROP DATABASE IF EXISTS {identifier(name)}")
        shutil.rmtree(self.filestore(name), ignore_errors=True)

    def disconnect(self, name: str) -> None:
        self.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = {literal(name)} AND pid <> pg_backend_pid()"
        )

    def set_parameter(self, name: str, key: str, value: str) -> None:
        """Set a system parameter of an Odoo database that no Odoo has open."""
        self.query(
            "INSERT INTO ir_config_parameter"
            " (key, value, create_uid, create_date, write_uid, write_date)"
            f" VALUES ({literal(key)}, {literal(value)}, 1, now(), 1, now())"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            name,
        )

    def comment(self, name: str) -> str:
        """The comment on a database, where a note about its making can stand."""
        return self.query(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            f" WHERE datname = {literal(name)}"
        )

    def set_comment(self, name: str, text: str) -> None:
        self.query(f"COMMENT ON DATABASE {identifier(name)} IS {literal(text)}")

    def filestore(self, name: str) -> Path:
        return self.data / "filestore" / name


@cache
def psql() -> str:
    """PostgreSQL's psql itself: on Debian's path is a script that takes longer than it."""
    found = Path("/usr/lib/postgresql").glob("*/bin/psql")
    newest = max(found, key=lambda file: float(file.parts[-3]), default=None)
    return str(newest or "psql")


def literal(text: str) -> str:
    """A text as SQL writes it.

    >>> literal("d'accord")
    "'d''accord'"
    """
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def identifier(name: str) -> str:
    """A name as SQL writes it.

    >>> identifier('a"b') == '"a"' + '"b"'
    True
    """
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
