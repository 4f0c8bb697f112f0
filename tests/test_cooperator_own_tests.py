"""cooperator's own tests come to the same with this project's add-ons as without them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Optional

import pytest

from prepare.checkout import ADDONS
from prepare.environment import Environment
from prepare.odoo_run import install_modules
from prepare.template_database import present_addons
from prepare.temporary_database import temporary_database
from support.demo_data import demo_data_database, demo_data_key
from support.kept_outcomes import KeptOutcomes, Outcomes
from support.own_tests import PASSED, OwnTests

FEWEST_TESTS = 40


class Runs:
    """Runs of cooperator's tests, side by side, on databases of their own."""

    def __init__(
        self, environment: Environment, folder: Path, stack: ExitStack
    ) -> None:
        self.environment = environment
        self.folder = folder
        self.stack = stack
        self.template = demo_data_database(environment)

    def begin(self, purpose: str, *addons: str) -> OwnTests:
        """Start a run with these add-ons installed."""
        database = self.stack.enter_context(
            temporary_database(self.environment, purpose, self.template)
        )
        if addons:
            install_modules(self.environment, database, addons)
        folder = self.folder / purpose
        folder.mkdir()
        tests = OwnTests.begin(self.environment, "cooperator", database, folder)
        self.stack.callback(tests.end)
        return tests


@pytest.fixture
def outcomes(
    environment: Environment, tmp_path: Path
) -> Iterator[tuple[Outcomes, Outcomes]]:
    """The outcomes without the add-ons, and with them.

    Those without do not depend on this project: they are kept for the next time.
    """
    kept = KeptOutcomes(
        environment.folder / "cooperator-own-tests.json", demo_data_key(environment)
    )
    without_addons = kept.read()
    with ExitStack() as stack:
        runs = Runs(environment, tmp_path, stack)
        other: Optional[OwnTests] = None
        if without_addons is None:
            other = runs.begin("own_without")
        with_addons = runs.begin("own_with", *present_addons(ADDONS))
        if other is not None:
            without_addons = other.outcomes()
            kept.write(without_addons)
        yield without_addons, with_addons.outcomes()


@pytest.mark.slow
def test_outcomes_are_the_same(outcomes: tuple[Outcomes, Outcomes]) -> None:
    """Each test of cooperator's that passes without the add-ons passes with them."""
    without_addons, with_addons = outcomes
    passed = [test for test, outcome in without_addons.items() if outcome == PASSED]
    assert len(passed) > FEWEST_TESTS
    assert with_addons == without_addons
