"""Rollbacks that a whole register came after, against an UPDATE of its numbers."""

from __future__ import annotations

from prepare.environment import Environment

from .books import Books
from .large_register import NUMBERINGS, large_register
from .odoo_process import transaction
from .outcome import Outcome, Pair
from .stopwatch import seconds

OPTIONS = {
    "keep_gap": {"numbering": "keep_gap"},
    "close_gap": {"numbering": "close_gap"},
    "dependents": {"cascade": "dependents"},
}
# numbers are unique on 16.0 at every moment
UPDATES = (
    "UPDATE subscription_register"
    " SET register_number_operation = - register_number_operation"
    " WHERE register_number_operation > 0",
    "UPDATE cooperative_membership"
    " SET cooperator_register_number = - cooperator_register_number"
    " WHERE cooperator_register_number > 0",
)


def measure_numberings(
    environment: Environment, scale: int, repeat: int
) -> list[Outcome]:
    """From the start to the last step, in each way of numbering."""
    with large_register(environment, scale) as database:
        books = Books(database)
        return [measure_numbering(books, name, repeat) for name in NUMBERINGS]


def measure_numbering(books: Books, name: str, repeat: int) -> Outcome:
    pairs = []
    for mistake in books.mistakes(name)[:repeat]:
        bare = update_bare(books.database)
        rollback = books.draft(mistake, **OPTIONS[name])
        books.press(rollback, "action_plan")
        started = seconds(lambda r=rollback: books.press(r, "action_start"))
        pairs.append(Pair(started + books.run_steps(rollback), bare))
    return Outcome(f"``{name}``, a whole register later", pairs, 10)


def update_bare(database: str) -> float:
    """Write to all rows, and undo it; how long it takes."""
    with transaction(database, keep=False) as env:

        def work() -> None:
            for update in UPDATES:
                env.cr.execute(update)

        return seconds(work)
