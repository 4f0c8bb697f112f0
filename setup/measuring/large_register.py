"""The register of a hundred thousand operations, and the mistakes in it.

`scale` is the number of operations. With the usual one, 100,000, nearly that many came after
the mistakes that are named after a way of numbering, and exactly 10,000, 1,000, 100 and one
after the others.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from prepare.environment import Environment
from prepare.template_database import addons_database

from .data import Part, register
from .register_parts import OPERATIONS, Copied, Mistakes

NUMBERINGS = ("keep_gap", "close_gap", "dependents")
MISTAKES = 6


def cascade_lengths(scale: int) -> tuple[int, int, int]:
    """How many operations come after the mistakes of each cascade, the fewest first.

    >>> cascade_lengths(100_000)
    (100, 1000, 10000)
    """
    return scale // 1000, scale // 100, scale // 10


def large_register(
    environment: Environment, scale: int, purpose: str = "bench"
) -> AbstractContextManager[str]:
    """The database with the register; see `register`."""
    few, more, many = cascade_lengths(scale)
    parts: list[Part] = [
        *(Mistakes(name, MISTAKES, name == "dependents") for name in NUMBERINGS),
        Copied("Early", scale - many),
        Mistakes("Many", 1),
        *exactly("Middle", many - more - 1),
        Mistakes("More", 1),
        *exactly("Late", more - few - 1),
        Mistakes("Few", 1),
        *exactly("Near", few - 2),
        Mistakes("Last", 1),
        Mistakes("End", 1),
    ]
    template = addons_database(environment)
    return register(environment, template, f"large_{scale}", parts, purpose)


def exactly(name: str, operations: int) -> list[Part]:
    """So many operations: copies of whole families, and mistakes for the rest.

    >>> exactly("Near", 98)
    [Copied(name='Near', operations=90), Mistakes(name='Near', how_many=8, are_sold=False)]
    >>> exactly("Near", 0)
    []
    """
    families, rest = divmod(operations, OPERATIONS)
    parts: list[Part] = []
    if families:
        parts.append(Copied(name, families * OPERATIONS))
    if rest:
        parts.append(Mistakes(name, rest))
    return parts
