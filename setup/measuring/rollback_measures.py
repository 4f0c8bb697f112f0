"""A rollback of one operation: its steps, and the way from start to done."""

from __future__ import annotations

from contextlib import AbstractContextManager

from demonstration.patience import wait_until
from prepare.environment import Environment
from prepare.server import Server
from prepare.template_database import addons_database

from .books import Books
from .data import register
from .outcome import Outcome, Pair
from .register_parts import Entered, Mistakes
from .stopwatch import seconds

STATE = "SELECT state FROM reconciliation_rollback WHERE id = %s"
ENDS = ("done", "failed")
INTERVAL = 0.01
MISTAKES = "One"


def measure_steps(environment: Environment, scale: int, repeat: int) -> list[Outcome]:
    """The steps of a rollback, against the removal and the match that are part of it."""
    pairs = []
    with entered_register(environment, scale, repeat) as database:
        books = Books(database)
        for mistake in books.mistakes(MISTAKES):
            bare = books.match_bare(mistake)
            rollback = books.draft(mistake)
            books.press(rollback, "action_plan", "action_start")
            pairs.append(Pair(books.run_steps(rollback), bare))
    return [Outcome("Steps of a rollback of one operation", pairs, 2)]


def measure_jobs(environment: Environment, scale: int, repeat: int) -> list[Outcome]:
    """From the start to the end of a rollback that a server's job runner carries out."""
    pairs = []
    with entered_register(environment, scale, repeat) as database:
        books = Books(database)
        with Server(environment, database) as server:
            for mistake in books.mistakes(MISTAKES):
                bare = books.match_bare(mistake)
                rollback = books.draft(mistake)
                books.press(rollback, "action_plan")

                def work(rollback: int = rollback) -> None:
                    books.press(rollback, "action_start")
                    wait_until(
                        lambda: books.ask(STATE, rollback)[0][0] in ENDS,
                        f"{server.url} to end rollback {rollback}",
                        interval=INTERVAL,
                    )

                pairs.append(Pair(seconds(work), bare))
                books.expect_done(rollback)
    return [Outcome("Start to done, through jobs and runner", pairs, 10)]


def entered_register(
    environment: Environment, scale: int, repeat: int
) -> AbstractContextManager[str]:
    """A database with as many mistakes as are measured; see `register`."""
    parts = [Entered(scale), Mistakes(MISTAKES, repeat)]
    template = addons_database(environment)
    return register(environment, template, f"entered_{scale}", parts)
