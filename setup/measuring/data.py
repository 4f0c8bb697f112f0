"""The databases that are measured: made once, and copied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import fixtures
from fixtures.accountant import Accountant
from fixtures.cooperative import found_cooperative
from prepare.console import Failure, step
from prepare.environment import Environment
from prepare.stamp import digest
from prepare.template_database import up_to_date
from prepare.temporary_database import temporary_database

from .odoo_process import LocalClient, leave, transaction

OTHER_PAYER = "other_payer"


class Part(Protocol):
    """A part of a register."""

    def make(self, accountant: Accountant) -> None: ...


@contextmanager
def register(
    environment: Environment,
    template: str,
    name: str,
    parts: Sequence[Part],
    purpose: str = "bench",
) -> Iterator[str]:
    """A database for this process alone, with a register that is made of some parts.

    `template` is the database that it is made in, `name` stands for the parts; there is one
    database of a name for each purpose.
    """
    kept = kept_register(environment, template, name, parts)
    with temporary_database(environment, f"{purpose}_{name}", kept) as database:
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
                accountant = Accountant(found_cooperative(administrator))
                for part in parts:
                    part.make(accountant)
                expect_truth(database)
            finally:
                leave(database)

    database = environment.database_name(f"register_{name}")
    return up_to_date(environment, database, key, fill)


def expect_truth(database: str) -> None:
    """A Failure where the register check finds anything but the mistakes, if there is one."""
    with transaction(database) as env:
        check = getattr(env.company, "_check_register", tuple)
        found = {finding.kind for finding in check()} - {OTHER_PAYER}
        if found:
            raise Failure(f"the register in {database} is not true: {sorted(found)}")


def sources() -> Sequence[Path]:
    """The files that decide what the parts are."""
    here = Path(__file__).parent
    return [
        here / "register_parts.py",
        here / "row_copies.py",
        *sorted(Path(fixtures.__path__[0]).glob("*.py")),
    ]
