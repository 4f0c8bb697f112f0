"""Runs of the tests that an installed add-on ships, each with the outcomes by test."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from prepare.environment import Environment
from prepare.python_environment import installed_addons

PASSED = "passed"
# by test
Outcomes = dict[str, str]
UNHAPPY = ("failure", "error", "skipped")


@dataclass
class OwnTests:
    """One run, in a process of its own, on one database.

    `begin` starts it, `outcomes` waits for its end, `end` ends it whatever it is doing.
    """

    process: subprocess.Popen
    report: Path
    log: Path

    @classmethod
    def begin(
        cls,
        environment: Environment,
        addon: str,
        database: str,
        folder: Path,
        only: Collection[str] = (),
    ) -> OwnTests:
        """Start the tests of an add-on from PyPI, all or `only` some, as outcomes name them.

        `folder` gets the run's files.
        """
        names = sorted({test.rpartition(".")[2] for test in only})
        tests = installed_addons(environment.python) / addon / "tests"
        configuration = folder / "pytest.ini"
        configuration.write_text("[pytest]\n")
        report, log = folder / "report.xml", folder / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [
                    environment.python,
                    "-m",
                    "pytest",
                    "-c",
                    configuration,
                    f"--rootdir={tests}",
                    "-p",
                    "no:cacheprovider",
                    f"--odoo-config={environment.configuration_file}",
                    f"--odoo-database={database}",
                    f"--junitxml={report}",
                    "-k",
                    " or ".join(names),
                    tests,
                ],
                env={**environment.variables, "ODOO_QUEUE_JOB_CHANNELS": "root:0"},
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        return cls(process, report, log)

    def outcomes(self) -> Outcomes:
        """What each test came to: "passed", "failure", "error" or "skipped"."""
        self.process.wait()
        assert self.report.exists(), self.log.read_text(errors="replace")[-4000:]
        return outcomes_in(self.report.read_text())

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def outcomes_in(report: str) -> Outcomes:
    """The outcome of each test in a report in JUnit's format.

    >>> outcomes_in('''<testsuite>
    ...     <testcase classname="A" name="one"/>
    ...     <testcase classname="A" name="two"><failure/></testcase>
    ... </testsuite>''')
    {'A.one': 'passed', 'A.two': 'failure'}
    """
    return {
        f"{case.get('classname')}.{case.get('name')}": outcome_of(case)
        for case in ElementTree.fromstring(report).iter("testcase")
    }


def outcome_of(case: ElementTree.Element) -> str:
    return next((child.tag for child in case if child.tag in UNHAPPY), PASSED)
