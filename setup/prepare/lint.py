"""Checks of the code as it is written: ruff, and OCA's for Python, XML and translations."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .checkout import ALL_ADDONS, CHECKOUT, PREPARED, REQUIREMENTS, TEST_ADDONS
from .console import say, step
from .lock import locked
from .python_environment import install, make_environment
from .python_finder import find_python
from .stamp import Stamp, digest
from .template_database import present_addons

PYTHON_VERSIONS = ("3.12", "3.11", "3.13", "3.10")
PYLINT_CHECKS = (
    "--disable=all",
    "--enable=odoolint",
    # for Odoo 18.0 and later
    "--disable=prefer-env-translation",
    # takes capital release requests, in a variable `requests`, for the library's
    "--disable=external-request-timeout",
)


def prepare_tools() -> Path:
    """The folder of the checking programs, installed where they are missing."""
    folder = PREPARED / "lint"
    requirements = REQUIREMENTS / "lint.txt"
    key = digest(str(folder), requirements.read_text())
    stamp = Stamp(folder)
    with locked(PREPARED / "lock-lint"):
        if not stamp.is_current(key):
            python = find_python(*PYTHON_VERSIONS)
            logs = PREPARED / "logs"
            stamp.begin()
            with step("Installing ruff, pylint-odoo and OCA's checks"):
                make_environment(python, folder, logs)
                install(folder / "bin" / "python", logs, "-r", requirements)
            stamp.complete(key)
    return folder / "bin"


def checks(programs: Path) -> Iterator[list[str]]:
    """The commands that check the checkout, and change nothing."""
    addons = present_addons(ALL_ADDONS + TEST_ADDONS)
    translations = [
        str(file.relative_to(CHECKOUT))
        for addon in addons
        for file in sorted((CHECKOUT / addon / "i18n").glob("*.po*"))
    ]
    yield [str(programs / "ruff"), "check", "--quiet", "."]
    yield [str(programs / "ruff"), "format", "--check", "--quiet", "."]
    if addons:
        pylint = [str(programs / "pylint"), "--rcfile=.pylintrc", *PYLINT_CHECKS]
        yield [*pylint, *addons]
        yield [str(programs / "oca-checks-odoo-module"), *addons]
    if translations:
        yield [str(programs / "oca-checks-po"), *translations]


def corrections(programs: Path) -> Iterator[list[str]]:
    """The commands that correct by themselves what they can."""
    yield [str(programs / "ruff"), "check", "--quiet", "--fix", "."]
    yield [str(programs / "ruff"), "format", "--quiet", "."]


def failures(commands: Iterator[list[str]]) -> int:
    """Run commands one after the other; how many of them failed."""
    variables = {**os.environ, "PYLINTHOME": str(PREPARED / "pylint")}
    failed = 0
    for command in commands:
        say(f"{Path(command[0]).name} {' '.join(command[1:3])}")
        result = subprocess.run(
            command, cwd=CHECKOUT, env=variables, stdin=subprocess.DEVNULL, check=False
        )
        failed += result.returncode != 0
    return failed
