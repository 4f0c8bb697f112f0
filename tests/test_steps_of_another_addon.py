"""Steps that another add-on brings: the tests of the add-on that shows how."""

from __future__ import annotations

import pytest

from prepare.checkout import TEST_ADDONS
from prepare.environment import Environment
from prepare.odoo_run import install_modules
from prepare.template_database import addons_database
from prepare.temporary_database import temporary_database

FEWEST_TESTS = 7


@pytest.mark.slow
@pytest.mark.parametrize("addon", TEST_ADDONS)
def test_own_tests_pass(addon: str, environment: Environment) -> None:
    """The add-on is installed beside the others, and its tests are run."""
    template = addons_database(environment)
    with temporary_database(environment, "kinds", template) as database:
        install_modules(
            environment, database, [addon], "--test-enable", f"--test-tags=/{addon}"
        )
        log = environment.logs / f"install-{database}.log"
        assert log.read_text().count(f"odoo.addons.{addon}.tests.") >= FEWEST_TESTS
