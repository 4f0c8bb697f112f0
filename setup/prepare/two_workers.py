"""A pytest plugin: how two workers of pytest-xdist share the tests.

Tests of one class or one module stay together, since they share what they set up. Tests on
servers begin first: they take longest and wait a lot. Those of an add-on, of which a class
takes some seconds, fill the time that is left, so that both workers end together.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from .checkout import CHECKOUT

WITH_SERVERS = CHECKOUT / "tests"
# They copy the same databases and read them: PostgreSQL copies none that is being read.
TOGETHER = "tests/faults/"


class Scheduling(LoadScopeScheduling):
    """Classes and modules as they come, and one folder as a whole."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(TOGETHER):
            return TOGETHER
        return super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests on servers first, and of these the folder that stays together."""
    items.sort(
        key=lambda item: (
            WITH_SERVERS not in item.path.parents,
            not item.nodeid.startswith(TOGETHER),
        )
    )
