"""What a set of corrections changes in a register (requirements L2 to L5).

A plan is computed from values alone and touches nothing:

>>> from datetime import date
>>> from .operation import SUBSCRIPTION, Operation, Shares
>>> day = date(2026, 1, 31)
>>> def subscribe(number, partner, quantity, request):
...     shares = (Shares("A", quantity, 50.0),)
...     return Operation(number, SUBSCRIPTION, partner, shares, day, request=request)
>>> register = Register(
...     operations=(
...         subscribe(1, "Anna", 2, "CRR/1"),
...         subscribe(2, "Bert", 1, "CRR/2"),
...         subscribe(3, "Cleo", 5, "CRR/3"),
...     ),
...     numbers={"Anna": 11, "Bert": 12, "Cleo": 13},
...     next_operation=4,
...     next_cooperator=14,
... )
>>> wrong = register.operations[1]
>>> right = subscribe(None, "Dora", 1, "CRR/4")
>>> plan = make_plan(register, {}, [Correction(wrong, right)])
>>> [(operation.number, operation.partner) for operation in plan.inserted]
[(2, 'Dora')]
>>> [(c.partner, c.before.number, c.after.number) for c in plan.changes]
[('Bert', 12, None), ('Dora', None, 12)]
>>> plan.operations
Sequence(before=4, between=4, after=4)

Without reuse the numbers stay where they are and the gap is on record:

>>> plan = make_plan(register, {}, [Correction(wrong, right)], numbering=KEEP_GAP)
>>> [operation.number for operation in plan.inserted], plan.operation_gaps
([4], (2,))
>>> plan.operations, plan.cooperators
(Sequence(before=4, between=4, after=5), Sequence(before=14, between=14, after=15))

Where the wrong operation is the last one the sequences go back:

>>> last = make_plan(register, {}, [Correction(register.operations[2])])
>>> last.operations, last.operation_gaps
(Sequence(before=4, between=3, after=3), ())
"""

from dataclasses import dataclass
from typing import Dict, Hashable, List, Mapping, Optional, Sequence as SequenceOf, Tuple

from .holding import Holding
from .numbering import KEEP_GAP, REUSE, Row
from .operation import Operation
from .replay import replay

# Kinds of problem. Words are the caller's business.
DEPENDENT = "dependent"
REPLAY_DIFFERS = "replay_differs"


@dataclass(frozen=True)
class Register:
    """All that is numbered in one company.

    :param operations: the operations in the register's order
    :param numbers: cooperator number by partner, of everyone who has one
    :param next_operation: next number of the sequence ``register.operation``
    :param next_cooperator: next number of the sequence ``cooperator.number``
    """

    operations: Tuple[Operation, ...]
    numbers: Mapping[Hashable, int]
    next_operation: int
    next_cooperator: int


@dataclass(frozen=True)
class Correction:
    """One operation to remove and, optionally, the one to make in its place.

    :param wrong: an operation of the register
    :param right: an operation without a number; ``None`` where the payment is not for
        shares, or does not complete the right request yet
    """

    wrong: Operation
    right: Optional[Operation] = None


@dataclass(frozen=True)
class Change:
    """One partner's holding before, between removal and right match, and after."""

    partner: Hashable
    before: Holding
    between: Holding
    after: Holding


@dataclass(frozen=True)
class Sequence:
    """A sequence's next number before, between removal and right match, and after."""

    before: int
    between: int
    after: int


@dataclass(frozen=True)
class Problem:
    """Something that stops a plan.

    :param kind: ``dependent`` (an operation cannot stand without a removed one) or
        ``replay_differs`` (today's holding is not what the register gives)
    :param operation: the dependent
    :param partner: whose holding differs
    :param expected: the holding that the register gives
    :param actual: the holding that is there
    """

    kind: str
    operation: Optional[Operation] = None
    partner: Optional[Hashable] = None
    expected: Optional[Holding] = None
    actual: Optional[Holding] = None


@dataclass(frozen=True)
class Plan:
    """What the corrections change.

    :param removed: operations taken out of the register, in its order
    :param inserted: operations put in, with their numbers, in the order of the numbers
    :param changes: every partner whose holding changes at some time
    :param operations: the operation sequence
    :param cooperators: the cooperator sequence
    :param operation_gaps: operation numbers that stay unused
    :param cooperator_gaps: cooperator numbers that stay unused
    :param later: operations numbered after the first removed one that stay as they are
    :param blockers: why it cannot be carried out; empty where it can
    """

    removed: Tuple[Operation, ...]
    inserted: Tuple[Operation, ...]
    changes: Tuple[Change, ...]
    operations: Sequence
    cooperators: Sequence
    operation_gaps: Tuple[int, ...]
    cooperator_gaps: Tuple[int, ...]
    later: Tuple[Operation, ...]
    blockers: Tuple[Problem, ...]

    def change_of(self, partner: Hashable) -> Optional[Change]:
        """The change of one partner, ``None`` where nothing changes for him."""
        return next((c for c in self.changes if c.partner == partner), None)


def _unique(values) -> List:
    """``values`` without repetition, in order, ``None`` left out."""
    return list(dict.fromkeys(value for value in values if value is not None))


def _number_operations(
    corrections: SequenceOf[Correction], row: Row, numbering: str
) -> List[Operation]:
    """The right operations with their numbers.

    A right operation whose request had an operation that is removed (two payments
    swapped) takes its own number back; nothing of it has to change hands.
    """
    own = {c.wrong.request: c.wrong.number for c in corrections if c.wrong.request}
    former: Dict[Operation, int] = {}
    for correction in corrections:
        right = correction.right
        if right is not None:
            number = own.get(right.request, correction.wrong.number)
            former.setdefault(right, number)
    return sorted(
        (
            right.numbered(
                row.take(
                    number if numbering == REUSE or right.request in own else None
                )
            )
            for right, number in sorted(former.items(), key=lambda item: item[1])
        ),
        key=lambda operation: operation.number,
    )


def _number_partners(
    corrections: SequenceOf[Correction],
    newcomers: SequenceOf[Hashable],
    freed: Mapping[Hashable, int],
    row: Row,
    numbering: str,
) -> Dict[Hashable, int]:
    """Cooperator number by partner whom a right operation makes a member.

    :param newcomers: who needs a number
    :param freed: the number that each former holder leaves
    """
    former: Dict[Hashable, Optional[int]] = {}
    for correction in corrections:
        right = correction.right
        if right is not None and right.partner in newcomers:
            former.setdefault(right.partner, freed.get(correction.wrong.partner))
    return {
        partner: row.take(number if numbering == REUSE else None)
        for partner, number in sorted(
            former.items(), key=lambda item: (item[1] is None, item[1] or 0)
        )
    }


def make_plan(
    register: Register,
    holdings: Mapping[Hashable, Holding],
    corrections: SequenceOf[Correction],
    numbering: str = REUSE,
) -> Plan:
    """What ``corrections`` change in ``register``.

    :param holdings: today's holding by partner. Those of the corrections' partners are
        compared with what the register gives; who is missing is not compared
    :param numbering: ``reuse`` or ``keep_gap``; see :mod:`.numbering`
    :return: the plan; one that cannot be carried out has blockers
    """
    wrong = set(_unique(correction.wrong for correction in corrections))
    removed = tuple(o for o in register.operations if o in wrong)
    kept = tuple(o for o in register.operations if o not in wrong)
    today = replay(register.operations, register.numbers)
    without = replay(kept, register.numbers)

    operation_row = Row(
        used=(operation.number for operation in kept),
        freed=(operation.number for operation in removed),
        following=register.next_operation,
    )
    operations_between = operation_row.following
    inserted = _number_operations(corrections, operation_row, numbering)

    partners = _unique(
        partner
        for operation in list(removed) + list(inserted)
        for partner in operation.partners
    )
    before = {p: _with_number(today.holdings.get(p), p, register) for p in partners}
    between = {
        # a number that no operation gave (imported, given by hand) is kept
        p: without.holdings.get(p)
        or (Holding(p) if p in today.holdings else before[p])
        for p in partners
    }
    numbers = dict(register.numbers)
    joining = {operation.partner for operation in inserted}
    freed = {
        partner: numbers.pop(partner)
        for partner in partners
        if partner in numbers
        and between[partner].number is None
        and partner not in joining
    }
    cooperator_row = Row(numbers.values(), freed.values(), register.next_cooperator)
    cooperators_between = cooperator_row.following
    numbers.update(
        _number_partners(
            corrections,
            [partner for partner in joining if partner not in numbers],
            freed,
            cooperator_row,
            numbering,
        )
    )

    with_right = replay(
        sorted(kept + tuple(inserted), key=lambda operation: operation.number), numbers
    )
    after = {p: with_right.holdings.get(p, between[p]) for p in partners}
    groundless_today = set(today.groundless)
    dependents = [
        operation
        for operation in with_right.groundless
        if operation not in groundless_today
    ]
    first = min((operation.number for operation in removed), default=0)
    return Plan(
        removed=removed,
        inserted=tuple(inserted),
        changes=tuple(
            Change(p, before[p], between[p], after[p])
            for p in partners
            if not before[p] == between[p] == after[p]
        ),
        operations=Sequence(
            register.next_operation, operations_between, operation_row.following
        ),
        cooperators=Sequence(
            register.next_cooperator, cooperators_between, cooperator_row.following
        ),
        operation_gaps=tuple(sorted(operation_row.gaps)),
        cooperator_gaps=tuple(sorted(cooperator_row.gaps)),
        later=tuple(operation for operation in kept if operation.number > first),
        blockers=tuple(
            [Problem(DEPENDENT, operation=operation) for operation in dependents]
            + _differences(partners, holdings, before)
        ),
    )


def _with_number(
    holding: Optional[Holding], partner: Hashable, register: Register
) -> Holding:
    """``holding``, or an empty one that keeps a number given without an operation."""
    return holding or Holding(partner, number=register.numbers.get(partner))


def _differences(
    partners: SequenceOf[Hashable],
    holdings: Mapping[Hashable, Holding],
    replayed: Mapping[Hashable, Holding],
) -> List[Problem]:
    """Partners whose holding is not what the register gives (requirement L3)."""
    return [
        Problem(
            REPLAY_DIFFERS,
            partner=partner,
            expected=replayed[partner],
            actual=holdings[partner],
        )
        for partner in partners
        if partner in holdings and holdings[partner] != replayed[partner]
    ]


__all__ = [
    "DEPENDENT",
    "KEEP_GAP",
    "REPLAY_DIFFERS",
    "REUSE",
    "Change",
    "Correction",
    "Plan",
    "Problem",
    "Register",
    "Sequence",
    "make_plan",
]
