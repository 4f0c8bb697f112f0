"""A server that tests share: each of them has its own copy of a database there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from prepare.environment import Environment
from prepare.server import Server
from prepare.temporary_database import temporary_database

# far from any number that Odoo would count to
INTERVAL = 1_000_000
FORGET = "SELECT setval('base_cache_signaling', {number})"


class SharedServer:
    """A running server whose database is replaced, again and again, by a copy of a template.

    All templates it is used with have the same add-ons. It takes the new database for the old
    one after somebody else's change: Odoo's processes tell each other so by a sequence.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self.numbers = itertools.count(INTERVAL, INTERVAL)

    @classmethod
    @contextmanager
    def running(
        cls, environment: Environment, purpose: str, template: str, **options: Any
    ) -> Iterator[SharedServer]:
        """A server on a copy of a template; both are gone afterwards."""
        with temporary_database(environment, purpose, template) as database:
            log = environment.logs / f"server-{database}.log"
            log.unlink(missing_ok=True)
            server = Server(environment, database, log=log, channels=None, **options)
            try:
                server.start()
                yield cls(server)
            finally:
                server.kill()

    def renew(self, template: str) -> Server:
        """Replace the database by a copy of a template; the server goes on."""
        databases, name = self.server.environment.databases, self.server.database
        databases.create_from_template(name, template, replace=True)
        databases.query(FORGET.format(number=next(self.numbers)), name)
        self.server.tell_address()
        return self.server
