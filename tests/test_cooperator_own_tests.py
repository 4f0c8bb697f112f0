"""cooperator's own tests come to the same with this project's add-ons as without them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from prepare.environment import Environment
from prepare.temporary_database import temporary_database
from support.demo_data import demo_data_and_addons_database, demo_data_database
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

    def outcomes(
        self, purpose: str, template: str, only: Collection[str] = ()
    ) -> Outcomes:
        """What the tests, or only those, come to in a copy of a database."""
        database = self.stack.enter_context(
            temporary_database(self.environment, purpose, template)
        )
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
def test_outcomes_are_the_same(runs: Runs, environment: Environment) -> None:
    """Each of cooperator's tests passes with the add-ons, or does not pass without them."""
    with_addons = demo_data_and_addons_database(environment)
    outcomes = runs.outcomes("own_with", with_addons)
    unhappy = {test: found for test, found in outcomes.items() if found != PASSED}
    assert len(outcomes) - len(unhappy) > FEWEST_TESTS
    if unhappy:
        template = demo_data_database(environment)
        without_addons = runs.outcomes("own_without", template, only=unhappy)
        assert {test: without_addons.get(test) for test in unhappy} == unhappy
