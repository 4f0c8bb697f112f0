"""The add-ons as a user has them: wheels that pip has installed beside a prepared Odoo."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .checkout import ALL_ADDONS, SETUP
from .command import Words, output_of, run_logged
from .environment import Environment
from .python_environment import launcher_of, site_packages

ADDONS_PATH = "addons_path"
WHERE = "import importlib.util, odoo; print(importlib.util.find_spec('odoo.addons.{}').origin)"


@dataclass(frozen=True)
class WheelInstallation:
    """A Python environment of its own, in which Odoo is found and this checkout is not."""

    environment: Environment
    folder: Path

    @classmethod
    def make(cls, environment: Environment, folder: Path) -> WheelInstallation:
        """Build the wheels for the environment's series and install them with pip.

        The libraries and the other add-ons are those of the environment: where a wheel needs
        something that is not there, pip fails, since it may not download it.
        """
        installation = cls(environment, folder)
        run = installation.run
        run(
            [environment.python, "-m", "pip", "wheel", "--no-deps"]
            + [f"--wheel-dir={installation.wheels}"]
            + [SETUP / name for name in ALL_ADDONS],
            "building the wheels",
        )
        run(
            [environment.python, "-m", "venv", "--without-pip", folder / "python"],
            "making a Python environment",
        )
        beside = (
            f"import site; site.addsitedir({str(site_packages(environment.python))!r})"
        )
        (site_packages(installation.python) / "beside.pth").write_text(f"{beside}\n")
        run(
            [installation.python, "-m", "pip", "install", "--no-index"]
            + sorted(installation.wheels.glob("*.whl")),
            "installing the wheels",
        )
        text = environment.configuration_file.read_text()
        installation.configuration_file.write_text(without_addons_path(text))
        return installation

    @property
    def wheels(self) -> Path:
        return self.folder / "wheels"

    @property
    def python(self) -> Path:
        return self.folder / "python" / "bin" / "python"

    @property
    def configuration_file(self) -> Path:
        return self.folder / "odoo.conf"

    @property
    def log(self) -> Path:
        """What the last program printed."""
        return self.folder / "log"

    @property
    def variables(self) -> dict[str, str]:
        return {
            **self.environment.variables,
            "ODOO_RC": str(self.configuration_file),
            "ODOO_QUEUE_JOB_CHANNELS": "root:0",
            "ODOO_SERIES": self.environment.series.name,
        }

    def place_of(self, addon: str) -> Path:
        """The file that Odoo reads an add-on from."""
        code = WHERE.format(addon)
        return Path(output_of([self.python, "-c", code], self.variables) or "")

    def run_odoo(self, purpose: str, *arguments: str) -> None:
        """Run Odoo to its end; a Failure where its exit status says that it failed."""
        launcher = launcher_of(self.environment.python)
        self.run([self.python, launcher, *arguments, "--stop-after-init"], purpose)

    def run(self, words: Words, purpose: str) -> None:
        run_logged(words, purpose, self.log, self.folder, self.variables)


def without_addons_path(configuration: str) -> str:
    """A configuration with which Odoo looks for add-ons where Python does.

    >>> without_addons_path("[options]\\naddons_path = /here\\nworkers = 0\\n")
    '[options]\\nworkers = 0\\n'
    """
    return "".join(
        line
        for line in configuration.splitlines(keepends=True)
        if not line.startswith(ADDONS_PATH)
    )
