"""The Odoo series that are supported, and what each needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .checkout import REQUIREMENTS
from .console import Failure


@dataclass(frozen=True)
class Series:
    """One Odoo series.

    >>> SUPPORTED["14.0"].python_version
    '3.9'
    >>> SUPPORTED["16.0"].major
    16
    """

    name: str
    python_version: str

    @property
    def major(self) -> int:
        return int(self.name.split(".")[0])

    @property
    def odoo_requirements(self) -> Path:
        """Odoo's own libraries and those of the tests."""
        return REQUIREMENTS / f"{self.name}.txt"

    @property
    def addon_requirements(self) -> Path:
        """The Odoo add-ons, installed without their dependencies."""
        return REQUIREMENTS / f"{self.name}-addons.txt"


SUPPORTED = {
    series.name: series for series in (Series("14.0", "3.9"), Series("16.0", "3.10"))
}


def series_of_tree(tree: Path) -> Series:
    """The series that an Odoo source tree says it is."""
    release = tree / "odoo" / "release.py"
    try:
        text = release.read_text()
    except OSError:
        raise Failure(
            f"{tree} is no Odoo source tree: it has no odoo/release.py"
        ) from None
    name = series_in_release(text)
    if name not in SUPPORTED:
        known = " or ".join(SUPPORTED)
        raise Failure(f"{tree} holds Odoo {name}, and only {known} is supported")
    return SUPPORTED[name]


def series_in_release(text: str) -> str:
    """The series in the text of an odoo/release.py.

    >>> series_in_release("version_info = (16, 0, 0, FINAL, 0, '')")
    '16.0'
    >>> series_in_release("")
    'of an unknown series'
    """
    found = re.search(r"^version_info\s*=\s*\(\s*(\d+)\s*,\s*(\d+)", text, re.MULTILINE)
    return f"{found[1]}.{found[2]}" if found else "of an unknown series"
