"""The measures: what is measured is a true register, and all of them can be taken."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest
from measuring.data import register
from measuring.odoo_process import transaction
from measuring.register_parts import Copied, Entered, Mistakes

from prepare.checkout import SETUP
from prepare.environment import Environment
from prepare.template_database import addons_database

pytestmark = pytest.mark.slow

OUTCOME = re.compile(r"^(?P<name>\S.*?)  +[\d.]+ +[\d.]+ to [\d.]+, \d+ pairs ", re.M)


@pytest.fixture(scope="module")
def database(environment: Environment) -> Iterator[str]:
    parts = [Entered(10), Copied("Family", 30), Mistakes("One", 1)]
    template = addons_database(environment)
    with register(environment, template, "tested", parts) as name:
        yield name


def test_copies_are_right(database: str) -> None:
    """The register check finds the mistake alone: it goes through all that was copied."""
    with transaction(database) as env:
        findings = env.company._check_register()
        assert [finding.kind for finding in findings] == ["other_payer"]
        register = env.company._load_register()
        assert [o.number for o in register.operations] == list(range(1, 42))
        assert sorted(register.numbers.values()) == list(range(1, 34))
        names = env["account.move"].search([]).mapped("name")
        assert len(names) == len(set(names))


def test_copies_go_on_as_if_entered(database: str) -> None:
    """A copied operation can be rolled back, with all that came after it."""
    with transaction(database, keep=False) as env:
        line = env["subscription.register"].search(
            [("register_number_operation", "=", 24)]
        )
        rollback = env["reconciliation.rollback"].create_from(line)
        rollback.cascade = "all"
        rollback.action_plan()
        rollback.action_dry_run()
        assert "text-danger" not in rollback.dry_run_html
        assert rollback.dry_run_html.count("fa-check") == 13


def take(environment: Environment, *measures: str) -> list[str]:
    """Take measures on small registers, where the ratios say nothing; their names."""
    bench = subprocess.run(
        [SETUP / "bench", *measures, "--part", "50", "--repeat", "1"],
        env=environment.variables,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return OUTCOME.findall(bench.stdout)


def test_measures_can_be_taken(environment: Environment) -> None:
    steps, payment = take(environment, "steps", "payments")
    assert steps == "Steps of a rollback of one operation"
    assert payment == "A payment, no rollback running"


@pytest.mark.exhaustive
def test_all_measures_can_be_taken(environment: Environment) -> None:
    names = take(environment)
    assert len(names) == len({*names}) == 12
