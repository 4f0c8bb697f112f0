"""Finding a Python of a given version on this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from glob import escape, glob
from pathlib import Path

from .command import output_of
from .console import Failure, step

USABLE = "import sys, ssl, venv, ensurepip; print(*sys.version_info[:2], sep='.')"


def find_python(*versions: str) -> Path:
    """A Python of the first of these versions that is here, for instance "3.9".

    Looked for on PATH, below pyenv's folder of versions and, where `uv` is there, by `uv`.
    """
    for version in versions:
        for candidate in candidates(version):
            if output_of([candidate, "-c", USABLE]) == version:
                return candidate.absolute()
    raise Failure(
        f"Python {' or '.join(versions)} (with venv and ssl) is needed and was found neither"
        " on PATH, nor below ~/.pyenv/versions, nor by uv"
    )


def candidates(version: str) -> Iterator[Path]:
    """Programs that may be a Python of this version, the best first."""
    on_path = shutil.which(f"python{version}")
    if on_path:
        yield Path(on_path)
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    # unlike Path.glob it passes over a folder that is not for this user to read
    found = glob(f"{escape(str(pyenv))}/versions/{version}.*/bin/python{version}")
    yield from map(Path, sorted(found, reverse=True))
    if shutil.which("uv"):
        if not output_of(["uv", "python", "find", version]):
            with step(f"Installing Python {version} with uv"):
                output_of(["uv", "python", "install", version])
        by_uv = output_of(["uv", "python", "find", version])
        if by_uv:
            yield Path(by_uv)
