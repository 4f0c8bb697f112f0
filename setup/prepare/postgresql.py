"""The PostgreSQL to use: the one that PGHOST names, or the checkout's own cluster."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from .checkout import short_key
from .command import output_of
from .console import Failure
from .private_cluster import PrivateCluster
from .system_package import require_program


@dataclass(frozen=True)
class PostgreSQL:
    """A PostgreSQL that answers.

    `variables` are the PG... variables to reach it with; `suffix` tells its files from those
    for another PostgreSQL, and is empty for the checkout's own.
    """

    variables: dict[str, str]
    suffix: str


def running_postgresql() -> PostgreSQL:
    """The PostgreSQL to use; the checkout's own cluster is made and started where needed."""
    own = PrivateCluster()
    if os.environ.get("PGHOST") in (None, "", own.variables["PGHOST"]):
        return PostgreSQL(own.start(), "")
    return named_server()


def named_server() -> PostgreSQL:
    """The server that the PG... variables name, once it has answered."""
    require_program("psql", "postgresql-client")
    variables = {
        name: value for name, value in os.environ.items() if name.startswith("PG")
    }
    if variables.get("PGUSER") == "postgres":
        raise Failure("Odoo refuses to work as PostgreSQL's user postgres: set PGUSER")
    where = f"{variables['PGHOST']}:{variables.get('PGPORT', '5432')}"
    if not answers(variables):
        raise Failure(f"PostgreSQL at {where}, which PGHOST names, does not answer")
    return PostgreSQL(variables, f"-{short_key(where)}")


def answers(variables: Mapping[str, str]) -> bool:
    query = ["psql", "--no-psqlrc", "--dbname=postgres", "--command=SELECT 1"]
    return output_of(query, {**os.environ, **variables}) is not None
