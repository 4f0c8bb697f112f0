"""Store an opening holding as a JSON text, and read it back.

>>> from datetime import date
>>> from .holding import ShareLine
>>> opening = Opening("Anna", (ShareLine("A", 7, 50.0, date(2026, 1, 31)),), number=11)
>>> from_json(to_json(opening)) == opening
True
"""

from dataclasses import asdict

from .opening import Opening
from .plan_json import read_opening
from .stored_json import OPENING, dump, load


def to_json(opening: Opening) -> str:
    """Serialise ``opening`` for storing."""
    return dump(OPENING, asdict(opening))


def from_json(text: str) -> Opening:
    """Read the opening that :func:`to_json` serialised."""
    return read_opening(load(OPENING, text))
