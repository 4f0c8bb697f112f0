"""cooperator's own tests come to the same with this project's add-ons as without them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from prepare.checkout import ADDONS
from prepare.environment import Environment
from prepare.odoo_run import install_modules
from prepare.template_database import present_addons
from prepare.temporary_database import temporary_database
from support.demo_data import demo_data_database
from support.own_tests import PASSED, Outcomes, OwnTests

FEWEST_TESTS = 40


class Runs:
    """Runs of cooperator's tests on databases of their own."""

    def __init__(
        self, environment: Environment, folder: Path, stack: ExitStack
    ) -> None:
        self.environment = environment
        self.folder = folder
        self.stack = stack
        self.template = demo_data_database(environment)

    def outcomes(
        self, purpose: str, addons: Collection[str], only: Collection[str] = ()
    ) -> Outcomes:
        """What the tests, or only those, come to with these add-ons installed."""
        database = self.stack.enter_context(
            temporary_database(self.environment, purpose, self.template)
        )
        if addons:
            install_modules(self.environment, database, list(addons))
        folder = self.folder / purpose
        folder.mkdir()
        tests = OwnTests.begin(self.environment, "cooperator", database, folder, only)
        self.stack.callback(tests.end)
        return tests.outcomes()


@pytest.fixture
def runs(environment: Environment, tmp_path: Path) -> Iterator[Runs]:
    with ExitStack() as stack:
        yield Runs(environment, tmp_path, stack)


@pytest.mark.slow
def test_outcomes_are_the_same(runs: Runs) -> None:
    """Each of cooperator's tests passes with the add-ons, or does not pass without them."""
    outcomes = runs.outcomes("own_with", present_addons(ADDONS))
    unhappy = {test: found for test, found in outcomes.items() if found != PASSED}
    assert len(outcomes) - len(unhappy) > FEWEST_TESTS
    if unhappy:
        without_addons = runs.outcomes("own_without", (), only=unhappy)
        assert {test: without_addons.get(test) for test in unhappy} == unhappy
