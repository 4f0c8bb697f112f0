"""The table that shows an accountant what was, and what is after the rollback."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .situation import Situation, Standing
from .table import table

NOTHING = "-"
CHANGED = "*"
WORDS = {
    "not_paid": "not paid",
    "partial": "paid in part",
    "in_payment": "in payment",
    "done": "validated",
    "outgoing": "waiting to be sent",
    "rollback_held": "held",
    "cancel": "cancelled",
    "exception": "could not be sent",
}
Cells = tuple[str, ...]


def comparison(before: Situation, after: Situation) -> str:
    """Both situations beside each other; what differs is marked."""
    return table(list(rows(before, after)))


def rows(before: Situation, after: Situation) -> Iterator[Cells]:
    yield ("", "BEFORE THE ROLLBACK", "AFTER THE ROLLBACK")
    for name in after.people:
        yield (name,)
        yield from pairs(cells(before.people[name]), cells(after.people[name]))
        yield ("",)
    yield ("Next numbers",)
    yield from pairs(
        {
            "operation": str(before.next_operation),
            "cooperator": str(before.next_cooperator),
        },
        {
            "operation": str(after.next_operation),
            "cooperator": str(after.next_cooperator),
        },
    )


def pairs(before: dict[str, str], after: dict[str, str]) -> Iterator[Cells]:
    """Lines of the table, without those that say nothing twice.

    >>> list(pairs({"number": "3", "owes": "-"}, {"number": "-", "owes": "-"}))
    [('  number', '3', '-', '*')]
    """
    for label, was in before.items():
        if was == after[label] == NOTHING:
            continue
        mark = CHANGED if was != after[label] else ""
        yield (f"  {label}", was, after[label], mark)


def cells(standing: Standing) -> dict[str, str]:
    """What the table says about a person."""
    return {
        "cooperator": (
            f"number {standing.number}" if standing.member else "no, candidate"
        ),
        "shares": listed(standing.shares),
        "operation": listed(list(map(str, standing.operations))),
        "request": word(standing.request),
        "subscription": word(standing.subscription),
        "owes": money(standing.owes),
        "paid, not matched": money(standing.unmatched),
        "certificate by mail": listed(list(map(word, standing.certificates))),
    }


def word(state: str) -> str:
    """A state of a record as people say it.

    >>> word("not_paid"), word("paid")
    ('not paid', 'paid')
    """
    return WORDS.get(state, state)


def listed(texts: Sequence[str]) -> str:
    return ", ".join(texts) or NOTHING


def money(amount: float) -> str:
    """An amount in the cooperative's currency.

    >>> money(75), money(0)
    ('75.00 EUR', '-')
    """
    return f"{amount:.2f} EUR" if amount else NOTHING
