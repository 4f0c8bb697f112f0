"""Add-ons' tests where Odoo itself runs them: odoo --init ADDON --test-enable."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Callable

import pytest

from prepare.checkout import CHECKOUT, OWN_TESTS
from prepare.environment import Environment
from prepare.free_port import free_port
from prepare.pytest_run import pytest_variables
from prepare.template_database import addons_database, template_database
from prepare.temporary_database import temporary_database

STARTED = re.compile(r"Starting (Test\w+\.test_\w+) ")
DOCTEST = re.compile(r"Running tests for odoo\.addons\.([\w.]+)")
RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
PLAIN_CLASSES = ("TestExceptionNames", "TestSchedule")


@dataclass(frozen=True)
class Run:
    """What Odoo says of a run of tests."""

    tests: frozenset[str]
    doctests: frozenset[str]
    failed: int

    @classmethod
    def of(cls, log: str) -> Run:
        """Read Odoo's log.

        >>> run = Run.of('''... INFO x: Starting TestRetry.test_once ...
        ... ... INFO x: 1 failed, 0 error(s) of 1 tests when loading database 'x'
        ... ''')
        >>> sorted(run.tests), run.failed
        (['TestRetry.test_once'], 1)
        """
        failed, errors, _number = RESULT.findall(log)[-1]
        return cls(
            frozenset(STARTED.findall(log)),
            frozenset(DOCTEST.findall(log)),
            int(failed) + int(errors),
        )


def run_tests(
    environment: Environment,
    addon: str,
    template: Callable[[Environment], str],
    *tags: str,
    beside: tuple[str, ...] = (),
) -> Run:
    """Install an add-on in a copy of a database, and run those of its tests with the tags.

    Other add-ons can be installed beside it.

    The log is kept, and printed where Odoo says that it failed.
    """
    log = environment.logs / f"own-tests-{addon}.log"
    with temporary_database(environment, "own", template(environment)) as database:
        with log.open("wb") as output:
            process = subprocess.run(
                [
                    *environment.odoo_command,
                    f"--database={database}",
                    f"--init={','.join((addon, *beside))}",
                    "--test-enable",
                    f"--test-tags={','.join(tags)}",
                    "--without-demo=all",
                    "--stop-after-init",
                    f"--http-port={free_port()}",
                    "--max-cron-threads=0",
                ],
                env=pytest_variables(environment),
                cwd=environment.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
    text = log.read_text(errors="replace")
    assert process.returncode == 0, "\n".join(lines_of_failures(text))
    return Run.of(text)


def lines_of_failures(log: str) -> Iterator[str]:
    """The errors in Odoo's log, each with the lines below it, and the last line.

    >>> list(lines_of_failures("1 x INFO a\\n2 x ERROR b\\nTraceback\\n3 x INFO c"))
    ['2 x ERROR b', 'Traceback', '3 x INFO c']
    """
    is_error = False
    lines = log.splitlines()
    for line in lines:
        level = re.match(r"\S.* (INFO|WARNING|ERROR|CRITICAL) ", line)
        if level:
            is_error = level[1] in ("ERROR", "CRITICAL")
        if is_error:
            yield line
    yield from lines[-1:]


def names_of_tests(addon: str) -> frozenset[str]:
    """The tests that an add-on's files have, as `Class.test`."""
    return frozenset(
        f"{node.name}.{method.name}"
        for file in (CHECKOUT / addon / "tests").glob("test_*.py")
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name.startswith("test_")
    )


@pytest.mark.slow
@pytest.mark.parametrize("addon", OWN_TESTS)
def test_all_tests(addon: str, environment: Environment) -> None:
    """Odoo runs each of the tests, and all pass."""
    run = run_tests(environment, addon, addons_database, f"/{addon}")
    assert run.failed == 0
    assert run.tests >= names_of_tests(addon) > frozenset()


@pytest.mark.slow
def test_plain_modules(environment: Environment) -> None:
    """A plain Odoo finds the tests of modules that know nothing of Odoo, doctests too."""
    addon = "queue_job_config"
    tags = [f"doctest/{addon}", *(f"/{addon}:{name}" for name in PLAIN_CLASSES)]
    run = run_tests(environment, addon, template_database, *tags)
    assert run.failed == 0
    plain = {
        name for name in names_of_tests(addon) if name.split(".")[0] in PLAIN_CLASSES
    }
    assert run.tests == plain
    assert f"{addon}.retry.schedule.RetrySchedule" in run.doctests


@pytest.mark.slow
def test_bank_screen_of_oca(environment: Environment) -> None:
    """Lines that were matched on the screen of OCA's account_reconcile_oca."""
    if environment.series.major < 16:
        pytest.skip("account_reconcile_oca begins with 16.0")
    run_beside(environment, "account_reconcile_oca", "TestReconcileOca")


@pytest.mark.slow
def test_runner_of_oca(environment: Environment) -> None:
    """Jobs that Odoo's scheduled actions run, with OCA's queue_job_cron_jobrunner."""
    run_beside(environment, "queue_job_cron_jobrunner", "TestCronJobrunner")


def run_beside(environment: Environment, module: str, name: str) -> None:
    """Run the tests of one class where a module is installed that they need."""
    addon = "test_cooperator_reconcile_rollback"
    run = run_tests(
        environment, addon, addons_database, f"/{addon}:{name}", beside=(module,)
    )
    assert run.failed == 0
    assert run.tests == {
        test for test in names_of_tests(addon) if test.split(".")[0] == name
    }
