"""Describe the outcome of a set of corrections as a plan."""

from dataclasses import replace
from typing import Hashable, Iterator, List, Sequence, Tuple

from .holding import Holding
from .kept_holding import carry_over
from .numbering import doubles, moved, unused
from .outcome import Outcome, unique
from .plan import (
    ALL,
    COOPERATOR_NUMBER_TAKEN,
    COOPERATOR_SEQUENCE_BEHIND,
    DEPENDENT,
    DOUBLE_COOPERATOR,
    DOUBLE_OPERATION,
    KEEP,
    LINES_REMOVED,
    MEMBERSHIP_RESET,
    OPERATION_NUMBER_TAKEN,
    OPERATION_SEQUENCE_BEHIND,
    OPERATION_SEQUENCE_RESET,
    REPLAY_DIFFERS,
    SHARES_REMOVED,
    Change,
    DoneByHand,
    Plan,
    Problem,
    Register,
    SequenceChange,
)


def describe(outcome: Outcome, today: Register) -> Plan:
    """Return ``outcome`` as a plan.

    :param today: the register as it is; see :func:`~.planning.make_plan`
    """
    removal, assignment = outcome.removal, outcome.assignment
    options = outcome.options
    operations, cooperators = assignment.operations, assignment.cooperators
    wrong = {correction.wrong for correction in outcome.corrections}
    changes = _find_changes(outcome)
    differences = _find_differences(outcome)
    dependents = [Problem(DEPENDENT, operation=one) for one in outcome.dependents]
    final = removal.kept + assignment.inserted
    final_operations = [moved(one.number, operations.shifts) for one in final]
    final_cooperators = [
        moved(number, cooperators.shifts) for number in assignment.numbers.values()
    ]
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
        operations=replace(operations.sequence, before=today.next_operation),
        cooperators=replace(cooperators.sequence, before=today.next_cooperator),
        operation_gaps=operations.gaps,
        cooperator_gaps=cooperators.gaps,
        unused_operations=unused(final_operations),
        unused_cooperators=unused(final_cooperators),
        operation_shifts=operations.shifts,
        cooperator_shifts=cooperators.shifts,
        later=len(removal.later),
        blockers=(
            *dependents,
            *(one for one in differences if not options.choice_for(one.partner)),
            *_find_collisions(outcome),
        ),
        warnings=tuple(one for one in differences if options.choice_for(one.partner)),
        double_operations=doubles(final_operations),
        double_cooperators=doubles(final_cooperators),
        openings=tuple(outcome.found.openings.values()),
        kept=tuple(
            one.partner
            for one in differences
            if options.choice_for(one.partner) == KEEP
        ),
        faults=tuple(_find_faults(outcome)),
        by_hand=tuple(_find_done_by_hand(outcome, today)),
    )


def _get_expected(outcome: Outcome, partner: Hashable) -> Holding:
    """Return what the register and the opening give to ``partner`` today."""
    bare = Holding(partner, number=outcome.register.numbers.get(partner))
    return outcome.today.holdings.get(partner, bare)


def _find_differences(outcome: Outcome) -> List[Problem]:
    """Return a problem for each holding that nothing explains."""
    return [
        Problem(
            REPLAY_DIFFERS,
            partner=partner,
            expected=_get_expected(outcome, partner),
            actual=outcome.holdings[partner],
        )
        for partner in outcome.partners
        if partner in outcome.found.unexplained
    ]


def _find_collisions(outcome: Outcome) -> Iterator[Problem]:
    """Yield a problem for each number that would be given twice."""
    for kind, pool in (
        (OPERATION_NUMBER_TAKEN, outcome.assignment.operations),
        (COOPERATOR_NUMBER_TAKEN, outcome.assignment.cooperators),
    ):
        for number in pool.collisions:
            yield Problem(kind, numbers=(number,))


def _find_changes(outcome: Outcome) -> Tuple[Change, ...]:
    """Return the change of each partner whose holding changes at some time."""
    changes = (_make_change(outcome, partner) for partner in outcome.partners)
    return tuple(
        change
        for change in changes
        if not change.before == change.between == change.after
    )


def _make_change(outcome: Outcome, partner: Hashable) -> Change:
    """Return the holding of ``partner`` before, between and after."""
    expected = _get_expected(outcome, partner)
    actual = outcome.holdings.get(partner) or expected
    # a number that an operation gave goes with the operation
    is_given = partner in outcome.today.holdings
    bare = Holding(partner, number=None if is_given else expected.number)
    between = outcome.removal.between.get(partner, bare)
    after = outcome.final.holdings.get(partner, between)
    if partner in outcome.found.unexplained:
        if outcome.options.choice_for(partner) == KEEP:
            between, after = (
                carry_over(actual, expected, planned) for planned in (between, after)
            )
    if after.number is not None:
        shifts = outcome.assignment.cooperators.shifts
        after = replace(after, number=moved(after.number, shifts))
    return Change(partner, actual, between, after)


def _find_faults(outcome: Outcome) -> Iterator[Problem]:
    """Yield what is wrong near the corrections and stays as it is."""
    register, assignment = outcome.register, outcome.assignment
    operations = outcome.removal.removed + assignment.inserted
    first = min((one.number for one in operations), default=0)
    for number in doubles(one.number for one in register.operations):
        if number >= first:
            yield Problem(DOUBLE_OPERATION, numbers=(number,))
    numbers = [*assignment.freed.values()]
    numbers += [assignment.numbers[one.partner] for one in assignment.inserted]
    first = min(numbers, default=0)
    for number in doubles(register.numbers.values()):
        if number >= first:
            yield Problem(DOUBLE_COOPERATOR, numbers=(number,))
    for kind, next_number, kept in (
        (
            OPERATION_SEQUENCE_BEHIND,
            assignment.operations.sequence.matched,
            [one.number for one in outcome.removal.kept],
        ),
        (
            COOPERATOR_SEQUENCE_BEHIND,
            assignment.cooperators.sequence.matched,
            assignment.numbers.values(),
        ),
    ):
        if next_number <= max(kept, default=0):
            yield Problem(kind, numbers=(next_number,))


def _find_done_by_hand(outcome: Outcome, today: Register) -> Iterator[DoneByHand]:
    """Yield what somebody has done by hand before."""
    register, assignment = outcome.register, outcome.assignment
    present = set(today.operations)
    for correction in outcome.corrections:
        wrong = correction.wrong
        if wrong is None:
            continue
        for partner in wrong.partners:
            if partner in outcome.found.emptied:
                yield DoneByHand(SHARES_REMOVED, wrong.number, partner)
        if wrong not in present:
            yield DoneByHand(LINES_REMOVED, wrong.number, wrong.partner)
    if _is_set_back(
        register.next_operation, today.next_operation, assignment.operations.sequence
    ):
        yield DoneByHand(OPERATION_SEQUENCE_RESET)
    for partner in outcome.partners:
        before = outcome.holdings.get(partner)
        if before and before.member != _get_expected(outcome, partner).member:
            if partner not in outcome.found.unexplained:
                yield DoneByHand(MEMBERSHIP_RESET, partner=partner)
    if _is_set_back(
        register.next_cooperator, today.next_cooperator, assignment.cooperators.sequence
    ):
        yield DoneByHand(MEMBERSHIP_RESET)


def _is_set_back(before: int, now: int, planned: SequenceChange) -> bool:
    """Say whether a sequence was set back by hand to where it has to go."""
    return now != before and now == planned.between


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
