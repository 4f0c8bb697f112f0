"""Which Odoo is used: the source tree that ODOO_HOME names, or 14.0 of Debian 11."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from .checkout import PREPARED, short_key
from .console import Failure
from .debian_odoo import prepare_debian_odoo
from .series import SUPPORTED, Series, series_of_tree


@dataclass(frozen=True)
class OdooSource:
    """An Odoo, its series, and the folder below which everything for it is prepared.

    `tree` is None for Debian's package, which is downloaded by `prepare`.
    """

    series: Series
    tree: Optional[Path]
    folder: Path

    def prepare(self, logs: Path) -> Path:
        """The folder to put on Python's path, the one that holds `odoo`."""
        return self.tree or prepare_debian_odoo(self.folder / "debian", logs)

    @property
    def description(self) -> str:
        where = self.tree or "Debian 11's package"
        return f"Odoo {self.series.name} from {where}"


def chosen_odoo() -> OdooSource:
    """The Odoo that the environment variables ask for."""
    home = os.environ.get("ODOO_HOME")
    if not home:
        series = SUPPORTED["14.0"]
        return OdooSource(series, None, PREPARED / series.name)
    tree = Path(home).expanduser().resolve()
    if not tree.is_dir():
        raise Failure(f"ODOO_HOME names {home}, which is no folder")
    series = series_of_tree(tree)
    return OdooSource(series, tree, PREPARED / f"{series.name}-{short_key(tree)}")


def addon_folders(odoo: Path) -> list[Path]:
    """The folders of a tree that hold Odoo's own add-ons."""
    folders = (odoo / "odoo" / "addons", odoo / "addons")
    return [folder for folder in folders if folder.is_dir()]
