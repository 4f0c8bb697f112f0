"""The steps of the scene's rollback, by the number that each is shown with."""

from __future__ import annotations

from collections.abc import Sequence

from .moments import AFTER
from .scene import BATCH_SIZE, LATER_OPERATIONS

MANUAL = [str(number) for number in range(1, 12)]
FIRST, LAST = MANUAL[0], MANUAL[-1]
STANDING_OPERATIONS = LATER_OPERATIONS - 2
BATCHES = range(1, 1 + -(-STANDING_OPERATIONS // BATCH_SIZE))


def places(renumbering: bool) -> list[str]:
    """The numbers of all steps in their order.

    >>> places(renumbering=False)[:3], len(places(renumbering=True))
    (['1', '2', '2.1'], 20)
    """
    between = {
        "2": [f"2.{batch}" for batch in BATCHES],
        "8": [f"8.{batch}" for batch in BATCHES],
    }
    if renumbering:
        between["8"].append(f"8.{len(BATCHES) + 1}")
    return [place for number in MANUAL for place in [number, *between.get(number, [])]]


PLACES = {
    "reuse": places(renumbering=False),
    "close_gap": places(renumbering=True),
}
EVERY_PLACE = [
    (numbering, place) for numbering in PLACES for place in PLACES[numbering]
]
# the way of numbering that has all kinds of steps
SAMPLE = "close_gap"


def before_last(places: Sequence[str], moment: str) -> Sequence[str]:
    """The places at which there is such a moment: no job comes after the last one."""
    return places[:-1] if moment == AFTER else places
