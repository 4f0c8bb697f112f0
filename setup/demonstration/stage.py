"""The server and the database on which the demonstration takes place."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from prepare.checkout import PREPARED
from prepare.console import Failure, step
from prepare.environment import Environment
from prepare.server import Server
from prepare.template_database import addons_database


@contextmanager
def stage(environment: Environment) -> Iterator[Server]:
    """A server with its job runner on a new database; both are gone afterwards."""
    name = environment.database_name("demo")
    with only_one(name):
        template = addons_database(environment)
        databases = environment.databases
        try:
            with step("Making the demonstration's database"):
                databases.create_from_template(name, template, replace=True)
            server = Server(environment, name)
            with step("Starting Odoo with its job runner"):
                server.start()
            try:
                yield server
            finally:
                server.stop()
        finally:
            databases.drop(name)


@contextmanager
def only_one(name: str) -> Iterator[None]:
    """A Failure where another demonstration uses the database of that name."""
    PREPARED.mkdir(parents=True, exist_ok=True)
    with (PREPARED / f"lock-{name}").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure(
                "the demonstration is running already: end that one with Ctrl-C first"
            ) from None
        yield
