"""Connections to a database past Odoo, on whichever PostgreSQL holds it."""

from __future__ import annotations

from typing import Any

import psycopg2

from .databases import Databases

# what PostgreSQL calls these connections
OURS = "reconciliation_rollbacks"
PARAMETERS = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
}


def connect(databases: Databases, name: str, autocommit: bool = False) -> Any:
    """A new connection to a database, which is the caller's to close."""
    variables = databases.variables
    known = {
        parameter: variables[variable]
        for parameter, variable in PARAMETERS.items()
        if variables.get(variable)
    }
    connection = psycopg2.connect(dbname=name, application_name=OURS, **known)
    connection.autocommit = autocommit
    return connection


def rows_of(databases: Databases, name: str, query: str, *values: Any) -> list[tuple]:
    """What a query gives, in a transaction of its own that is committed."""
    connection = connect(databases, name, autocommit=True)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()
