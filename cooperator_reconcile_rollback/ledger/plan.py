"""Corrections and the plan of what they change, as frozen values."""

from dataclasses import dataclass
from typing import Hashable, Mapping, Optional, Tuple

from .holding import Holding
from .numbering import REUSE, Shift
from .operation import Operation

BLOCK = "block"
DEPENDENTS = "dependents"
ALL = "all"

# Kinds of problem. Words are the caller's business.
DEPENDENT = "dependent"
REPLAY_DIFFERS = "replay_differs"


@dataclass(frozen=True)
class Register:
    """The operations and numbers of one company.

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
class Options:
    """How a plan deals with numbers and later operations.

    :param numbering: ``reuse``, ``keep_gap`` or ``close_gap``; see :mod:`.numbering`
    :param cascade: what happens to later operations. ``block`` stops if any depends on a
        removed one; ``dependents`` removes those; ``all`` takes every later operation
        back and applies the others again, with the same result
    :param register_wins: bring holdings that do not match the register to it, instead of
        stopping the plan
    """

    numbering: str = REUSE
    cascade: str = BLOCK
    register_wins: bool = False


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
    """A partner's holding before, between removal and right match, and after."""

    partner: Hashable
    before: Holding
    between: Holding
    after: Holding


@dataclass(frozen=True)
class SequenceChange:
    """The next number of a sequence on the way.

    :param before: today
    :param between: between removal and right match
    :param matched: after the right match
    :param after: in the end, when gaps are closed
    """

    before: int
    between: int
    matched: int
    after: int


@dataclass(frozen=True)
class Problem:
    """A reason not to carry a plan out, or what it overrides.

    :param kind: ``dependent`` (an operation needs the shares of a removed one) or
        ``replay_differs`` (today's holding does not match the register)
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
    """What corrections change.

    :param removed: operations taken out of the register for good, in its order
    :param dependents: those of ``removed`` that no correction names
    :param inserted: operations put in, with the numbers they are made with, in the
        order of these
    :param reapplied: later operations that are taken back and applied again
    :param changes: the change of each partner whose shares or membership change at some time
    :param certificates: partners whose certificate changes to one they never had
    :param cooperator_numbers: partner and cooperator number of each right operation's
        partner, before the shifts
    :param freed: partner and cooperator number of those without any operation left
    :param operations: the operation sequence
    :param cooperators: the cooperator sequence
    :param operation_gaps: operation numbers that it leaves unused
    :param cooperator_gaps: cooperator numbers that it leaves unused
    :param operation_shifts: operation numbers that move in the end
    :param cooperator_shifts: cooperator numbers that move in the end
    :param later: how many operations numbered after the first wrong one stay
    :param blockers: why it cannot be carried out; empty if it can
    :param warnings: what it overrides
    :param unused_operations: all operation numbers that are unused in the end, also those
        unused before; ``None`` if a release stored the plan that did not keep them
    :param unused_cooperators: cooperator numbers, likewise

    A field added later needs a default: plans of earlier releases lack it. See
    :mod:`.plan_json`.
    """

    removed: Tuple[Operation, ...]
    dependents: Tuple[Operation, ...]
    inserted: Tuple[Operation, ...]
    reapplied: Tuple[Operation, ...]
    changes: Tuple[Change, ...]
    certificates: Tuple[Hashable, ...]
    cooperator_numbers: Tuple[Tuple[Hashable, int], ...]
    freed: Tuple[Tuple[Hashable, int], ...]
    operations: SequenceChange
    cooperators: SequenceChange
    operation_gaps: Tuple[int, ...]
    cooperator_gaps: Tuple[int, ...]
    operation_shifts: Tuple[Shift, ...]
    cooperator_shifts: Tuple[Shift, ...]
    later: int
    blockers: Tuple[Problem, ...]
    warnings: Tuple[Problem, ...]
    unused_operations: Optional[Tuple[int, ...]] = None
    unused_cooperators: Optional[Tuple[int, ...]] = None

    @property
    def removed_lines(self) -> Tuple[Hashable, ...]:
        """The register lines of the removed operations."""
        return tuple(line for operation in self.removed for line in operation.lines)

    def change_of(self, partner: Hashable) -> Optional[Change]:
        """Return the change of ``partner``, ``None`` if nothing changes."""
        return next((c for c in self.changes if c.partner == partner), None)
