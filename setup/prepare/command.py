"""Programs that preparation runs, with their output kept in a log file."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Optional, Union

from .console import Failure

REASON = re.compile(r"(E:|error|fatal|[\w.]*(Error|Exception):)", re.IGNORECASE)
Words = Sequence[Union[str, Path]]


def run_logged(
    words: Words,
    purpose: str,
    log: Path,
    folder: Optional[Path] = None,
    variables: Optional[Mapping[str, str]] = None,
    text: str = "",
) -> None:
    """Run a program to its end; a Failure that names the purpose and the log if it fails.

    `text` is what the program reads from its standard input.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        result = subprocess.run(
            [str(word) for word in words],
            input=text.encode(),
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=variables,
            check=False,
        )
    if result.returncode:
        reason = last_reason(log.read_text(errors="replace"))
        raise Failure(f"{purpose} failed: {reason} (all of it: {log})")


def output_of(
    words: Words, variables: Optional[Mapping[str, str]] = None
) -> Optional[str]:
    """What a program prints, without the final newline; None where it fails or is not there."""
    try:
        result = subprocess.run(
            [str(word) for word in words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=variables,
            text=True,
            check=False,
        )
    except OSError:
        return None
    return result.stdout.rstrip("\n") if result.returncode == 0 else None


def last_reason(output: str) -> str:
    """The line of a program's output that most likely says why it failed.

    >>> last_reason("Collecting x\\nERROR: no such package\\n\\nnotice: upgrade")
    'ERROR: no such package'
    >>> last_reason("Traceback:\\nodoo.exceptions.UserError: not here\\nshutting down")
    'odoo.exceptions.UserError: not here'
    >>> last_reason("one\\ntwo\\n")
    'two'
    >>> last_reason("")
    'it printed nothing'
    """
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for line in reversed(lines):
        if REASON.match(line):
            return line
    return lines[-1] if lines else "it printed nothing"
