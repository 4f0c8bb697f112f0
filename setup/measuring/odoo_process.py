"""Odoo inside this process, with transactions one by one as a server's workers have them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import odoo
from odoo import SUPERUSER_ID, api

from demonstration.client import Client, Refused
from prepare.environment import Environment

QUIET = ("odoo", "py.warnings", "werkzeug")


def begin(environment: Environment) -> None:
    """Make this process an Odoo that answers nobody and runs no scheduled action."""
    odoo.tools.config.parse_config(
        [f"--config={environment.configuration_file}", "--max-cron-threads=0"]
    )
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)


@contextmanager
def transaction(
    database: str, user: int = SUPERUSER_ID, keep: bool = True
) -> Iterator[Any]:
    """An ORM environment in a transaction of its own, with nothing cached.

    `keep` says whether what was done remains.
    """
    managed = getattr(api.Environment, "manage", nullcontext)
    with managed(), odoo.registry(database).cursor() as cursor:
        yield api.Environment(cursor, user, {})
        if not keep:
            cursor.rollback()


def leave(database: str) -> None:
    """Close all connections to a database, which others may copy or remove then."""
    odoo.modules.registry.Registry.delete(database)
    odoo.sql_db.close_db(database)


class LocalClient(Client):
    """A user who asks Odoo's services in this process: all but HTTP is as on a server."""

    def ask(self, service: str, method: str, *arguments: Any) -> Any:
        try:
            with getattr(api.Environment, "manage", nullcontext)():
                return self.dispatch(service, method, arguments)
        except odoo.exceptions.UserError as error:
            raise Refused(error.args[0], type(error).__name__) from error

    def dispatch(self, service: str, method: str, arguments: Sequence[Any]) -> Any:
        if service == "common":
            return odoo.service.common.dispatch(method, list(arguments))
        return odoo.service.model.dispatch(method, list(arguments))


def flush(env: Any) -> None:
    """Do all that is pending, as the end of a transaction does."""
    if hasattr(env.cr, "flush"):
        env.cr.flush()
    else:
        env["base"].flush()
        env.cr.precommit.run()
