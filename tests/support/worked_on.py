"""Databases in which some work was done on a running server, made once and copied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Callable

import fixtures
from prepare.checkout import SETUP
from prepare.console import step
from prepare.environment import Environment
from prepare.server import Server
from prepare.stamp import digest
from prepare.template_database import up_to_date

from .smtp_sink import HOST, SmtpSink

Work = Callable[[Server], None]


def worked_on(
    environment: Environment,
    purpose: str,
    source: str,
    key: str,
    work: Work,
    **options: object,
) -> str:
    """The name of a copy of a database in which some work was done on a running server.

    It is made anew where `source` or `key` is another one. `options` are the server's.
    """

    def fill(database: str) -> None:
        environment.databases.create_from_template(database, source)
        log = environment.logs / f"server-{purpose}.log"
        log.unlink(missing_ok=True)
        sink = SmtpSink()
        sink.start()
        mail = {"smtp_host": HOST, "smtp_port": sink.port}
        try:
            with step(f"Making a database: {purpose.replace('_', ' ')}"):
                with Server(
                    environment, database, log=log, **mail, **options
                ) as server:
                    work(server)
        finally:
            sink.stop()

    name = environment.database_name(purpose)
    return up_to_date(environment, name, digest(key, source), fill)


def work_key(environment: Environment, source: str, files: Iterable[Path]) -> str:
    """What stands for a database, for the files that say what is done in it, and the day.

    Dates are compared too: whatever is made is as new as the day.
    """
    return digest(
        environment.databases.comment(source),
        str(date.today()),
        *(file.read_text() for file in files),
    )


def story_files() -> Sequence[Path]:
    """The files that tell the demonstration's story."""
    return [
        *sorted((SETUP / "demonstration").glob("*.py")),
        *sorted(Path(fixtures.__path__[0]).glob("*.py")),
    ]
