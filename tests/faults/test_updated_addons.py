"""The add-ons are updated in the middle of a rollback, as after each release."""

from __future__ import annotations

from typing import Callable

import pytest

from prepare.checkout import ADDONS
from prepare.odoo_run import update_modules
from support.books import Books
from support.ending import assert_ends_as_before, assert_ends_as_planned
from support.moments import AFTER, END, kill_at
from support.ordeal import Ordeal
from support.places import SAMPLE

MOMENTS = (("2.1", END), ("8", AFTER))


@pytest.mark.exhaustive
def test_updated_in_the_middle(
    begin: Callable[..., Ordeal], done_books: Callable[[str], Books]
) -> None:
    """The server ends in the middle of a step, and after one; it goes on afterwards."""
    ordeal = begin(SAMPLE)
    for place, moment in MOMENTS:
        update_at(ordeal, place, moment)
    ordeal.server.start()
    assert_ends_as_planned(ordeal, done_books(SAMPLE))


@pytest.mark.exhaustive
def test_updated_while_it_is_reverted(
    begin: Callable[..., Ordeal], planned_books: Callable[[str], Books]
) -> None:
    """The same on the way back."""
    ordeal = begin(SAMPLE, "reverting")
    for place, moment in MOMENTS[::-1]:
        update_at(ordeal, place, moment)
    ordeal.server.start()
    assert_ends_as_before(ordeal, planned_books(SAMPLE))


def update_at(ordeal: Ordeal, place: str, moment: str) -> None:
    """Let the server run until a moment of a step, end it, and update the add-ons."""
    kill_at(ordeal, place, moment)
    update_modules(ordeal.server.environment, ordeal.database, ADDONS)
