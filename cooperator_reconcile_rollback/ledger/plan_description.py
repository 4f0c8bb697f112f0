"""Describe the outcome of a set of corrections as a plan."""

from dataclasses import replace
from typing import Hashable, List, Mapping, Optional, Sequence, Tuple

from .holding import Holding
from .numbering import moved, unused
from .outcome import Outcome, unique
from .plan import ALL, DEPENDENT, REPLAY_DIFFERS, Change, Plan, Problem

Holdings = Mapping[Hashable, Holding]


def describe(outcome: Outcome, holdings: Holdings) -> Plan:
    """Return ``outcome`` as a plan.

    :param holdings: today's holding by partner; see :func:`~.planning.make_plan`
    """
    removal, assignment = outcome.removal, outcome.assignment
    options = outcome.options
    operations, cooperators = assignment.operations, assignment.cooperators
    wrong = {correction.wrong for correction in outcome.corrections}
    changes = _find_changes(outcome, holdings)
    differences = _find_differences(outcome, holdings)
    dependents = [Problem(DEPENDENT, operation=one) for one in outcome.dependents]
    wins = options.register_wins
    return Plan(
        removed=removal.removed,
        dependents=tuple(one for one in removal.removed if one not in wrong),
        inserted=assignment.inserted,
        reapplied=removal.later if options.cascade == ALL else (),
        changes=changes,
        certificates=_find_certificates(outcome, changes),
        cooperator_numbers=tuple(
            (partner, assignment.numbers[partner])
            for partner in unique(one.partner for one in assignment.inserted)
        ),
        freed=tuple(assignment.freed.items()),
        operations=operations.sequence,
        cooperators=cooperators.sequence,
        operation_gaps=operations.gaps,
        cooperator_gaps=cooperators.gaps,
        unused_operations=unused(
            moved(one.number, operations.shifts)
            for one in removal.kept + assignment.inserted
        ),
        unused_cooperators=unused(
            moved(number, cooperators.shifts) for number in assignment.numbers.values()
        ),
        operation_shifts=operations.shifts,
        cooperator_shifts=cooperators.shifts,
        later=len(removal.later),
        blockers=tuple(dependents + ([] if wins else differences)),
        warnings=tuple(differences if wins else []),
    )


def _get_expected(outcome: Outcome, partner: Hashable) -> Holding:
    """Return what the register gives to ``partner`` today."""
    bare = Holding(partner, number=outcome.register.numbers.get(partner))
    return outcome.today.holdings.get(partner, bare)


def _find_differences(outcome: Outcome, holdings: Holdings) -> List[Problem]:
    """Return a problem for each holding that does not match the register."""
    pairs = [
        (_get_expected(outcome, partner), holdings[partner])
        for partner in outcome.partners
        if partner in holdings
    ]
    return [
        Problem(
            REPLAY_DIFFERS, partner=actual.partner, expected=expected, actual=actual
        )
        for expected, actual in pairs
        if expected != actual
    ]


def _find_changes(outcome: Outcome, holdings: Holdings) -> Tuple[Change, ...]:
    """Return the change of each partner whose holding changes at some time."""
    changes = (
        _make_change(outcome, partner, holdings.get(partner))
        for partner in outcome.partners
    )
    return tuple(
        change
        for change in changes
        if not change.before == change.between == change.after
    )


def _make_change(
    outcome: Outcome, partner: Hashable, actual: Optional[Holding]
) -> Change:
    """Return the holding of ``partner`` before, between and after.

    :param actual: today's holding, if known
    """
    expected = _get_expected(outcome, partner)
    # a number that an operation gave goes with the operation
    is_given = partner in outcome.today.holdings
    bare = Holding(partner, number=None if is_given else expected.number)
    between = outcome.removal.between.get(partner, bare)
    after = outcome.final.holdings.get(partner, between)
    if after.number is not None:
        shifts = outcome.assignment.cooperators.shifts
        after = replace(after, number=moved(after.number, shifts))
    return Change(partner, actual or expected, between, after)


def _find_certificates(
    outcome: Outcome, changes: Sequence[Change]
) -> Tuple[Hashable, ...]:
    """Return the partners whose certificate changes to one that they never had.

    A partner who only loses what the wrong operation gave had the right certificate
    before it.
    """
    first_removed = {}
    for operation in outcome.removal.removed:
        for partner in operation.partners:
            first_removed.setdefault(partner, operation.number)
    joining = {operation.partner for operation in outcome.assignment.inserted}
    later = {
        partner
        for operation in outcome.removal.later
        for partner in operation.partners
        if operation.number > first_removed.get(partner, operation.number)
    }
    return tuple(
        change.partner
        for change in changes
        if change.after.member
        and change.after != change.before
        and (change.partner in joining or change.partner in later)
    )
