"""Corrections and the plan of what they change, as frozen values."""

from dataclasses import dataclass, field
from typing import AbstractSet, Hashable, Mapping, Optional, Tuple

from .holding import Holding
from .numbering import APPEND, KEEPING, REUSE, Shift, moved
from .opening import Opening
from .operation import Operation

BLOCK = "block"
DEPENDENTS = "dependents"
ALL = "all"

# Kinds of problem. Words are the caller's business.
DEPENDENT = "dependent"
REPLAY_DIFFERS = "replay_differs"
OPERATION_NUMBER_TAKEN = "operation_number_taken"
COOPERATOR_NUMBER_TAKEN = "cooperator_number_taken"
DOUBLE_OPERATION = "double_operation"
DOUBLE_COOPERATOR = "double_cooperator"
OPERATION_SEQUENCE_BEHIND = "operation_sequence_behind"
COOPERATOR_SEQUENCE_BEHIND = "cooperator_sequence_behind"

# What is done with a holding that nothing explains.
KEEP = "keep"
REGISTER = "register"

# Steps that may have been done by hand before. The names are those of the kinds of steps.
MATCH_REMOVED = "remove_match"
SHARES_REMOVED = "remove_shares"
LINES_REMOVED = "remove_register_lines"
OPERATION_SEQUENCE_RESET = "reset_operation_sequence"
MEMBERSHIP_RESET = "reset_membership"


@dataclass(frozen=True)
class Register:
    """The operations and numbers of one company.

    :param operations: the operations in the register's order
    :param numbers: cooperator number by partner, of everyone who has one
    :param next_operation: next number of the sequence ``register.operation``
    :param next_cooperator: next number of the sequence ``cooperator.number``
    :param openings: what partners are known to have been before their first operation, by
        partner; shares from before are found by themselves
    :param reserved_operations: operation numbers that stay unused for good
    :param reserved_cooperators: cooperator numbers, likewise
    """

    operations: Tuple[Operation, ...]
    numbers: Mapping[Hashable, int]
    next_operation: int
    next_cooperator: int
    openings: Mapping[Hashable, Opening] = field(default_factory=dict)
    reserved_operations: AbstractSet[int] = frozenset()
    reserved_cooperators: AbstractSet[int] = frozenset()


@dataclass(frozen=True)
class Options:
    """How a plan deals with numbers and later operations.

    :param numbering: ``reuse``, ``keep_gap``, ``close_gap`` or ``append``; see
        :mod:`.numbering`
    :param cascade: what happens to later operations. ``block`` stops if any depends on a
        removed one; ``dependents`` removes those; ``all`` takes every later operation
        back and applies the others again, with the same result
    :param register_wins: bring holdings that do not match the register to it, instead of
        stopping the plan
    :param choices: what is done with the holding of a partner that nothing explains, by
        partner: ``keep`` what is there but for what the correction changes, or bring it to
        the ``register``
    :param member_numbering: ``reuse`` or ``append`` for cooperator numbers; ``None`` where
        they go as operation numbers do
    """

    numbering: str = REUSE
    cascade: str = BLOCK
    register_wins: bool = False
    choices: Mapping[Hashable, str] = field(default_factory=dict)
    member_numbering: Optional[str] = None

    @property
    def cooperator_numbering(self) -> str:
        """How cooperator numbers are freed, handed out and moved.

        >>> Options("close_gap").cooperator_numbering
        'close_gap'
        >>> Options("close_gap", member_numbering=APPEND).cooperator_numbering
        'append'
        >>> Options(APPEND, member_numbering=REUSE).cooperator_numbering
        'reuse'
        """
        if self.member_numbering == APPEND:
            return APPEND
        if self.member_numbering == REUSE and self.numbering in KEEPING:
            return REUSE
        return self.numbering

    def choice_for(self, partner: Hashable) -> Optional[str]:
        """What is done with the unexplained holding of ``partner``; maybe nothing."""
        return self.choices.get(partner, REGISTER if self.register_wins else None)


@dataclass(frozen=True)
class Correction:
    """An operation to remove, one to make, or both.

    :param wrong: an operation of the register; ``None`` where one was never made
    :param right: an operation without a number; ``None`` where nothing is to be made: the
        payment is not for shares, or does not complete the right request yet
    :param number: the number that a person has chosen for the right operation
    """

    wrong: Optional[Operation] = None
    right: Optional[Operation] = None
    number: Optional[int] = None


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
    :param kept: the highest number that stays in use all the while
    """

    before: int
    between: int
    matched: int
    after: int
    kept: int = 0

    @property
    def first_free(self) -> int:
        """The lowest number that nobody may have between removal and right match.

        A sequence that is behind goes on with numbers that are in use.
        """
        return max(self.between, self.kept + 1)


@dataclass(frozen=True)
class Problem:
    """A reason not to carry a plan out, or what it overrides.

    :param kind: ``dependent`` (an operation needs the shares of a removed one),
        ``replay_differs`` (nothing explains today's holding) or ``..._number_taken`` (the
        number that would be given is given already); of what stays as it is,
        ``double_...`` or ``..._sequence_behind``
    :param operation: the dependent
    :param partner: whose holding differs
    :param expected: the holding that the register gives
    :param actual: the holding that is there
    :param numbers: those taken or double; of a sequence, its next number
    """

    kind: str
    operation: Optional[Operation] = None
    partner: Optional[Hashable] = None
    expected: Optional[Holding] = None
    actual: Optional[Holding] = None
    numbers: Tuple[int, ...] = ()


@dataclass(frozen=True)
class DoneByHand:
    """A part of a step that somebody has done by hand before.

    :param step: the kind of the step
    :param operation: number of the wrong operation, if it is about one
    :param partner: whose shares or membership it is about
    """

    step: str
    operation: Optional[int] = None
    partner: Optional[Hashable] = None


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
    :param double_operations: operation numbers that are there twice, before and after;
        ``None`` likewise
    :param double_cooperators: cooperator numbers, likewise
    :param openings: what the partners related with the corrections have that no operation
        gave
    :param kept: partners whose unexplained holding is kept, but for what the corrections
        change
    :param faults: what is wrong nearby and stays as it is
    :param by_hand: what somebody has done by hand before
    :param right_matches: matches of the payments with their right requests that are there

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
    double_operations: Optional[Tuple[int, ...]] = None
    double_cooperators: Optional[Tuple[int, ...]] = None
    openings: Tuple[Opening, ...] = ()
    kept: Tuple[Hashable, ...] = ()
    faults: Tuple[Problem, ...] = ()
    by_hand: Tuple[DoneByHand, ...] = ()
    right_matches: Tuple[Hashable, ...] = ()

    @property
    def removed_lines(self) -> Tuple[Hashable, ...]:
        """The register lines of the removed operations."""
        return tuple(line for operation in self.removed for line in operation.lines)

    @property
    def openings_by_partner(self) -> Mapping[Hashable, Opening]:
        """The openings, for :func:`~.replay.replay`."""
        return {opening.partner: opening for opening in self.openings}

    @property
    def knows_faults(self) -> bool:
        """Whether the plan says what was wrong before; the first release's plans do not."""
        return self.double_operations is not None

    @property
    def highest_operation(self) -> int:
        """The highest operation number in the end; 0 where there is none."""
        numbers = [self.operations.kept, *(one.number for one in self.inserted)]
        return max(moved(number, self.operation_shifts) for number in numbers)

    @property
    def first_later(self) -> int:
        """The lowest operation number that nobody has in the end."""
        if self.operations.kept < self.operations.between:
            return self.operations.after
        # a sequence that is behind says nothing of it
        return self.highest_operation + 1

    @property
    def highest_cooperator(self) -> int:
        """The highest cooperator number in the end; 0 where there is none."""
        given = [number for _partner, number in self.cooperator_numbers]
        numbers = [self.cooperators.kept, *given]
        return max(moved(number, self.cooperator_shifts) for number in numbers)

    def is_by_hand(self, step: str) -> bool:
        """Say whether a part of ``step`` was done by hand before."""
        return any(done.step == step for done in self.by_hand)

    def change_of(self, partner: Hashable) -> Optional[Change]:
        """Return the change of ``partner``, ``None`` if nothing changes."""
        return next((c for c in self.changes if c.partner == partner), None)
