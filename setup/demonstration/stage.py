"""The server and the database on which the demonstration takes place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Callable

from prepare.console import step
from prepare.environment import Environment
from prepare.server import Server
from prepare.template_database import addons_database
from prepare.temporary_database import temporary_database


@contextmanager
def stage(
    environment: Environment,
    purpose: str,
    template: Callable[[Environment], str] = addons_database,
    **options: Any,
) -> Iterator[Server]:
    """A server on a new database with the add-ons; both are gone afterwards.

    `purpose` is a part of the database's name, `template` gives the name of the database
    that it is a copy of, `options` are those of the server.
    """
    with temporary_database(environment, purpose, template(environment)) as database:
        server = Server(environment, database, **options)
        with step("Starting Odoo"):
            server.start()
        try:
            yield server
        finally:
            server.stop()
