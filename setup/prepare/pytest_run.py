"""The pytest command that runs this project's tests on a prepared Odoo."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from .checkout import CHECKOUT, SETUP
from .environment import Environment

USUAL_TESTS = ("-m", "not slow and not exhaustive")
# where somebody names tests
CHOSEN_TESTS = ("-m", "not exhaustive")
# one more than a small machine has processors: tests on servers wait a lot
WORKERS = ("-n", "3", "--dist", "loadscope", "--no-loadscope-reorder")
OF_ONE_PROCESS = ("-n", "--numprocesses", "-k", "-s", "--pdb", "--co", "--collect-only")
LOCK_TIMEOUT = "2min"


def exit_status(
    command: Sequence[str], variables: Mapping[str, str], folder: Path
) -> int:
    """Run a command in the foreground; signals that are meant to end it reach it."""
    process = subprocess.Popen(command, env=variables, cwd=folder)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    status = process.wait()
    return 128 - status if status < 0 else status


def pytest_command(
    environment: Environment, database: str, arguments: Sequence[str]
) -> list[str]:
    """The words that run pytest with the given arguments."""
    return [
        str(environment.python),
        "-m",
        "pytest",
        "-c",
        str(CHECKOUT / ".pytest.ini"),
        f"--rootdir={CHECKOUT}",
        f"--odoo-config={environment.configuration_file}",
        f"--odoo-database={database}",
        "--odoo-http",
        "-p",
        "prepare.http_for_tests",
        "-p",
        "prepare.order_of_tests",
        "-p",
        "prepare.slow_tests",
        *tests(arguments),
        *workers(arguments),
        *arguments,
    ]


def tests(arguments: Sequence[str]) -> Sequence[str]:
    """Which tests to run where the caller says nothing of marks.

    >>> tests(["-q"]) == USUAL_TESTS
    True
    >>> tests(["tests/test_readme.py"]) == tests(["-k", "revert"]) == CHOSEN_TESTS
    True
    """
    is_chosen = any(names_test_file(one) or one == "-k" for one in arguments)
    return CHOSEN_TESTS if is_chosen else USUAL_TESTS


def workers(arguments: Sequence[str]) -> Sequence[str]:
    """How many processes to test in: three, or one where the caller chose or runs few tests.

    >>> workers(["-q", "tests"]) == WORKERS
    True
    >>> workers(["tests/test_readme.py"]), workers(["-k", "revert"]), workers(["-n4"])
    ((), (), ())
    """
    is_small = any(map(names_test_file, arguments))
    is_chosen = any(argument.startswith(OF_ONE_PROCESS) for argument in arguments)
    return () if is_small or is_chosen else WORKERS


def names_test_file(argument: str) -> bool:
    """Whether a pytest argument is a file of tests or one of its tests.

    >>> names_test_file("tests/test_readme.py::test_readme"), names_test_file("tests")
    (True, False)
    """
    return argument.split("::")[0].endswith(".py")


def pytest_variables(environment: Environment) -> dict[str, str]:
    """The environment variables of a test run: no job runner, `prepare` can be imported.

    A test that waits for a lock of its own fails, rather than wait for ever.
    """
    path = [str(SETUP), *filter(None, [environment.variables.get("PYTHONPATH")])]
    return {
        **environment.variables,
        "PYTHONPATH": os.pathsep.join(path),
        "ODOO_QUEUE_JOB_CHANNELS": "root:0",
        "PGOPTIONS": f"-c lock_timeout={LOCK_TIMEOUT}",
    }


def working_folder(arguments: Sequence[str]) -> Path:
    """Where to run pytest: the caller's folder where the arguments name something in it."""
    return Path.cwd() if any(map(names_file, arguments)) else CHECKOUT


def names_file(argument: str) -> bool:
    """Whether a pytest argument is a path, alone or with a test's name behind.

    >>> names_file("-x"), names_file("no/such/file.py")
    (False, False)
    """
    return not argument.startswith("-") and Path(argument.split("::")[0]).exists()
