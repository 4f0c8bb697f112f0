"""Retry patterns as ``queue_job`` writes them: from which retry on, how long to wait.

``{1: 10, 5: 60}`` waits ten seconds from the first retry on and a minute from the fifth.
A pair, as in ``{1: (1, 10)}``, stands for a random wait between its two numbers.
"""

from __future__ import annotations

import ast
from typing import Any, Union

LONGEST_WAIT = 365 * 24 * 3600
MOST_RETRIES = 1_000_000

Wait = Union[int, tuple[int, int]]


class NotAPatternError(ValueError):
    """The text is no dictionary of waits by retry."""


class AbsurdWaitError(ValueError):
    """A wait is negative or endless, or a pair begins with its longer wait."""


def parse_pattern(text: str) -> dict[int, Wait]:
    """Read a retry pattern.

    Accept what ``queue_job`` accepts in a job function's own pattern.

    >>> parse_pattern("{1: 10, 5: (11, 20)}")
    {1: 10, 5: (11, 20)}
    >>> parse_pattern("{'1': '10', 5: [11, 20.0]}")
    {1: 10, 5: (11, 20)}

    :raises NotAPatternError: the text is no dictionary of numbers and pairs
    :raises AbsurdWaitError: ``queue_job`` could not keep one of the waits
    """
    try:
        entries = ast.literal_eval(text)
    except (
        MemoryError,
        RecursionError,
        SyntaxError,
        TypeError,
        ValueError,
    ) as error:
        raise NotAPatternError(text) from error
    return read_pattern(entries)


def read_pattern(entries: Any) -> dict[int, Wait]:
    """Read a retry pattern that is no text any more, such as one that came over RPC.

    >>> read_pattern({"1": 10, "5": [11, 20]})
    {1: 10, 5: (11, 20)}

    :raises NotAPatternError: it is no dictionary of numbers and pairs
    :raises AbsurdWaitError: ``queue_job`` could not keep one of the waits
    """
    try:
        pattern = {int(retry): _wait(wait) for retry, wait in entries.items()}
    except OverflowError as error:  # infinity is a number, but no int
        raise AbsurdWaitError from error
    except (AttributeError, TypeError, ValueError) as error:
        raise NotAPatternError from error
    if not all(_is_possible(retry, wait) for retry, wait in pattern.items()):
        raise AbsurdWaitError
    return pattern


def _wait(value: Any) -> Wait:
    if isinstance(value, (tuple, list)):
        shortest, longest = value
        return int(shortest), int(longest)
    return int(value)


def _is_possible(retry: int, wait: Wait) -> bool:
    shortest, longest = wait if isinstance(wait, tuple) else (wait, wait)
    return 0 <= retry <= MOST_RETRIES and 0 <= shortest <= longest <= LONGEST_WAIT
