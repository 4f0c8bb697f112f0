"""A database with the add-on whose step ends the transaction in the middle."""

from __future__ import annotations

from prepare.checkout import ADDONS, TEST_ADDONS
from prepare.environment import Environment
from prepare.template_database import addons_database, installed_database

from .case import Case

PARAMETER = "test_cooperator_reconcile_rollback.interrupt"
KIND = "interrupt"


def interrupting_database(environment: Environment) -> str:
    """The name of a database with the add-ons and those that only tests install."""
    return installed_database(
        environment,
        "interrupting",
        addons_database(environment),
        TEST_ADDONS,
        ADDONS + TEST_ADDONS,
    )


def interrupt(case: Case, when: str) -> None:
    """Let the add-on's step end its transaction: for example "run: commit in SQL".

    Rollbacks that start from now on have the step.
    """
    administrator = case.story.cooperative.administrator
    administrator.call("ir.config_parameter", "set_param", PARAMETER, when)
