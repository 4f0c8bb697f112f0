"""Databases with a scene at different moments of its rollback, made once and copied."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from demonstration.client import Client
from demonstration.patience import wait_until
from demonstration.rollback import MODEL, Rollback
from fixtures.cooperative import ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD
from prepare.environment import Environment
from prepare.postgresql_connection import rows_of
from prepare.server import Server
from prepare.template_database import addons_database

from .scene import Scene
from .worked_on import Work, story_files, work_key, worked_on

PLANNED = "planned"
STARTED = "started"
DONE = "done"
REVERTING = "reverting"


class SceneDatabases:
    """The names of databases that hold the scene, one for each way of numbering.

    They are as new as the add-ons, the scene and the day: dates are compared too.
    """

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.addons = addons_database(environment)
        self.key = work_key(environment, self.addons, sources())

    def planned(self, numbering: str) -> str:
        """The rollback is planned: nothing is touched yet."""

        def work(server: Server) -> None:
            Scene.make(server).plan_rollback(numbering=numbering)

        return self.made(f"{numbering}_{PLANNED}", self.addons, work, channels=None)

    def started(self, numbering: str) -> str:
        """The rollback was started, and its first job waits for a runner."""

        def work(server: Server) -> None:
            record = rollback_in(self.environment, server.database)
            Rollback(accountant_of(server), record).press("action_start")

        source = self.planned(numbering)
        return self.made(f"{numbering}_{STARTED}", source, work, channels=None)

    def done(self, numbering: str) -> str:
        """The rollback has ended, and no fault came in between."""

        def work(server: Server) -> None:
            wait_until(
                lambda: rollback_states(self.environment, server.database) == [DONE],
                "the rollback without a fault to be done",
            )
            wait_until(
                lambda: not unfinished_jobs(self.environment, server.database),
                "the last job to be done",
            )

        return self.made(f"{numbering}_{DONE}", self.started(numbering), work)

    def reverting(self, numbering: str) -> str:
        """The rollback has ended and is to be undone; the first job waits for a runner."""

        def work(server: Server) -> None:
            accountant_of(server).call(
                MODEL, "action_revert", [rollback_in(self.environment, server.database)]
            )

        source = self.done(numbering)
        return self.made(f"{numbering}_{REVERTING}", source, work, channels=None)

    def made(self, purpose: str, source: str, work: Work, **options: object) -> str:
        """A copy of a database in which some work was done on a running server."""
        purpose = f"scene_{purpose}"
        return worked_on(self.environment, purpose, source, self.key, work, **options)


def sources() -> Sequence[Path]:
    """The files that decide what the scene is."""
    here = Path(__file__).parent
    own = [here / name for name in ("scene.py", "scene_databases.py")]
    return [*own, *story_files()]


def accountant_of(server: Server) -> Client:
    """The accountant of the scene on a server, logged in."""
    return Client(server.url, server.database, ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD)


def rollback_in(environment: Environment, database: str) -> int:
    """The id of the scene's rollback."""
    query = "SELECT id FROM reconciliation_rollback"
    ((rollback,),) = rows_of(environment.databases, database, query)
    return rollback


def rollback_states(environment: Environment, database: str) -> list[str]:
    query = "SELECT state FROM reconciliation_rollback ORDER BY id"
    return [state for (state,) in rows_of(environment.databases, database, query)]


def unfinished_jobs(environment: Environment, database: str) -> list[tuple[str, str]]:
    """The id and the state of each job that something still has to be done with."""
    query = (
        "SELECT uuid, state FROM queue_job"
        " WHERE state NOT IN ('done', 'cancelled', 'failed') ORDER BY id"
    )
    return rows_of(environment.databases, database, query)
