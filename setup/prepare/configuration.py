"""Odoo's configuration file, and the folder through which Odoo sees this project's add-ons."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from .checkout import ALL_ADDONS, CHECKOUT, TEST_ADDONS

CHANNELS = "root:4,root.reconciliation_rollback:1"


def link_addons(folder: Path) -> Path:
    """A folder that shows the checkout's add-ons and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ALL_ADDONS + TEST_ADDONS:
        link = folder / name
        target = os.path.relpath(CHECKOUT / name, folder.resolve())
        if not link.is_symlink() or os.readlink(link) != target:
            link.unlink(missing_ok=True)
            link.symlink_to(target)
    return folder


def configuration_text(addon_folders: Sequence[Path], data: Path) -> str:
    """The file's text. How to reach the database is left to the PG... variables."""
    path = ",".join(str(folder) for folder in addon_folders)
    return f"""\
[options]
addons_path = {path}
data_dir = {data}
server_wide_modules = base,web,queue_job
http_interface = 127.0.0.1
list_db = False
workers = 0
limit_memory_soft = 8589934592
limit_time_cpu = 3600
limit_time_real = 3600
limit_time_real_cron = 3600

[queue_job]
channels = {CHANNELS}
"""


def write_if_changed(file: Path, text: str) -> Path:
    """Write a file in one go, and only where that changes it."""
    if not file.exists() or file.read_text() != text:
        unfinished = file.with_name(f"{file.name}.unfinished")
        unfinished.write_text(text)
        unfinished.replace(file)
    return file
