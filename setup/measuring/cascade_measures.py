"""All later operations taken back and applied again, against their bare removals and matches.

Each batch is measured with its own: the same matches are removed, or made, without the
rollback, and that is undone. A pair is a batch on both its ways, with its part of the other
steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Any

from demonstration.rollback import STEP_MODEL
from prepare.environment import Environment

from .books import Books
from .large_register import large_register
from .odoo_process import flush, transaction
from .outcome import Outcome, Pair
from .stopwatch import forget_peak_memory, peak_memory, seconds

TAKE_BACK = "take_back"
APPLY_AGAIN = "apply_again"
CASCADES = ("Few", "More", "Many")
# a cascade of one batch is one pair
REPEATED = "Few"


@dataclass(frozen=True)
class Run:
    """A cascade that was carried out once.

    It is `later` operations long; `rest` is how long the other steps took, in seconds, and
    `memory` how many MB it needed.
    """

    pairs: list[Pair]
    later: int
    rest: float
    memory: int

    @property
    def each(self) -> float:
        """Milliseconds for each later operation."""
        return 1000 * sum(pair.measured for pair in self.pairs) / self.later

    @property
    def each_in_batches(self) -> float:
        """The same without the other steps, which are as many in each cascade."""
        return self.each - 1000 * self.rest / self.later


def measure_cascades(
    environment: Environment, scale: int, repeat: int
) -> list[Outcome]:
    """Cascades of three lengths, each in a fresh copy of the same register."""
    return [
        measure_cascade(environment, scale, name, repeat if name == REPEATED else 1)
        for name in CASCADES
    ]


def measure_cascade(
    environment: Environment, scale: int, name: str, times: int
) -> Outcome:
    runs = []
    for _time in range(times):
        with large_register(environment, scale) as database:
            runs.append(run_cascade(Books(database), name))
    each = median(run.each for run in runs)
    in_batches = median(run.each_in_batches for run in runs)
    return Outcome(
        f"``all`` over {runs[0].later} later operations",
        [pair for run in runs for pair in run.pairs],
        1.5,
        f"{each:.0f} ms each, {in_batches:.0f} of them in batches, "
        f"{max(run.memory for run in runs)} MB more",
    )


def run_cascade(books: Books, name: str) -> Run:
    (mistake,) = books.mistakes(name)
    later = books.later_than(mistake)
    rollback = books.draft(mistake, cascade="all")
    books.press(rollback, "action_plan", "action_start")
    forget_peak_memory()
    before = peak_memory()
    batches: dict[str, list[Pair]] = {TAKE_BACK: [], APPLY_AGAIN: []}
    rest = 0.0
    for step in books.steps(rollback):
        kind = books.accountant.read(STEP_MODEL, step, ["kind"])["kind"]
        if kind in batches:
            bare = measure_bare(books, step, kind)
            batches[kind].append(Pair(books.run_step(step), bare))
        else:
            rest += books.run_step(step)
    books.expect_done(rollback)
    pairs = [
        Pair(
            taken.measured + applied.measured + rest / len(batches[TAKE_BACK]),
            taken.yardstick + applied.yardstick,
        )
        # what is taken back last is applied first
        for taken, applied in zip(batches[TAKE_BACK], batches[APPLY_AGAIN][::-1])
    ]
    return Run(pairs, later, rest, peak_memory() - before)


def measure_bare(books: Books, step: int, kind: str) -> float:
    """Do the accounting of a batch alone, and undo it; how long it takes."""
    with transaction(books.database, keep=False) as env:
        # what a payment brings is made, though a rollback holds the register
        record = env[STEP_MODEL].browse(step)._as_rollback()
        work = remove_bare if kind == TAKE_BACK else match_bare
        return seconds(lambda: work(env, record))


def remove_bare(env: Any, step: Any) -> None:
    kind = step._get_kind()
    kind._get_completing_matches(kind._get_lines(step)).unlink()
    flush(env)


def match_bare(env: Any, step: Any) -> None:
    items = step.env["account.move.line"].with_company(step.company_id)
    for match in step._get_kind()._get_batch(step)["matches"]:
        items.browse(match["items"]).reconcile()
    flush(env)
