"""A rollback of one operation: its steps, and the way from start to done."""

from __future__ import annotations

from demonstration.patience import wait_until
from prepare.environment import Environment
from prepare.server import Server
from prepare.template_database import addons_database

from .books import Books
from .data import register
from .odoo_process import leave
from .outcome import Outcome, Pair
from .register_parts import Entered, Mistakes
from .stopwatch import seconds

STATE = "SELECT state FROM reconciliation_rollback WHERE id = %s"
ENDS = ("done", "failed")
INTERVAL = 0.01


def measure_steps(environment: Environment, scale: int, repeat: int) -> list[Outcome]:
    """The steps of a rollback, against the removal and the match that are part of it."""
    parts = [Entered(scale), Mistakes("One", 2 * repeat)]
    template = addons_database(environment)
    pairs = []
    with register(environment, template, f"entered_{scale}", parts) as database:
        books = Books(database)
        for mistake in books.mistakes("One")[:repeat]:
            bare = books.match_bare(mistake)
            rollback = books.draft(mistake)
            books.press(rollback, "action_plan", "action_start")
            pairs.append(Pair(books.run_steps(rollback), bare))
    return [Outcome("Steps of a rollback of one operation", pairs, 2)]


def measure_jobs(environment: Environment, scale: int, repeat: int) -> list[Outcome]:
    """From the start to the end of a rollback that a server's job runner carries out."""
    parts = [Entered(scale), Mistakes("One", 2 * repeat)]
    template = addons_database(environment)
    pairs = []
    with register(environment, template, f"entered_{scale}", parts) as database:
        books = Books(database)
        leave(database)
        with Server(environment, database) as server:
            for mistake in books.mistakes("One")[repeat:]:
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
