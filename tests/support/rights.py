"""Who may do what: a table that a person can read, and trying whether it is so."""

from __future__ import annotations

from typing import Any, Callable

from demonstration.client import Refused

Row = dict[str, str]
REFUSALS = {
    "odoo.exceptions.AccessError",
    "odoo.exceptions.AccessDenied",
    "odoo.exceptions.UserError",
    "odoo.http.SessionExpiredException",
}


def read_table(text: str) -> dict[str, Row]:
    """The rows of a table by their first word, each with a word for each column.

    The first line names the columns.

    >>> read_table('''
    ...              manager  portal
    ... some.model   rw       .
    ... ''')
    {'some.model': {'manager': 'rw', 'portal': '.'}}
    """
    heading, *lines = [line.split() for line in text.strip().splitlines()]
    rows = {}
    for first, *words in lines:
        assert len(words) == len(heading) and first not in rows, first
        rows[first] = dict(zip(heading, words))
    return rows


def is_allowed(attempt: Callable[[], Any]) -> bool:
    """Whether Odoo lets somebody do something; what has nothing to do with that is raised."""
    try:
        attempt()
    except Refused as refusal:
        if refusal.kind not in REFUSALS:
            raise
        return False
    return True
