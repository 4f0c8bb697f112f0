"""A pytest plugin: Odoo's tag `slow` of a test class is pytest's marker `slow`.

The add-ons' tests know nothing of pytest: Odoo runs them too, where `--test-tags=-slow`
leaves the same ones out.
"""

from __future__ import annotations

import pytest


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark a test whose class has the tag."""
    test_class = getattr(item, "cls", None)
    if "slow" in (getattr(test_class, "test_tags", None) or ()):
        item.add_marker(pytest.mark.slow)
