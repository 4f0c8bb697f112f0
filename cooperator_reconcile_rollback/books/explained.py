"""Findings that somebody has explained: the register check knows them from then on."""

from datetime import datetime
from typing import NamedTuple, Optional

from ..ledger.finding import Finding, from_json
from .query import select

EXPLAINED = """
    SELECT content, fixed_at, previous_hash FROM cooperator_register_fix
    WHERE company_id = %s AND kind = %s ORDER BY id
"""


class Explained(NamedTuple):
    """A finding that somebody has explained.

    :param finding: what was explained
    :param moment: when
    :param previous_hash: the hash of the company's rollback or fix before
    """

    finding: Finding
    moment: datetime
    previous_hash: Optional[str]


def load_explained(company, kind):
    """Load the findings of a kind that fixes have explained.

    :return: a list of :class:`Explained`, the oldest first
    """
    return [
        Explained(from_json(row.content), row.fixed_at, row.previous_hash)
        for row in select(company.env, EXPLAINED, (company.id, kind))
    ]
