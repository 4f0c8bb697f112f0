"""The PostgreSQL to use: the one that PGHOST names, or the checkout's own cluster."""

from __future__ import annotations

import os
from collections.abc import Mapping

from .command import output_of
from .console import Failure
from .private_cluster import PrivateCluster
from .system_package import require_program


def postgresql_variables() -> dict[str, str]:
    """The PG... variables of a PostgreSQL that answers; the private cluster is started."""
    if os.environ.get("PGHOST"):
        return named_server()
    return PrivateCluster().start()


def named_server() -> dict[str, str]:
    """The variables of the server that the user named, once it has answered."""
    require_program("psql", "postgresql-client")
    variables = {
        name: value for name, value in os.environ.items() if name.startswith("PG")
    }
    if variables.get("PGUSER") == "postgres":
        raise Failure("Odoo refuses to work as PostgreSQL's user postgres: set PGUSER")
    if not answers(variables):
        where = f"{variables['PGHOST']}:{variables.get('PGPORT', '5432')}"
        raise Failure(f"PostgreSQL at {where}, which PGHOST names, does not answer")
    return variables


def answers(variables: Mapping[str, str]) -> bool:
    query = ["psql", "--no-psqlrc", "--dbname=postgres", "--command=SELECT 1"]
    return output_of(query, {**os.environ, **variables}) is not None
