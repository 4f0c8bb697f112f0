"""What a set of corrections changes in a register (requirements L2 to L5).

A plan is computed from values alone and touches nothing:

>>> from dataclasses import replace
>>> from datetime import date
>>> from .operation import SELL_BACK, SUBSCRIPTION, Operation, Shares
>>> from .plan import DEPENDENTS, Correction, Options, Register
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
SequenceChange(before=4, between=4, matched=4, after=4)

Without reuse the numbers stay where they are and the gap is on record:

>>> plan = make_plan(register, {}, [Correction(wrong, right)], Options(KEEP_GAP))
>>> [operation.number for operation in plan.inserted], plan.operation_gaps
([4], (2,))
>>> plan.operations, plan.cooperators
(SequenceChange(before=4, between=4, matched=5, after=5),
 SequenceChange(before=14, between=14, matched=15, after=15))

Where the wrong operation is the last one the sequences go back:

>>> last = make_plan(register, {}, [Correction(register.operations[2])])
>>> last.operations, last.operation_gaps
(SequenceChange(before=4, between=3, matched=3, after=3), ())

An operation that cannot stand without a removed one is its dependent. It stops the
plan, or is removed with it (``dependents``, ``all``):

>>> sale = Operation(4, SELL_BACK, "Bert", (Shares("A", 1, 50.0),), day)
>>> sold = replace(register, operations=register.operations + (sale,), next_operation=5)
>>> [p.operation.number for p in make_plan(sold, {}, [Correction(wrong)]).blockers]
[4]
>>> plan = make_plan(sold, {}, [Correction(wrong)], Options(cascade=DEPENDENTS))
>>> [operation.number for operation in plan.removed], plan.operations.after, plan.blockers
([2, 4], 4, ())

Closing the gap moves everything after it:

>>> plan = make_plan(register, {}, [Correction(wrong)], Options(CLOSE_GAP))
>>> plan.operation_shifts, plan.cooperator_shifts, plan.operations.after
((Shift(first=3, last=3, by=1),), (Shift(first=13, last=13, by=1),), 3)
"""

from dataclasses import replace
from typing import Dict, Hashable, Iterable, List, Mapping, Optional, Sequence, Tuple

from .holding import Holding
from .numbering import CLOSE_GAP, KEEP_GAP, NumberPool, moved, unused
from .operation import Operation
from .plan import (
    ALL,
    BLOCK,
    DEPENDENT,
    REPLAY_DIFFERS,
    Change,
    Correction,
    Options,
    Plan,
    Problem,
    Register,
    SequenceChange,
)
from .related_partners import find_related_operations
from .replay import replay


def make_plan(
    register: Register,
    holdings: Mapping[Hashable, Holding],
    corrections: Sequence[Correction],
    options: Optional[Options] = None,
) -> Plan:
    """What ``corrections`` change in ``register``.

    :param holdings: today's holding by partner. Those of the people concerned are
        compared with what the register gives; who is missing is not compared
    :param options: the defaults without
    :return: the plan; one that cannot be carried out has blockers
    """
    return draft_plan(register, corrections, options).plan(holdings)


def draft_plan(
    register: Register,
    corrections: Sequence[Correction],
    options: Optional[Options] = None,
) -> "Draft":
    """What ``corrections`` change, before anybody's holding is looked at.

    See :func:`make_plan`. The draft's ``partners`` are the people concerned.
    """
    options = options or Options()
    wrong = {correction.wrong for correction in corrections}
    right = [correction.right for correction in corrections if correction.right]
    people = {partner for one in [*wrong, *right] for partner in one.partners}
    around = find_related_operations(people, register.operations)
    today = replay(around, register.numbers)
    removed = set(wrong)
    while True:
        draft = Draft(register, around, today, removed, corrections, options)
        if not draft.rejected or options.cascade == BLOCK:
            return draft
        removed.update(draft.rejected)


class Draft:
    """A plan for a certain set of removed operations.

    :param around: the operations of the people concerned, and of those they are linked
        with: what becomes of anybody else's shares is nobody's question
    :param today: what they give today
    """

    def __init__(self, register, around, today, removed, corrections, options):
        self.register = register
        self.options = options
        self.today = today
        self.wrong = {correction.wrong for correction in corrections}
        self.removed = tuple(o for o in register.operations if o in removed)
        self.kept = tuple(o for o in register.operations if o not in removed)
        first = min((operation.number for operation in self.removed), default=0)
        self.later = tuple(o for o in self.kept if o.number > first)
        self.staying = tuple(o for o in around if o not in removed)
        standing = self.staying
        if options.cascade == ALL:
            standing = tuple(o for o in standing if o.number <= first)
        self.between = replay(standing, register.numbers).holdings

        used = [operation.number for operation in self.kept]
        freed = [operation.number for operation in self.removed]
        pool = NumberPool(used, freed, register.next_operation)
        between = pool.next_number
        self.inserted = _number_operations(corrections, pool, options.numbering)
        self.operations = self._close(pool, register.next_operation, between)
        self.operation_pool = pool

        self._number_partners(corrections)
        final = sorted(self.staying + self.inserted, key=lambda o: o.number)
        self.final = replay(final, self.numbers)
        # what had no ground before is nobody's dependent
        unfounded = set(self.today.rejected)
        self.rejected = [o for o in self.final.rejected if o not in unfounded]

    def _close(self, pool, before, between):
        matched = pool.next_number
        shifts = pool.close() if self.options.numbering == CLOSE_GAP else ()
        return SequenceChange(before, between, matched, pool.next_number), shifts

    def _number_partners(self, corrections):
        """Free and give cooperator numbers.

        A number is freed where its holder has no operation left (requirement L5). What
        nobody's operation gave (imported, given by hand) is kept.
        """
        numbers = dict(self.register.numbers)
        staying = {p for o in self.staying + self.inserted for p in o.partners}
        leaving = _unique(p for o in self.removed for p in o.partners)
        self.freed = {
            partner: numbers.pop(partner)
            for partner in leaving
            if partner in numbers and partner not in staying
        }
        next_cooperator = self.register.next_cooperator
        pool = NumberPool(numbers.values(), self.freed.values(), next_cooperator)
        between = pool.next_number
        newcomers = [o.partner for o in self.inserted if o.partner not in numbers]
        numbers.update(
            _number_newcomers(
                corrections, newcomers, self.freed, pool, self.options.numbering
            )
        )
        self.numbers = numbers
        self.cooperators = self._close(pool, next_cooperator, between)
        self.cooperator_pool = pool

    @property
    def partners(self):
        """Who takes part in what is removed and what is put in."""
        return _unique(p for o in self.removed + self.inserted for p in o.partners)

    def plan(self, holdings):
        """The finished plan.

        :param holdings: the holdings that are there
        """
        replayed = self.today.holdings
        operations, operation_shifts = self.operations
        cooperators, cooperator_shifts = self.cooperators
        changes = []
        differences = []
        for partner in self.partners:
            numbered = Holding(partner, number=self.register.numbers.get(partner))
            expected = replayed.get(partner, numbered)
            before = holdings.get(partner, expected)
            if before != expected:
                differences.append(
                    Problem(
                        REPLAY_DIFFERS,
                        partner=partner,
                        expected=expected,
                        actual=before,
                    )
                )
            bare = Holding(
                partner, number=None if partner in replayed else numbered.number
            )
            between = self.between.get(partner, bare)
            after = self.final.holdings.get(partner, between)
            if after.number is not None:
                after = replace(after, number=moved(after.number, cooperator_shifts))
            if not before == between == after:
                changes.append(Change(partner, before, between, after))
        blockers = [
            Problem(DEPENDENT, operation=operation) for operation in self.rejected
        ]
        wins = self.options.register_wins
        return Plan(
            removed=self.removed,
            dependents=tuple(o for o in self.removed if o not in self.wrong),
            inserted=self.inserted,
            reapplied=self.later if self.options.cascade == ALL else (),
            changes=tuple(changes),
            certificates=self._get_certificates(changes),
            cooperator_numbers=tuple(
                (partner, self.numbers[partner])
                for partner in _unique(o.partner for o in self.inserted)
            ),
            freed=tuple(self.freed.items()),
            operations=operations,
            cooperators=cooperators,
            operation_gaps=tuple(sorted(self.operation_pool.gaps)),
            cooperator_gaps=tuple(sorted(self.cooperator_pool.gaps)),
            unused_operations=unused(
                moved(operation.number, operation_shifts)
                for operation in self.kept + self.inserted
            ),
            unused_cooperators=unused(
                moved(number, cooperator_shifts) for number in self.numbers.values()
            ),
            operation_shifts=operation_shifts,
            cooperator_shifts=cooperator_shifts,
            later=len(self.later),
            blockers=tuple(blockers + ([] if wins else differences)),
            warnings=tuple(differences if wins else []),
        )

    def _get_certificates(self, changes):
        """Whose certificate changes to one that he has never had (requirement M2).

        Who only loses what the wrong operation gave him had the right certificate
        before it.
        """
        after_removal = {}
        for operation in self.removed:
            for partner in operation.partners:
                after_removal.setdefault(partner, operation.number)
        joining = {operation.partner for operation in self.inserted}
        later = {
            partner
            for operation in self.later
            for partner in operation.partners
            if operation.number > after_removal.get(partner, operation.number)
        }
        return tuple(
            change.partner
            for change in changes
            if change.after.member
            and change.after != change.before
            and (change.partner in joining or change.partner in later)
        )


def _unique(values: Iterable) -> List:
    """``values`` without repetition, in order, ``None`` left out."""
    return list(dict.fromkeys(value for value in values if value is not None))


def _number_operations(
    corrections: Sequence[Correction], pool: NumberPool, numbering: str
) -> Tuple[Operation, ...]:
    """The right operations with their numbers, in the order of these.

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
    numbered = [
        right.numbered(
            pool.take(number if numbering != KEEP_GAP or right.request in own else None)
        )
        for right, number in sorted(former.items(), key=lambda item: item[1])
    ]
    return tuple(sorted(numbered, key=lambda operation: operation.number))


def _number_newcomers(
    corrections: Sequence[Correction],
    newcomers: Sequence[Hashable],
    freed: Mapping[Hashable, int],
    pool: NumberPool,
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
        partner: pool.take(number if numbering != KEEP_GAP else None)
        for partner, number in sorted(
            former.items(), key=lambda item: (item[1] is None, item[1] or 0)
        )
    }
