"""Planning and checking a whole register, against reading it once."""

from __future__ import annotations

from typing import Any, Callable

from demonstration.rollback import MODEL
from prepare.environment import Environment
from prepare.postgresql_connection import connect

from .books import Books
from .large_register import large_register
from .odoo_process import flush, transaction
from .outcome import Outcome, Pair
from .stopwatch import counted_queries, seconds

READ = "SELECT * FROM subscription_register"
# a register of this share of the size has to need as many queries
SMALLER = 100


def measure_readings(
    environment: Environment, scale: int, repeat: int
) -> list[Outcome]:
    """The plan of a rollback and the register check."""
    small = max(scale // SMALLER, 1000)
    pairs: dict[str, list[Pair]] = {"plan": [], "check": []}
    queries: dict[str, list[int]] = {"plan": [], "check": []}
    for size in (small, scale):
        with large_register(environment, size) as database:
            books = Books(database)
            mistake, *_others = books.mistakes("keep_gap")
            works = {"plan": plan_of(books.draft(mistake)), "check": check}
            for name, work in works.items():
                found = measure(environment, database, work, queries[name], repeat)
                if size == scale:
                    pairs[name] = found
    return [
        Outcome("Plan", pairs["plan"], 10, words(queries["plan"])),
        Outcome("Register check", pairs["check"], 20, words(queries["check"])),
    ]


def measure(
    environment: Environment,
    database: str,
    work: Callable[[Any], None],
    queries: list[int],
    repeat: int,
) -> list[Pair]:
    """Work in a transaction that is undone, against reading the register."""
    with transaction(database, keep=False) as env:
        # what a process asks only once, about its models and rights
        work(env)
        flush(env)
    pairs = []
    for _time in range(repeat):
        read = read_bare(environment, database)
        with transaction(database, keep=False) as env:

            def whole(env: Any = env) -> None:
                work(env)
                flush(env)

            with counted_queries(env, queries):
                pairs.append(Pair(seconds(whole), read))
    return pairs


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


def words(queries: list[int]) -> str:
    """How many queries were needed, in words.

    >>> words([7, 7]), words([7, 8])
    ('7 queries, as for a hundredth of it', '7 to 8 queries')
    """
    fewest, most = min(queries), max(queries)
    if fewest == most:
        return f"{most} queries, as for a hundredth of it"
    return f"{fewest} to {most} queries"
