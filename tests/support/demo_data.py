"""A database with Odoo's demo data, which cooperator's own tests are written for."""

from __future__ import annotations

from prepare.checkout import ADDONS
from prepare.console import step
from prepare.environment import Environment
from prepare.odoo_run import install_modules
from prepare.stamp import digest
from prepare.template_database import (
    DEPENDENCIES,
    installed_database,
    template_key,
    up_to_date,
)

WITH_DEMO_DATA = "--without-demo="


def demo_data_database(environment: Environment) -> str:
    """The name of a database with cooperator and demo data, without this project's add-ons.

    It is made once, and anew where what it is made from has changed.
    """

    def fill(database: str) -> None:
        environment.databases.create(database)
        with step("Installing cooperator with demo data in a template database"):
            install_modules(environment, database, DEPENDENCIES, WITH_DEMO_DATA)

    return up_to_date(
        environment,
        environment.database_name("demodata"),
        demo_data_key(environment),
        fill,
    )


def demo_data_and_addons_database(environment: Environment) -> str:
    """The name of one with the add-ons too, as they are now."""
    demo_data = demo_data_database(environment)
    return installed_database(environment, "demoaddons", demo_data, ADDONS, ADDONS)


def demo_data_key(environment: Environment) -> str:
    """What stands for everything that the database is made from."""
    return digest(template_key(environment), WITH_DEMO_DATA)
