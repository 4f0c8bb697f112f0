"""A company that asks for the validation of its rollbacks by a second person."""

from __future__ import annotations

from typing import Any

from demonstration.rollback import MODEL
from fixtures.cooperative import Cooperative

DEFINITION = "tier.definition"
DEFINITION_NAME = "Four eyes"


def ask_for_validation(cooperative: Cooperative, reviewer: int, **values: Any) -> int:
    """Let the company ask for a reviewer's validation; the id of the definition.

    `reviewer` is the id of a user, `values` are what is otherwise in the definition.
    """
    administrator = cooperative.administrator
    (model,) = administrator.find_ids("ir.model", [("model", "=", MODEL)])
    defaults = {
        "name": DEFINITION_NAME,
        "model_id": model,
        "review_type": "individual",
        "reviewer_id": reviewer,
        "company_id": cooperative.company,
    }
    return administrator.create(DEFINITION, {**defaults, **values})
