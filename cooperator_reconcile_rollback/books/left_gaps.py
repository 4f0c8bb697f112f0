"""Reading the numbers that rollbacks have left unused."""

from ..ledger.check import left_gaps
from ..ledger.numbering import Shift
from .query import select

LEFT_GAPS = """
    SELECT
        plan::json->%(gaps)s AS gaps,
        plan::json->%(shifts)s AS shifts
    FROM reconciliation_rollback
    WHERE company_id = %(company)s AND state = 'done'
    ORDER BY done_at, id
"""


def load_left_gaps(company, kind):
    """Load the numbers that rollbacks have left unused.

    :param kind: ``operation`` or ``cooperator``
    :return: a set of numbers, as they are now
    """
    corrections = select(
        company.env,
        LEFT_GAPS,
        {"company": company.id, "gaps": f"{kind}_gaps", "shifts": f"{kind}_shifts"},
    )
    return left_gaps(
        (row.gaps, [Shift(**shift) for shift in row.shifts]) for row in corrections
    )
