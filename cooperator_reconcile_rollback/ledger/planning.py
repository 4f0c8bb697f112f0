"""Plan what a set of corrections changes in a register.

A plan is computed from values alone and touches nothing. It is made in four stages, each
with a file of its own:

1. :mod:`.removal` takes the wrong operations out;
2. :mod:`.number_assignment` numbers the right operations and their partners;
3. :mod:`.replay` gives everyone's holding afterwards;
4. :mod:`.plan_description` compares it with today's.

>>> from dataclasses import replace
>>> from datetime import date
>>> from .numbering import APPEND, CLOSE_GAP, KEEP_GAP, REUSE
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
>>> plan = make_plan(register, [Correction(wrong, right)])
>>> [(operation.number, operation.partner) for operation in plan.inserted]
[(2, 'Dora')]
>>> [(c.partner, c.before.number, c.after.number) for c in plan.changes]
[('Bert', 12, None), ('Dora', None, 12)]
>>> plan.operations
SequenceChange(before=4, between=4, matched=4, after=4, kept=3)

With ``keep_gap`` the numbers stay where they are and the gap is on record:

>>> plan = make_plan(register, [Correction(wrong, right)], Options(KEEP_GAP))
>>> [operation.number for operation in plan.inserted], plan.operation_gaps
([4], (2,))
>>> plan.operations, plan.cooperators
(SequenceChange(before=4, between=4, matched=5, after=5, kept=3),
 SequenceChange(before=14, between=14, matched=15, after=15, kept=13))

So does ``append``, which also holds for the last operation: no sequence goes back.

>>> last = [Correction(register.operations[2], right)]
>>> plan = make_plan(register, last, Options(APPEND))
>>> [operation.number for operation in plan.inserted], plan.operation_gaps
([4], (3,))
>>> [(c.partner, c.after.number) for c in plan.changes], plan.cooperator_gaps
([('Cleo', None), ('Dora', 14)], (13,))

Cooperator numbers can go their own way:

>>> plan = make_plan(register, last, Options(APPEND, member_numbering=REUSE))
>>> [(c.partner, c.after.number) for c in plan.changes], plan.cooperator_gaps
([('Cleo', None), ('Dora', 13)], ())

If the wrong operation is the last one, the sequences go back otherwise:

>>> last = make_plan(register, [Correction(register.operations[2])])
>>> last.operations, last.operation_gaps
(SequenceChange(before=4, between=3, matched=3, after=3, kept=2), ())

An operation that needs the shares of a removed one is its dependent. It stops the plan,
or is removed as well (``dependents``, ``all``):

>>> sale = Operation(4, SELL_BACK, "Bert", (Shares("A", 1, 50.0),), day)
>>> sold = replace(register, operations=register.operations + (sale,), next_operation=5)
>>> [p.operation.number for p in make_plan(sold, [Correction(wrong)]).blockers]
[4]
>>> plan = make_plan(sold, [Correction(wrong)], Options(cascade=DEPENDENTS))
>>> [operation.number for operation in plan.removed], plan.operations.after, plan.blockers
([2, 4], 4, ())

Closing the gap moves all numbers after it:

>>> plan = make_plan(register, [Correction(wrong)], Options(CLOSE_GAP))
>>> plan.operation_shifts, plan.cooperator_shifts, plan.operations.after
((Shift(first=3, last=3, by=1),), (Shift(first=13, last=13, by=1),), 3)
"""

from typing import Callable, Hashable, Mapping, Optional, Sequence

from .holding import Holding
from .number_assignment import assign_numbers
from .opening_search import find_openings
from .operation import Operation
from .outcome import Outcome
from .plan import BLOCK, Correction, Options, Plan, Register
from .plan_description import describe
from .related_partners import find_related_operations
from .removal import remove
from .replay import replay

Holdings = Mapping[Hashable, Holding]
LoadHoldings = Callable[[Sequence[Hashable]], Holdings]


def make_plan(
    register: Register,
    corrections: Sequence[Correction],
    options: Optional[Options] = None,
    load_holdings: Optional[LoadHoldings] = None,
    today: Optional[Register] = None,
) -> Plan:
    """Plan what ``corrections`` change in ``register``.

    :param options: the default options if left out
    :param register: as it was before somebody began to correct it by hand, see
        :func:`~.begun_by_hand.restore`
    :param load_holdings: return today's holding by partner, of the partners passed. What
        the register does not give is an opening holding, or a problem. Nothing is compared
        if left out
    :param today: the register as it is, where somebody has begun by hand
    :return: the plan; it has blockers if it cannot be carried out
    """
    outcome = find_outcome(register, corrections, options or Options(), load_holdings)
    return describe(outcome, today or register)


def find_outcome(
    register: Register,
    corrections: Sequence[Correction],
    options: Options,
    load_holdings: Optional[LoadHoldings] = None,
) -> Outcome:
    """Remove, number and replay until no operation depends on a removed one.

    With the cascade ``block`` the dependents stay in the outcome.
    """
    removed = {correction.wrong for correction in corrections if correction.wrong}
    right = [correction.right for correction in corrections if correction.right]
    partners = {partner for one in [*removed, *right] for partner in one.partners}
    related = find_related_operations(partners, register.operations)
    for operation in related:
        partners.update(operation.partners)
    holdings = load_holdings(list(partners)) if load_holdings else {}
    known = {
        partner: register.openings[partner]
        for partner in partners
        if partner in register.openings
    }
    found = find_openings(related, register.numbers, holdings, known, removed)
    openings = found.openings
    today = replay(related, register.numbers, openings)
    while True:
        removal = remove(register, related, removed, options.cascade, openings)
        assignment = assign_numbers(register, corrections, removal, options, openings)
        final = replay(
            sorted(removal.staying + assignment.inserted, key=_get_number),
            assignment.numbers,
            openings,
        )
        outcome = Outcome(
            register,
            tuple(corrections),
            options,
            holdings,
            found,
            today,
            removal,
            assignment,
            final,
        )
        if not outcome.dependents or options.cascade == BLOCK:
            return outcome
        removed.update(outcome.dependents)


def _get_number(operation: Operation) -> int:
    return operation.number
