"""The add-ons as pip installs them: complete, and their own tests pass from there."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from prepare.checkout import ADDONS, ALL_ADDONS, CHECKOUT, REQUIREMENTS
from prepare.environment import Environment
from prepare.free_port import free_port
from prepare.template_database import template_database
from prepare.temporary_database import temporary_database
from prepare.wheels import WheelInstallation

TEST_TOOLS = re.compile(r"^# for the tests\n((?:\S.*\n)+)", re.MULTILINE)
NOT_SHIPPED = {"__pycache__"}
FEWEST_TESTS = 30


@pytest.fixture(scope="module")
def installation(
    environment: Environment, tmp_path_factory: pytest.TempPathFactory
) -> WheelInstallation:
    """The wheels of all add-ons, beside the Odoo that the tests run on."""
    return WheelInstallation.make(environment, tmp_path_factory.mktemp("wheels"))


@pytest.mark.slow
@pytest.mark.parametrize("addon", ALL_ADDONS)
def test_wheel_is_complete(addon: str, installation: WheelInstallation) -> None:
    """Odoo reads the add-on from where pip has put it, with every file of the checkout."""
    place = installation.place_of(addon).parent
    assert installation.folder in place.parents
    assert files_below(place) == files_below(CHECKOUT / addon)


def files_below(folder: Path) -> set[str]:
    return {
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and NOT_SHIPPED.isdisjoint(file.parts)
    }


@pytest.mark.exhaustive
@pytest.mark.parametrize("addon", ADDONS)
def test_own_tests_pass(
    addon: str, environment: Environment, installation: WheelInstallation
) -> None:
    """Both are installed in a database, and the usual tests of one of them are run."""
    template = template_database(environment)
    with temporary_database(environment, "wheels", template) as database:
        installation.run_odoo(
            f"the tests of {addon} from its wheel",
            f"--database={database}",
            f"--init={','.join(ADDONS)}",
            "--without-demo=all",
            "--test-enable",
            f"--test-tags=/{addon},-slow",
            f"--http-port={free_port()}",
            "--max-cron-threads=0",
        )
    log = installation.log.read_text(errors="replace")
    assert log.count(f"odoo.addons.{addon}.tests.") > FEWEST_TESTS


@pytest.mark.parametrize("addon", ALL_ADDONS)
def test_nothing_is_needed_that_is_not_installed(addon: str) -> None:
    """No file imports what only this checkout's requirements bring."""
    tools = set(tools_for_tests())
    assert "hypothesis" in tools
    found = [
        f"{file.relative_to(CHECKOUT)} imports {name}"
        for file in sorted((CHECKOUT / addon).rglob("*.py"))
        if CHECKOUT / addon / "tests" not in file.parents
        for name in needed_packages(ast.parse(file.read_text()))
        if name in tools
    ]
    assert not found


@pytest.mark.parametrize("addon", ALL_ADDONS)
def test_tests_can_be_imported_without_tools(
    addon: str, environment: Environment
) -> None:
    """The add-on's tests are found where only Odoo's requirements are installed."""
    code = f"""
import importlib, sys
for name in {sorted(tools_for_tests())!r}:
    sys.modules[name] = None
import odoo
odoo.tools.config.parse_config(["--config", {str(environment.configuration_file)!r}])
odoo.modules.module.initialize_sys_path()
importlib.import_module("odoo.addons.{addon}.tests")
"""
    command = [str(environment.python), "-c", code]
    subprocess.run(command, env=environment.variables, check=True)


def tools_for_tests() -> Iterator[str]:
    """What the requirements list for the tests, by the names to import."""
    for file in REQUIREMENTS.glob("??.0.txt"):
        (listed,) = TEST_TOOLS.findall(file.read_text())
        for line in listed.splitlines():
            yield line.partition("==")[0].replace("-", "_")


def needed_packages(module: ast.Module) -> Iterator[str]:
    """The packages that a module cannot be imported without.

    >>> sorted(needed_packages(ast.parse("import a.b, c\\nfrom d.e import f")))
    ['a', 'c', 'd']
    >>> list(needed_packages(ast.parse("try: import a\\nexcept ImportError: a = None")))
    []
    """
    for node in module.body:
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]
