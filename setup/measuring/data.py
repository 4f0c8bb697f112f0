"""The databases that are measured: made once, and copied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from demonstration.bookkeeping import Accountant
from demonstration.cooperative import found_cooperative
from prepare.checkout import SETUP
from prepare.console import step
from prepare.environment import Environment
from prepare.stamp import digest
from prepare.template_database import up_to_date
from prepare.temporary_database import temporary_database

from .odoo_process import LocalClient, leave


class Part(Protocol):
    """A part of a register."""

    def make(self, accountant: Accountant) -> None: ...


@contextmanager
def register(
    environment: Environment, template: str, name: str, parts: Sequence[Part]
) -> Iterator[str]:
    """A database for this process alone, with a register that is made of some parts.

    `template` is the database that it is made in, `name` stands for the parts.
    """
    kept = kept_register(environment, template, name, parts)
    with temporary_database(environment, "bench", kept) as database:
        try:
            yield database
        finally:
            leave(database)


def kept_register(
    environment: Environment, template: str, name: str, parts: Sequence[Part]
) -> str:
    """The name of the database that the copies are taken from."""
    key = digest(
        environment.databases.comment(template),
        *map(str, parts),
        *(file.read_text() for file in sources()),
    )

    def fill(database: str) -> None:
        environment.databases.create_from_template(database, template)
        with step(f"Making a register: {name}"):
            try:
                administrator = LocalClient("here", database, "admin", "admin")
                series = environment.series.major
                accountant = Accountant(found_cooperative(administrator, series))
                for part in parts:
                    part.make(accountant)
            finally:
                leave(database)

    database = environment.database_name(f"bench_{name}")
    return up_to_date(environment, database, key, fill)


def sources() -> Sequence[Path]:
    """The files that decide what the parts are."""
    here = Path(__file__).parent
    return [
        here / "register_parts.py",
        here / "row_copies.py",
        SETUP / "demonstration" / "bookkeeping.py",
        SETUP / "demonstration" / "cooperative.py",
    ]
