"""A PostgreSQL of a test's own, which may crash: nobody else's databases are on it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from prepare.checkout import PREPARED
from prepare.console import step
from prepare.databases import Databases
from prepare.environment import Environment
from prepare.lock import locked
from prepare.private_cluster import PrivateCluster
from prepare.temporary_database import temporary_database

FOLDER = PREPARED / "faults"
# What was committed has to be there after a crash of the server; the machine goes on.
SETTINGS = {"synchronous_commit": "on", "shared_buffers": "128MB"}


@dataclass(frozen=True)
class OwnCluster:
    """The cluster, and the environment to run Odoo on it."""

    cluster: PrivateCluster
    environment: Environment

    def receive(self, source: Environment, name: str) -> str:
        """The name of a database here that is a copy of one of the usual PostgreSQL.

        It is copied once. Files of databases are below Odoo's data folder, and shared.
        """
        databases = self.environment.databases
        key = source.databases.comment(name)
        if databases.comment(name) != key:
            databases.disconnect(name)
            databases.query(f'DROP DATABASE IF EXISTS "{name}"')
            databases.create(name)
            with step(f"Copying {name} to another PostgreSQL"):
                # others may copy it meanwhile, and nobody must read what is being copied
                with temporary_database(source, "read", name) as read:
                    copy(source.databases, read, databases, name)
            databases.set_comment(name, key)
        return name


def copy(source: Databases, read: str, target: Databases, name: str) -> None:
    """Copy all that is in a database into an empty one."""
    with subprocess.Popen(
        ["pg_dump", "--no-owner", f"--dbname={read}"],
        env=source.variables,
        stdout=subprocess.PIPE,
    ) as dump:
        subprocess.run(
            ["psql", "--no-psqlrc", "--quiet", f"--dbname={name}"],
            env=target.variables,
            stdin=dump.stdout,
            stdout=subprocess.DEVNULL,
            check=True,
        )
    assert dump.returncode == 0, f"{name} could not be copied"


@contextmanager
def own_cluster(environment: Environment) -> Iterator[OwnCluster]:
    """The cluster, started, for one test at a time."""
    with locked(FOLDER / "lock"):
        cluster = PrivateCluster(FOLDER, SETTINGS)
        variables = cluster.start()
        try:
            yield OwnCluster(
                cluster,
                replace(
                    environment,
                    databases=Databases(variables, environment.databases.data),
                    variables={**environment.variables, **variables},
                ),
            )
        finally:
            cluster.stop()
