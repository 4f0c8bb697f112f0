"""Findings that somebody has explained: the register check knows them from then on."""

from ..ledger.finding import from_json
from .query import select

EXPLAINED = """
    SELECT content, fixed_at FROM cooperator_register_fix
    WHERE company_id = %s AND kind = %s ORDER BY id
"""


def load_explained(company, kind):
    """Load the findings of a kind that fixes have explained.

    :return: pairs of a :class:`~..ledger.finding.Finding` and the moment, the oldest first
    """
    return [
        (from_json(row.content), row.fixed_at)
        for row in select(company.env, EXPLAINED, (company.id, kind))
    ]
