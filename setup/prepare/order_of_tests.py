"""A pytest plugin: the order in which workers of pytest-xdist take the tests.

Tests of one class or one module stay together, since they share what they set up. Tests on
servers begin first: they take longest and wait a lot. Those of an add-on, of which a class
takes some seconds, fill the time that is left, so that all workers end together.
"""

from __future__ import annotations

import pytest

from .checkout import CHECKOUT

WITH_SERVERS = CHECKOUT / "tests"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests on servers first."""
    items.sort(key=lambda item: WITH_SERVERS not in item.path.parents)
