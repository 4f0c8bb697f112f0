"""Running Odoo once to its end, with its log kept."""

from __future__ import annotations

from collections.abc import Sequence

from .command import run_logged
from .environment import Environment


def install_modules(
    environment: Environment, database: str, modules: Sequence[str], *arguments: str
) -> None:
    """Install modules in a database without demo data; a Failure if Odoo says it failed."""
    run_logged(
        [
            *environment.odoo_command,
            f"--database={database}",
            f"--init={','.join(modules)}",
            "--without-demo=all",
            "--stop-after-init",
            "--no-http",
            "--max-cron-threads=0",
            *arguments,
        ],
        f"installing {', '.join(modules)}",
        environment.logs / f"install-{database}.log",
        environment.folder,
        environment.variables,
    )
