"""PostgreSQL is restarted in the middle of a step, and Odoo's server goes on."""

from __future__ import annotations

from typing import Callable

import pytest

from support.books import Books
from support.ending import assert_ends_as_before, assert_ends_as_planned
from support.moments import BEGIN, END, MOMENTS, Halt
from support.ordeal import Ordeal
from support.own_cluster import OwnCluster
from support.places import PLACES, SAMPLE, before_last

CRASH = "immediate"
ORDERLY = "fast"


@pytest.mark.slow
def test_restarted_in_the_middle(
    begin_there: Callable[..., Ordeal],
    cluster: OwnCluster,
    done_books: Callable[[str], Books],
) -> None:
    """It goes on by itself: nobody has to press anything."""
    ordeal = begin_there(SAMPLE)
    restart_at(ordeal, cluster, "2.2", BEGIN, ORDERLY)
    restart_at(ordeal, cluster, "8.2", END, CRASH)
    assert_ends_as_planned(ordeal, done_books(SAMPLE))


@pytest.mark.exhaustive
@pytest.mark.parametrize("moment", MOMENTS)
def test_crashed_at_every_step(
    begin_there: Callable[..., Ordeal],
    cluster: OwnCluster,
    done_books: Callable[[str], Books],
    moment: str,
) -> None:
    """At every step in turn, at the same moment of each."""
    ordeal = begin_there(SAMPLE)
    for place in before_last(PLACES[SAMPLE], moment):
        restart_at(ordeal, cluster, place, moment, CRASH)
    assert_ends_as_planned(ordeal, done_books(SAMPLE))


@pytest.mark.exhaustive
@pytest.mark.parametrize("moment", MOMENTS)
def test_crashed_at_every_step_while_it_is_reverted(
    begin_there: Callable[..., Ordeal],
    cluster: OwnCluster,
    planned_books: Callable[[str], Books],
    moment: str,
) -> None:
    """The same while what was done is undone."""
    ordeal = begin_there(SAMPLE, "reverting")
    for place in before_last(PLACES[SAMPLE][::-1], moment):
        restart_at(ordeal, cluster, place, moment, CRASH)
    assert_ends_as_before(ordeal, planned_books(SAMPLE))


def restart_at(
    ordeal: Ordeal, cluster: OwnCluster, place: str, moment: str, mode: str
) -> None:
    """Let the server run until a moment of a step, and restart PostgreSQL."""
    with Halt(ordeal, ordeal.step(place), moment) as halt:
        if not ordeal.server.is_running:
            ordeal.server.start()
        halt.reach()
        cluster.cluster.restart(mode)
