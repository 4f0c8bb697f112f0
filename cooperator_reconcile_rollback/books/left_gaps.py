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
        started_at,
        revert_started_at,
        done_hash
    FROM reconciliation_rollback
    WHERE company_id = %(company)s AND state IN ('done', 'reverted')
        AND done_at IS NOT NULL
    ORDER BY done_at, id
"""
FINDINGS = {"operation": OPERATION_GAP, "cooperator": COOPERATOR_GAP}


def load_left_gaps(company, kind):
    """Load the numbers that rollbacks have left unused or that somebody has explained.

    A rollback that moves numbers moves those explained before it too, and moves back those
    explained in between when it is reverted. Nothing is explained while it runs.

    :param kind: ``operation`` or ``cooperator``
    :return: a set of numbers, as they are now
    """
    rollbacks = select(
        company.env,
        LEFT_GAPS,
        {"company": company.id, "gaps": f"{kind}_gaps", "shifts": f"{kind}_shifts"},
    )
    # moment, place within the same second, numbers left unused, shifts
    events = []
    for row in rollbacks:
        shifts = tuple(Shift(**shift) for shift in row.shifts)
        events.append((row.started_at, 1, row.gaps if row.is_done else (), shifts))
        if not row.is_done:
            events.append((row.revert_started_at, 3, (), back(shifts)))
    ends = {row.done_hash for row in rollbacks if row.done_hash}
    for explained in load_explained(company, FINDINGS[kind]):
        first, last = explained.finding.numbers
        place = 2 if explained.previous_hash in ends else 0
        events.append((explained.moment, place, range(first, last + 1), ()))
    events.sort(key=itemgetter(0, 1))
    return left_gaps((unused, shifts) for *_place, unused, shifts in events)
