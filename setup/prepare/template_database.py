"""Databases that are made once and copied.

One has what the add-ons depend on, one the add-ons, one all add-ons, and one a cooperative too.

A database's comment says what it was made from; it is set last, and a database whose
comment is another one is made anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Callable

from .checkout import ADDONS, ALL_ADDONS, CHECKOUT, GLUE_ADDONS, PREPARED
from .console import step
from .environment import Environment
from .lock import locked
from .odoo_run import install_modules, run_script
from .stamp import digest

DEPENDENCIES = ("cooperator", "queue_job", "l10n_generic_coa", "report_xlsx")
NOT_INSTALLED = {"tests", "readme", "__pycache__", "description"}
# of Odoo's pages and of its PDF files: else each copy compiles them again
BUNDLES = (
    *("web.assets_common", "web.assets_frontend", "web.assets_backend"),
    *("web.report_assets_common", "web.report_assets_pdf"),
)
COMPILE_BUNDLES = f"""
from odoo.release import version_info
options = [{{}}] if version_info < (16,) else []
for bundle in {BUNDLES}:
    env["ir.qweb"]._get_asset_nodes(bundle, *options)
env.cr.commit()
"""
FOUND_COOPERATIVE = """
from odoo.addons.cooperator_reconcile_rollback.tests.common import RollbackCase
RollbackCase.found_cooperative(env)
env.cr.commit()
"""


def template_database(environment: Environment) -> str:
    """The name of a database with what the add-ons depend on, and without the add-ons."""
    name = environment.database_name("template")
    key = template_key(environment)

    def fill(database: str) -> None:
        environment.databases.create(database)
        with step(f"Installing {', '.join(DEPENDENCIES)} in a template database"):
            install_modules(environment, database, DEPENDENCIES)

    return up_to_date(environment, name, key, fill)


def addons_database(environment: Environment) -> str:
    """The name of a database with the add-ons of the checkout installed as they are now.

    Those that join them with another add-on are not there: the others are tested alone.
    """
    return installed_database(
        environment, "addons", template_database(environment), ADDONS, ADDONS
    )


def tests_database(environment: Environment) -> str:
    """The name of a database with the cooperative that the add-ons' tests begin with.

    It is as new as the add-ons, their tests and the day: the cooperative was founded today.
    """
    addons = addons_database(environment)
    tests = sorted((CHECKOUT / "cooperator_reconcile_rollback/tests").glob("*.py"))
    helpers = [file for file in tests if not file.name.startswith("test_")]
    key = digest(
        environment.databases.comment(addons),
        str(date.today()),
        FOUND_COOPERATIVE,
        *(file.read_text() for file in helpers),
    )

    def fill(database: str) -> None:
        environment.databases.create_from_template(database, addons)
        with step("Founding a cooperative in a template database"):
            purpose = "founding a cooperative"
            run_script(environment, database, FOUND_COOPERATIVE, purpose)

    return up_to_date(environment, environment.database_name("tests"), key, fill)


def glue_database(environment: Environment) -> str:
    """The name of a database with all add-ons of the checkout, as they are now."""
    return installed_database(
        environment, "glue", addons_database(environment), GLUE_ADDONS, ALL_ADDONS
    )


def database_of(environment: Environment, addon: str) -> str:
    """The name of the database in which an add-on is installed, with as little as may be."""
    made = glue_database if addon in GLUE_ADDONS else addons_database
    return made(environment)


def installed_database(
    environment: Environment,
    purpose: str,
    template: str,
    addons: Sequence[str],
    present: Sequence[str],
) -> str:
    """A copy of a template with `addons` too; made anew when one of `present` changes."""
    key = digest(template_key(environment), COMPILE_BUNDLES, *addons_state(present))

    def fill(database: str) -> None:
        environment.databases.create_from_template(database, template)
        modules = present_addons(addons)
        if modules:
            with step(f"Installing {', '.join(modules)} in a template database"):
                install_modules(environment, database, modules)
                run_script(environment, database, COMPILE_BUNDLES, "compiling bundles")

    return up_to_date(environment, environment.database_name(purpose), key, fill)


def up_to_date(
    environment: Environment, name: str, key: str, fill: Callable[[str], None]
) -> str:
    """Have a database made, by `fill`, unless the one of that name was made from `key`."""
    databases = environment.databases
    with locked(PREPARED / f"lock-{name}"):
        if databases.comment(name) != key:
            unfinished = f"{name}_unfinished"
            databases.drop(unfinished)
            fill(unfinished)
            databases.drop(name)
            databases.rename(unfinished, name)
            databases.set_comment(name, key)
    return name


def template_key(environment: Environment) -> str:
    requirements = environment.series.addon_requirements.read_text()
    return digest(environment.description, requirements, *DEPENDENCIES)


def present_addons(names: Sequence[str] = ALL_ADDONS) -> list[str]:
    return [name for name in names if (CHECKOUT / name / "__manifest__.py").is_file()]


def addons_state(names: Sequence[str]) -> Iterator[str]:
    """The paths and contents of add-ons' files that matter to an installed database."""
    for name in names:
        for file in sorted((CHECKOUT / name).rglob("*")):
            if file.is_file() and matters(file.relative_to(CHECKOUT)):
                yield str(file.relative_to(CHECKOUT))
                yield file.read_bytes().hex()


def matters(file: Path) -> bool:
    """Whether a file of an add-on has a part in what an installation makes.

    >>> matters(Path("queue_job_config/models/queue_job.py"))
    True
    >>> matters(Path("queue_job_config/tests/test_queue_job.py"))
    False
    """
    return NOT_INSTALLED.isdisjoint(file.parts)
