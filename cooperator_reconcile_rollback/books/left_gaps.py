"""Reading the numbers that are known to be unused."""

from operator import itemgetter

from ..ledger.check import left_gaps
from ..ledger.finding import COOPERATOR_GAP, OPERATION_GAP
from ..ledger.numbering import Shift, back
from .explained import load_explained
from .query import select

LEFT_GAPS = """
    SELECT
        state = 'done' AS is_done,
        plan::json->%(gaps)s AS gaps,
        plan::json->%(shifts)s AS shifts,
        done_at,
        reverted_at
    FROM reconciliation_rollback
    WHERE company_id = %(company)s AND state IN ('done', 'reverted')
        AND done_at IS NOT NULL
    ORDER BY done_at, id
"""
FINDINGS = {"operation": OPERATION_GAP, "cooperator": COOPERATOR_GAP}


def load_left_gaps(company, kind):
    """Load the numbers that rollbacks have left unused or that somebody has explained.

    A rollback that moves numbers moves those explained before it too, and moves back those
    explained in between when it is reverted.

    :param kind: ``operation`` or ``cooperator``
    :return: a set of numbers, as they are now
    """
    rollbacks = select(
        company.env,
        LEFT_GAPS,
        {"company": company.id, "gaps": f"{kind}_gaps", "shifts": f"{kind}_shifts"},
    )
    events = []
    for row in rollbacks:
        shifts = tuple(Shift(**shift) for shift in row.shifts)
        events.append((row.done_at, row.gaps if row.is_done else (), shifts))
        if not row.is_done:
            events.append((row.reverted_at, (), back(shifts)))
    for finding, moment in load_explained(company, FINDINGS[kind]):
        first, last = finding.numbers
        events.append((moment, range(first, last + 1), ()))
    # of the same second, a rollback's comes first
    events.sort(key=itemgetter(0))
    return left_gaps((unused, shifts) for _moment, unused, shifts in events)
