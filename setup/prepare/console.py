"""What the scripts say while they work: on standard error, one line an event."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Callable


class Failure(Exception):
    """Something needed is missing and cannot be had: its text is the one line to show."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Say what begins, and how long it took once it is done."""
    say(f"{text} ...")
    started = time.monotonic()
    yield
    say(f"  done in {time.monotonic() - started:.1f} s")


def exit_status_of(script: Callable[[list[str]], int]) -> int:
    """Run a script with the command line's arguments; its status, or 1 after a Failure."""
    try:
        return script(sys.argv[1:])
    except Failure as failure:
        say(f"error: {failure}")
        return 1
    except KeyboardInterrupt:
        say("interrupted")
        return 130
