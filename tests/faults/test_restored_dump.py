"""A dump that was made in the middle of a step is restored for another server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Callable

import pytest

from prepare.server import Server
from support.books import Books
from support.ending import assert_ends_as_planned
from support.moments import AFTER, BEGIN, END, Halt
from support.ordeal import Ordeal
from support.own_cluster import copy
from support.places import PLACES, SAMPLE, before_last
from support.smtp_sink import HOST


@pytest.mark.exhaustive
def test_dump_of_a_running_rollback(
    begin: Callable[..., Ordeal], done_books: Callable[[str], Books]
) -> None:
    """It goes on there by itself, from the step that was running and had not ended."""
    go_on_elsewhere(begin(SAMPLE), "8", END, done_books)


@pytest.mark.exhaustive
@pytest.mark.parametrize("moment", [BEGIN, AFTER])
@pytest.mark.parametrize("place", before_last(PLACES[SAMPLE], AFTER))
def test_dump_at_every_step(
    begin: Callable[..., Ordeal],
    done_books: Callable[[str], Books],
    place: str,
    moment: str,
) -> None:
    """Until its end a step is not committed: a dump has nothing of it."""
    go_on_elsewhere(begin(SAMPLE), place, moment, done_books)


def go_on_elsewhere(
    ordeal: Ordeal, place: str, moment: str, done_books: Callable[[str], Books]
) -> None:
    """Dump the database at a moment of a step; the rollback ends where that is restored."""
    step = ordeal.step(place)
    with Halt(ordeal, step, moment) as halt:
        ordeal.server.start()
        halt.reach()
        with restored(ordeal) as elsewhere:
            ordeal.server.kill()
            assert elsewhere.step(place).job_state == (
                "done" if moment == AFTER else "started"
            )
            elsewhere.server.start()
            assert_ends_as_planned(elsewhere, done_books(SAMPLE))


@contextmanager
def restored(ordeal: Ordeal) -> Iterator[Ordeal]:
    """A copy of a database that is in use, and a server for it that does not run yet.

    As everywhere else, what is restored has an identity of its own.
    """
    # with a beginning of its own: others remove the databases of tests that are no more
    databases, name = ordeal.databases, f"restored_{ordeal.database}"
    databases.drop(name)
    databases.create(name)
    try:
        copy(databases, ordeal.database, databases, name)
        databases.set_parameter(name, "database.uuid", name)
        shutil.copytree(
            databases.filestore(ordeal.database),
            databases.filestore(name),
            copy_function=os.link,
        )
        environment = ordeal.server.environment
        server = Server(
            environment,
            name,
            smtp_host=HOST,
            smtp_port=ordeal.sink.port,
            log=environment.logs / f"server-{name}.log",
        )
        try:
            yield Ordeal(server, ordeal.sink, ordeal.numbering)
        finally:
            server.kill()
    finally:
        databases.drop(name)
