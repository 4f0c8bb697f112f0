"""A lock between processes, so that two preparations never work on the same files."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .console import say


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the lock on a file; waits, and says so, while another process holds it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another preparation in this checkout ...")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
