"""What tests of faults share: the scene, and servers for rollbacks that something befalls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import Callable

import pytest

from prepare.environment import Environment
from prepare.server import Server
from prepare.temporary_database import temporary_database
from support.books import Books
from support.ordeal import Ordeal
from support.own_cluster import OwnCluster, own_cluster
from support.scene_databases import SceneDatabases
from support.smtp_sink import HOST, SmtpSink


@pytest.fixture(scope="session")
def scenes(environment: Environment) -> SceneDatabases:
    """The databases that rollbacks start from, and what they come to without a fault."""
    return SceneDatabases(environment)


@pytest.fixture
def begin(
    environment: Environment, scenes: SceneDatabases
) -> Iterator[Callable[..., Ordeal]]:
    """A rollback whose jobs wait for the server: `begin(numbering, moment)`.

    `moment` is a method of the scene's databases: "started" or "reverting".
    """
    with ExitStack() as ends:

        def start(numbering: str, moment: str = "started") -> Ordeal:
            template = getattr(scenes, moment)(numbering)
            return ends.enter_context(ordeal_on(environment, template, numbering))

        yield start


@pytest.fixture
def cluster(environment: Environment) -> Iterator[OwnCluster]:
    """A PostgreSQL that may be restarted."""
    with own_cluster(environment) as cluster:
        yield cluster


@pytest.fixture
def begin_there(
    environment: Environment, scenes: SceneDatabases, cluster: OwnCluster
) -> Iterator[Callable[..., Ordeal]]:
    """As `begin`, on the PostgreSQL that may be restarted."""
    with ExitStack() as ends:

        def start(numbering: str, moment: str = "started") -> Ordeal:
            template = cluster.receive(environment, getattr(scenes, moment)(numbering))
            return ends.enter_context(
                ordeal_on(cluster.environment, template, numbering)
            )

        yield start


@contextmanager
def ordeal_on(
    environment: Environment, template: str, numbering: str
) -> Iterator[Ordeal]:
    """A rollback in a copy of a database, with a server and a mail server of its own."""
    sink = SmtpSink()
    with temporary_database(environment, "faults", template) as database:
        log = environment.logs / f"server-{database}.log"
        log.unlink(missing_ok=True)
        server = Server(
            environment, database, smtp_host=HOST, smtp_port=sink.port, log=log
        )
        sink.start()
        try:
            yield Ordeal(server, sink, numbering)
        finally:
            server.kill()
            sink.stop()


@pytest.fixture(scope="session")
def planned_books(
    environment: Environment, scenes: SceneDatabases
) -> Callable[[str], Books]:
    """The books before a rollback: `planned_books(numbering)`."""
    return lru_cache(lambda numbering: books_in(environment, scenes.planned(numbering)))


@pytest.fixture(scope="session")
def done_books(
    environment: Environment, scenes: SceneDatabases
) -> Callable[[str], Books]:
    """The books after a rollback that no fault came into: `done_books(numbering)`."""
    return lru_cache(lambda numbering: books_in(environment, scenes.done(numbering)))


def books_in(environment: Environment, template: str) -> Books:
    """The books in a database that others may copy, which nobody must read meanwhile."""
    with temporary_database(environment, "books", template) as database:
        return Books.read(environment.databases, database)
