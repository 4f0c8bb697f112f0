"""Odoo 14.0 from Debian 11's packages, extracted into a folder: nothing is installed.

The web client's libraries go into the same folder, for Odoo's package links to them.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from .command import output_of, run_logged
from .console import Failure, step
from .stamp import Stamp, digest

SUITE = "bullseye"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PACKAGES = (
    "odoo-14",
    "libjs-jquery",
    "libjs-jquery-ui",
    "libjs-underscore",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-glyphicons-halflings",
)


def prepare_debian_odoo(folder: Path, logs: Path) -> Path:
    """The folder, inside the given one, that holds Debian's `odoo` Python package."""
    stamp = Stamp(folder)
    key = digest(SUITE, *PACKAGES)
    if not stamp.is_current(key):
        require_apt()
        stamp.begin()
        with step("Downloading Odoo 14.0 from Debian 11 (70 MB)"):
            packages = download(folder / "download", logs)
        with step("Extracting Odoo 14.0"):
            for package in packages:
                run_logged(
                    ["dpkg-deb", "--extract", package, folder / "root"],
                    f"extracting {package.name}",
                    logs / "extract.log",
                )
            shutil.rmtree(folder / "download")
        stamp.complete(key)
    return folder / "root" / "usr" / "lib" / "python3" / "dist-packages"


def require_apt() -> None:
    missing = [name for name in ("apt-get", "dpkg-deb") if not shutil.which(name)]
    if missing or not KEYRING.exists():
        raise Failure(
            "Odoo 14.0 comes from Debian's packages, which need apt-get, dpkg-deb and"
            f" {KEYRING}: elsewhere, name an Odoo source tree in ODOO_HOME"
        )


def download(folder: Path, logs: Path) -> list[Path]:
    """Download the packages with a private APT list and state; their files."""
    mirrors = archive_mirrors()
    if not mirrors:
        raise Failure("APT has no Debian archive to download Odoo 14.0 from")
    for mirror in mirrors[:-1]:
        try:
            return download_from(mirror, folder, logs)
        except Failure:
            continue
    return download_from(mirrors[-1], folder, logs)


def download_from(mirror: str, folder: Path, logs: Path) -> list[Path]:
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("lists/partial", "cache/archives/partial", "packages"):
        (folder / part).mkdir(parents=True)
    sources = folder / "sources.list"
    sources.write_text(f"deb [signed-by={KEYRING}] {mirror} {SUITE} main\n")
    options = [
        f"-oDir::Etc::sourcelist={sources}",
        "-oDir::Etc::sourceparts=/dev/null",
        f"-oDir::State::Lists={folder / 'lists'}",
        f"-oDir::Cache={folder / 'cache'}",
        "-oDir::State::status=/dev/null",
        "-oAcquire::Languages=none",
        "-oAcquire::Check-Valid-Until=false",
    ]
    if os.geteuid() == 0:
        options.append("-oAPT::Sandbox::User=root")
    run_logged(
        ["apt-get", *options, "--error-on=any", "update"],
        "reading Debian 11's list of packages",
        logs / "apt-update.log",
    )
    run_logged(
        ["apt-get", *options, "download", *PACKAGES],
        "downloading Debian 11's packages",
        logs / "apt-download.log",
        folder / "packages",
    )
    return sorted((folder / "packages").glob("*.deb"))


def archive_mirrors() -> list[str]:
    """The archives that this machine's APT uses, those known to be Debian's own first."""
    command = ["apt-get", "indextargets"]
    known = output_of(
        [*command, "--format", "$(REPO_URI)", "Created-By: Packages", "Label: Debian"]
    )
    every = output_of(
        [
            *command,
            "-oAPT::Get::IndexTargets::ReleaseInfo=0",
            "--format",
            "$(REPO_URI)",
            "Created-By: Packages",
        ]
    )
    lines = f"{known or ''}\n{every or ''}".split("\n")
    return list(dict.fromkeys(line for line in lines if line))
