"""Run Odoo once to its end and keep its log."""

from __future__ import annotations

from collections.abc import Sequence

from .command import run_logged
from .environment import Environment


def install_modules(
    environment: Environment, database: str, modules: Sequence[str], *arguments: str
) -> None:
    """Install modules in a database without demo data; a Failure if Odoo says it failed."""
    names = ",".join(modules)
    load_modules(environment, database, "installing", f"--init={names}", *arguments)


def update_modules(
    environment: Environment, database: str, modules: Sequence[str]
) -> None:
    """Update modules in a database, as after each release; a Failure if Odoo says so."""
    names = ",".join(modules)
    load_modules(environment, database, "updating", f"--update={names}")


def load_modules(
    environment: Environment, database: str, what: str, *arguments: str
) -> None:
    """Let Odoo load a database's modules once and end."""
    run_logged(
        [
            *environment.odoo_command,
            f"--database={database}",
            "--without-demo=all",
            "--stop-after-init",
            "--no-http",
            "--max-cron-threads=0",
            *arguments,
        ],
        f"{what} modules: {arguments[0]}",
        environment.logs / f"{what}-{database}.log",
        environment.folder,
        environment.variables,
    )


def run_script(
    environment: Environment, database: str, script: str, purpose: str
) -> None:
    """Run Python in Odoo's shell, which has `env`; a Failure if it raises."""
    run_logged(
        [
            *environment.odoo_command,
            "shell",
            f"--database={database}",
            "--no-http",
            "--shell-interface=python",
        ],
        purpose,
        environment.logs / f"script-{database}.log",
        environment.folder,
        {**environment.variables, "ODOO_QUEUE_JOB_CHANNELS": "root:0"},
        script,
    )
