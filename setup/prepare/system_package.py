"""Programs of the system, installed with APT where that is possible."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Callable, Optional

from .checkout import PREPARED
from .command import output_of, run_logged
from .console import Failure, step


def require_program(
    name: str, package: str, find: Optional[Callable[[], Optional[Path]]] = None
) -> Path:
    """The path of a program; its Debian package is installed where it is missing.

    `find` looks for it where it is not simply on PATH.
    """
    look = find or (lambda: program_on_path(name))
    found = look()
    if found is None:
        install(package, name)
        found = look()
    if found is None:
        raise Failure(f"{name} is still missing after package {package} was installed")
    return found


def program_on_path(name: str) -> Optional[Path]:
    found = shutil.which(name)
    return Path(found) if found else None


def install(package: str, program: str) -> None:
    """Install a Debian package as root; a Failure that says what to do for anyone else."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Failure(
            f"{program} is missing: install Debian's package {package}, or run this once as root"
        )
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with step(f"Installing Debian's package {package}"):
        output_of(["apt-get", "update"], variables)
        run_logged(
            ["apt-get", "install", "--yes", "--no-install-recommends", package],
            f"installing {package}",
            PREPARED / "logs" / f"apt-{package}.log",
            variables=variables,
        )
