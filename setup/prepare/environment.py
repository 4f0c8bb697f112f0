"""Everything prepared for one Odoo: the commands, the configuration and the databases."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from .checkout import PREPARED, short_key
from .configuration import configuration_text, link_addons, write_if_changed
from .databases import Databases
from .lock import locked
from .odoo_source import addon_folders, chosen_odoo
from .postgresql import running_postgresql
from .python_environment import (
    installed_addons,
    launcher_of,
    prepare_python_environment,
)
from .series import Series
from .system_package import require_program


@dataclass(frozen=True)
class Environment:
    """An Odoo that can be run. `Environment.prepared()` gives the one to use.

    `folder` holds all of it, `variables` are the environment variables to run it with.
    """

    series: Series
    description: str
    folder: Path
    python: Path
    configuration_file: Path
    databases: Databases
    variables: dict[str, str]

    @classmethod
    def prepared(cls) -> Environment:
        """Prepare what is missing of the Odoo that the environment variables ask for."""
        with locked(PREPARED / "lock"):
            odoo = chosen_odoo()
            logs = odoo.folder / "logs"
            postgresql = running_postgresql()
            require_program("wkhtmltopdf", "wkhtmltopdf")
            tree = odoo.prepare(logs)
            python = prepare_python_environment(
                odoo.folder / "python", odoo.series, tree, logs
            )
            data = odoo.folder / f"data{postgresql.suffix}"
            data.mkdir(parents=True, exist_ok=True)
            folders = [
                link_addons(odoo.folder / "addons"),
                *addon_folders(tree),
                installed_addons(python),
            ]
            configuration = write_if_changed(
                odoo.folder / f"odoo{postgresql.suffix}.conf",
                configuration_text(folders, data),
            )
        variables = {
            **os.environ,
            **postgresql.variables,
            "ODOO_RC": str(configuration),
        }
        return cls(
            series=odoo.series,
            description=odoo.description,
            folder=odoo.folder,
            python=python,
            configuration_file=configuration,
            databases=Databases(postgresql.variables, data),
            variables=variables,
        )

    @property
    def odoo_command(self) -> list[str]:
        """The words that start Odoo; add its arguments, run with `variables`."""
        return [str(self.python), str(launcher_of(self.python))]

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    def database_name(self, purpose: str) -> str:
        """The name of a database of this checkout, also on a PostgreSQL that others use."""
        return f"{purpose}_{self.series.major}_{self.key}"

    @property
    def key(self) -> str:
        return short_key(self.folder)
