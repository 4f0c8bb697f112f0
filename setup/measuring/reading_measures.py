"""Planning and checking a whole register, against reading it once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable

from demonstration.rollback import MODEL
from prepare.environment import Environment
from prepare.postgresql_connection import connect

from .books import Books
from .large_register import large_register
from .odoo_process import flush, transaction
from .outcome import Outcome, Pair
from .stopwatch import seconds

READ = "SELECT * FROM subscription_register"
GOALS = {"Plan": 10, "Register check": 10}
# a register of this part of the size, but not a smaller one, needs as many queries
PART = 100
SMALLEST = 1000
Works = dict[str, Callable[[Any], None]]


@dataclass(frozen=True)
class Reading:
    """How long a work took each time, and how many queries it asked."""

    pairs: list[Pair]
    queries: set[int]


def measure_readings(
    environment: Environment, scale: int, repeat: int
) -> list[Outcome]:
    """The plan of a rollback and the register check."""
    small = read_register(environment, max(scale // PART, SMALLEST), repeat)
    large = read_register(environment, scale, repeat)
    return [
        Outcome(
            name,
            large[name].pairs,
            goal,
            words(small[name].queries | large[name].queries),
        )
        for name, goal in GOALS.items()
    ]


def read_register(
    environment: Environment, size: int, repeat: int
) -> dict[str, Reading]:
    with large_register(environment, size) as database:
        books = Books(database)
        mistake, *_others = books.mistakes("keep_gap")
        works: Works = {"Plan": plan_of(books.draft(mistake)), "Register check": check}
        return {
            name: measure(environment, database, work, repeat)
            for name, work in works.items()
        }


def measure(
    environment: Environment,
    database: str,
    work: Callable[[Any], None],
    repeat: int,
) -> Reading:
    """Work in a transaction that is undone, against reading the register."""
    with transaction(database, keep=False) as env:
        # what a process asks only once, about its models and rights
        work(env)
        flush(env)
    reading = Reading([], set())
    for _time in range(repeat):
        bare = read_bare(environment, database)
        with transaction(database, keep=False) as env:

            def whole(env: Any = env) -> None:
                work(env)
                flush(env)

            before = env.cr.sql_log_count
            reading.pairs.append(Pair(seconds(whole), bare))
            reading.queries.add(env.cr.sql_log_count - before)
    return reading


def plan_of(rollback: int) -> Callable[[Any], None]:
    def plan(env: Any) -> None:
        env[MODEL].browse(rollback).action_plan()

    return plan


def check(env: Any) -> None:
    env["cooperator.register.check"]._get_check(env.company).action_check()


def read_bare(environment: Environment, database: str) -> float:
    """Read the register row by row past Odoo; how long it takes."""
    connection = connect(environment.databases, database)
    try:
        with connection.cursor() as cursor:

            def work() -> None:
                cursor.execute(READ)
                cursor.fetchall()

            return seconds(work)
    finally:
        connection.close()


def words(queries: set[int]) -> str:
    """How many queries registers of both sizes needed, in words.

    >>> words({7}), words({7, 8})
    ('7 queries, as in a small one', '7 to 8 queries')
    """
    fewest, most = min(queries), max(queries)
    if fewest == most:
        return f"{most} queries, as in a small one"
    return f"{fewest} to {most} queries"
