"""A Python environment with Odoo on its path, Odoo's libraries and the add-ons from PyPI."""

from __future__ import annotations

import os
from pathlib import Path

from .checkout import REQUIREMENTS
from .command import output_of, run_logged
from .console import step
from .python_finder import find_python
from .series import Series
from .stamp import Stamp, digest

BUILDING = REQUIREMENTS / "building.txt"
LAUNCHER = """\
import os

os.environ["TZ"] = "UTC"

import odoo

if __name__ == "__main__":
    odoo.cli.main()
"""


def prepare_python_environment(
    folder: Path, series: Series, odoo: Path, logs: Path
) -> Path:
    """The Python of an environment for the Odoo whose folder is given; made where needed.

    Where only the requirements have changed, the environment that is there is brought up to
    date: someone may be using it.
    """
    python = folder / "bin" / "python"
    stamp = Stamp(folder)
    base_key = digest(str(folder), str(odoo), LAUNCHER, BUILDING.read_text())
    requirements = (series.odoo_requirements, series.addon_requirements)
    key = f"{base_key} {digest(*(file.read_text() for file in requirements))}"
    if not python.exists() or not stamp.text.startswith(base_key):
        base = find_python(series.python_version)
        stamp.begin()
        with step(f"Making a Python {series.python_version} environment"):
            make_environment(base, folder, logs)
            install(python, logs, "-r", BUILDING)
            add_odoo(python, series, odoo)
    if not stamp.is_current(key):
        with step(f"Installing the libraries of Odoo {series.name}"):
            install(python, logs, "-r", series.odoo_requirements)
        with step("Installing add-ons from PyPI"):
            install(python, logs, "--no-deps", "-r", series.addon_requirements)
        stamp.complete(key)
    return python


def make_environment(base: Path, folder: Path, logs: Path) -> None:
    run_logged(
        [base, "-m", "venv", folder], "making a Python environment", logs / "venv.log"
    )


def install(python: Path, logs: Path, *arguments: object) -> None:
    """Install with pip; the last argument names what, for the log."""
    name = Path(str(arguments[-1])).stem
    run_logged(
        [
            python,
            "-m",
            "pip",
            "install",
            "--no-input",
            "--disable-pip-version-check",
            *(str(argument) for argument in arguments),
        ],
        f"installing the Python packages of {name}",
        logs / f"pip-{name}.log",
        variables={**os.environ, "PIP_REQUIRE_VIRTUALENV": "true"},
    )


def site_packages(python: Path) -> Path:
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(output_of([python, "-c", code]) or "")


def add_odoo(python: Path, series: Series, odoo: Path) -> None:
    """Put an Odoo tree on the environment's path, known to pip, with a launcher."""
    packages = site_packages(python)
    (packages / "odoo-tree.pth").write_text(f"{odoo}\n")
    if not list(odoo.glob("odoo*.egg-info")):
        known = packages / f"odoo-{series.name}.dist-info"
        known.mkdir()
        (known / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: odoo\nVersion: {series.name}\n"
        )
        (known / "INSTALLER").write_text("setup\n")
        (known / "RECORD").write_text("")
    launcher = launcher_of(python)
    launcher.parent.mkdir()
    launcher.write_text(LAUNCHER)


def launcher_of(python: Path) -> Path:
    """The script that starts Odoo, in a folder that has nothing else to import."""
    return python.parents[1] / "launcher" / "odoo"


def installed_addons(python: Path) -> Path:
    """The folder of the add-ons that came from PyPI."""
    return site_packages(python) / "odoo" / "addons"
