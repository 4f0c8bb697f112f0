"""Waiting for something to become true."""

from __future__ import annotations

import time
from typing import Callable, TypeVar

Found = TypeVar("Found")

PATIENCE = 300.0
INTERVAL = 0.1


class TooLate(Exception):
    """What was waited for did not happen in time."""


def wait_until(
    condition: Callable[[], Found],
    what: str,
    seconds: float = PATIENCE,
    interval: float = INTERVAL,
) -> Found:
    """The first true answer of a condition that is asked again and again.

    >>> wait_until(lambda: 3, "three")
    3
    >>> wait_until(lambda: None, "the impossible", seconds=0)
    Traceback (most recent call last):
    demonstration.patience.TooLate: waited 0 s in vain for the impossible
    """
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise TooLate(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(interval)
