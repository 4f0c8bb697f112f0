"""Where things are in this checkout."""

from __future__ import annotations

import hashlib
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
SETUP = CHECKOUT / "setup"
REQUIREMENTS = SETUP / "requirements"
PREPARED = CHECKOUT / ".odoo"

ADDONS = ("queue_job_config", "cooperator_reconcile_rollback")
# Each joins these with another add-on, which nobody has to have.
GLUE_ADDONS = ("cooperator_reconcile_rollback_tier_validation",)
ALL_ADDONS = ADDONS + GLUE_ADDONS
# Only tests install them, in databases of their own; nobody else gets them.
TEST_ADDONS = ("test_cooperator_reconcile_rollback",)
# Their tests need a database in which they are installed: Odoo runs them, not pytest.
OWN_TESTS = GLUE_ADDONS + TEST_ADDONS


def short_key(text: object) -> str:
    """Eight hexadecimal digits that stand for a text, the same ones each time.

    >>> short_key("a")
    'ca978112'
    """
    return hashlib.sha256(str(text).encode()).hexdigest()[:8]
