"""All measures can be taken: the registers that are made for them are true ones."""

from __future__ import annotations

import re
import subprocess

import pytest

from prepare.checkout import SETUP
from prepare.environment import Environment

pytestmark = pytest.mark.slow

OUTCOME = re.compile(r"^(\S.*?) +[\d.]+ +[\d.]+ to [\d.]+, \d+ pairs ", re.M)


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
    assert len(names) == len({*names}) == 13
