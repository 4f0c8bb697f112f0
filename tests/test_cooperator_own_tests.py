"""cooperator's own tests come to the same with this project's add-ons as without them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from prepare.environment import Environment
from prepare.odoo_run import install_modules
from prepare.template_database import present_addons
from prepare.temporary_database import temporary_database
from support.demo_data import demo_data_database
from support.own_tests import PASSED, OwnTests

FEWEST_TESTS = 40


@pytest.fixture
def with_and_without(
    environment: Environment, tmp_path: Path
) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """The outcomes with the add-ons and without them; both runs go on side by side."""
    template = demo_data_database(environment)
    with ExitStack() as stack:

        def begin(purpose: str, *addons: str) -> OwnTests:
            database = stack.enter_context(
                temporary_database(environment, purpose, template)
            )
            if addons:
                install_modules(environment, database, addons)
            folder = tmp_path / purpose
            folder.mkdir()
            tests = OwnTests.begin(environment, "cooperator", database, folder)
            stack.callback(tests.end)
            return tests

        without_addons = begin("own_without")
        with_addons = begin("own_with", *present_addons())
        yield with_addons.outcomes(), without_addons.outcomes()


@pytest.mark.slow
def test_outcomes_are_the_same(
    with_and_without: tuple[dict[str, str], dict[str, str]],
) -> None:
    """Each test of cooperator's that passes without the add-ons passes with them."""
    with_addons, without_addons = with_and_without
    assert len(without_addons) > FEWEST_TESTS
    passed = [test for test, outcome in without_addons.items() if outcome == PASSED]
    assert len(passed) > FEWEST_TESTS
    assert with_addons == without_addons
