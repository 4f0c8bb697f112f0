"""Databases that one process makes for itself and takes away again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .environment import Environment


@contextmanager
def temporary_database(
    environment: Environment, purpose: str, template: str
) -> Iterator[str]:
    """The name of a copy of a database, for this process alone.

    Copies for the same purpose whose processes have ended without a word are removed, and
    the copies of those that pytest-xdist makes for its workers.
    """
    prefix = f"{environment.database_name(purpose)}_"
    databases = environment.databases
    for name in databases.names():
        if name.startswith(prefix) and not is_process(
            name[len(prefix) :].split("-")[0]
        ):
            databases.drop(name)
    name = f"{prefix}{os.getpid()}"
    databases.create_from_template(name, template, replace=True)
    try:
        yield name
    finally:
        databases.drop(name)


def is_process(number: str) -> bool:
    """Whether a text is the number of a process that runs.

    >>> is_process(str(os.getpid())), is_process("none")
    (True, False)
    """
    return Path("/proc", number).exists()
