"""What the register check finds, as frozen values; the caller words them."""

from dataclasses import asdict, dataclass
from typing import Hashable, Mapping, Optional, Tuple

from .holding import Holding
from .plan_json import read_holding
from .stored_json import FINDING, dump, load, make_reader

ERROR = "error"
WARNING = "warning"
NOTE = "note"

DOUBLE_OPERATION_NUMBER = "double_operation_number"
OPERATION_GAP = "operation_gap"
DOUBLE_COOPERATOR_NUMBER = "double_cooperator_number"
MEMBER_WITHOUT_NUMBER = "member_without_number"
COOPERATOR_GAP = "cooperator_gap"
SHARES_UNLIKE_REGISTER = "shares_unlike_register"
OPERATION_WITHOUT_GROUND = "operation_without_ground"
REGISTERED_TWICE = "registered_twice"
PAID_WITHOUT_OPERATION = "paid_without_operation"
OPERATION_NOT_PAID = "operation_not_paid"
DONE_WITHOUT_OPERATION = "done_without_operation"
OPERATION_NOT_DONE = "operation_not_done"
OTHER_PAYER = "other_payer"
OTHER_REQUEST_NAMED = "other_request_named"
OPERATION_SEQUENCE_OFF = "operation_sequence_off"
COOPERATOR_SEQUENCE_OFF = "cooperator_sequence_off"
MAIL_LEFT_HELD = "mail_left_held"
SEVERAL_REQUESTS_FIT = "several_requests_fit"
NO_REQUEST_FITS = "no_request_fits"
EVIDENCE_CHAIN_BROKEN = "evidence_chain_broken"
EVIDENCE_CHANGED = "evidence_changed"
EVIDENCE_BOOKS_CHANGED = "evidence_books_changed"
ENTRIES_CHANGED = "entries_changed"
CHANGED_BY_HAND = "changed_by_hand"

#: Severity by kind. An error makes the register wrong, or what follows from it; a warning
#: may be right, but somebody should look; a note explains what is known.
SEVERITIES: Mapping[str, str] = {
    DOUBLE_OPERATION_NUMBER: ERROR,
    OPERATION_GAP: WARNING,
    DOUBLE_COOPERATOR_NUMBER: ERROR,
    MEMBER_WITHOUT_NUMBER: ERROR,
    COOPERATOR_GAP: NOTE,
    SHARES_UNLIKE_REGISTER: ERROR,
    OPERATION_WITHOUT_GROUND: ERROR,
    REGISTERED_TWICE: ERROR,
    PAID_WITHOUT_OPERATION: ERROR,
    OPERATION_NOT_PAID: ERROR,
    DONE_WITHOUT_OPERATION: WARNING,
    OPERATION_NOT_DONE: ERROR,
    OTHER_PAYER: WARNING,
    OTHER_REQUEST_NAMED: WARNING,
    MAIL_LEFT_HELD: WARNING,
    SEVERAL_REQUESTS_FIT: NOTE,
    NO_REQUEST_FITS: NOTE,
    EVIDENCE_CHAIN_BROKEN: ERROR,
    EVIDENCE_CHANGED: ERROR,
    EVIDENCE_BOOKS_CHANGED: WARNING,
    ENTRIES_CHANGED: ERROR,
    CHANGED_BY_HAND: WARNING,
}


@dataclass(frozen=True)
class Finding:
    """Something in the books that is wrong or suspicious.

    :param kind: one of the kinds above
    :param variant: of a chain of evidence, how it is broken; see
        :class:`~.evidence_chain.Break`
    :param numbers: numbers of operations or cooperators; of a gap the first and the last,
        of a sequence the next number, then the right one; of links the first and the last
    :param partners: the people concerned
    :param lines: the register lines concerned
    :param request: a capital release request
    :param named: other requests, which a payment's communication names
    :param operation_request: an operation request
    :param payment: a payment's entry
    :param rollback: a reconciliation rollback
    :param fix: a fix of another finding
    :param seal: a seal of the register
    :param entries: numbers of entries of the register
    :param expected: the holding that the register gives
    :param actual: the holding there is
    """

    kind: str
    numbers: Tuple[int, ...] = ()
    partners: Tuple[Hashable, ...] = ()
    lines: Tuple[Hashable, ...] = ()
    request: Optional[Hashable] = None
    named: Tuple[Hashable, ...] = ()
    operation_request: Optional[Hashable] = None
    payment: Optional[Hashable] = None
    rollback: Optional[Hashable] = None
    fix: Optional[Hashable] = None
    seal: Optional[Hashable] = None
    entries: Tuple[int, ...] = ()
    expected: Optional[Holding] = None
    actual: Optional[Holding] = None
    variant: str = ""

    @property
    def is_more(self) -> bool:
        """Whether somebody has more shares than the register gives, and none is missing."""
        if not self.expected or not self.actual:
            return False
        types = {line.share_type for line in self.expected.lines}
        return self.actual.quantity > self.expected.quantity and all(
            self.actual.quantity_of(one) >= self.expected.quantity_of(one)
            for one in types
        )

    @property
    def severity(self) -> str:
        """``error``, ``warning`` or ``note``.

        A sequence that is ahead leaves a gap, one that is behind gives a number twice.

        >>> Finding(OPERATION_SEQUENCE_OFF, numbers=(4, 9)).severity
        'error'
        >>> Finding(OPERATION_SEQUENCE_OFF, numbers=(9, 4)).severity
        'warning'

        Shares beyond the register may come from before its first operation.

        >>> from datetime import date
        >>> from .holding import ShareLine
        >>> day = date(2026, 1, 31)
        >>> more = Holding(7, (ShareLine("A", 5, 50.0, day),))
        >>> Finding(SHARES_UNLIKE_REGISTER, expected=Holding(7), actual=more).severity
        'warning'
        >>> Finding(SHARES_UNLIKE_REGISTER, expected=more, actual=Holding(7)).severity
        'error'
        """
        if self.kind == SHARES_UNLIKE_REGISTER and self.is_more:
            return WARNING
        if self.kind in (OPERATION_SEQUENCE_OFF, COOPERATOR_SEQUENCE_OFF):
            next_number, right = self.numbers
            return WARNING if next_number > right else ERROR
        return SEVERITIES[self.kind]

    @property
    def key(self) -> str:
        """Stable identity of the finding across checks.

        It does not tell what was found in detail: shares that differ from the register in
        another way tomorrow are the same finding.

        >>> gap = Finding(OPERATION_GAP, numbers=(3, 4))
        >>> gap.key
        'operation_gap 3,4'
        >>> Finding(MEMBER_WITHOUT_NUMBER, partners=(7,), lines=(1,)).key
        'member_without_number 7'
        """
        about: Tuple = {
            OPERATION_SEQUENCE_OFF: (),
            COOPERATOR_SEQUENCE_OFF: (),
            OPERATION_GAP: self.numbers,
            COOPERATOR_GAP: self.numbers,
            DOUBLE_OPERATION_NUMBER: self.numbers,
            DOUBLE_COOPERATOR_NUMBER: self.numbers,
            MEMBER_WITHOUT_NUMBER: self.partners,
            SHARES_UNLIKE_REGISTER: self.partners,
            OPERATION_WITHOUT_GROUND: self.lines,
            REGISTERED_TWICE: (self.request,),
            PAID_WITHOUT_OPERATION: (self.request,),
            OPERATION_NOT_PAID: (self.request,),
            DONE_WITHOUT_OPERATION: (self.operation_request,),
            OPERATION_NOT_DONE: (self.operation_request,),
            OTHER_PAYER: (self.payment, self.request),
            OTHER_REQUEST_NAMED: (self.payment, self.request),
            MAIL_LEFT_HELD: (self.rollback,),
            SEVERAL_REQUESTS_FIT: self.lines,
            NO_REQUEST_FITS: self.lines,
            EVIDENCE_CHAIN_BROKEN: (
                *(self.variant, *self.numbers),
                *(self.rollback or "", self.fix or ""),
                *((self.seal,) if self.seal else ()),
            ),
            EVIDENCE_CHANGED: (self.rollback or "", self.fix or ""),
            ENTRIES_CHANGED: self.entries[:1],
            CHANGED_BY_HAND: self.entries,
            EVIDENCE_BOOKS_CHANGED: (self.rollback,),
        }[self.kind]
        return " ".join(filter(None, (self.kind, ",".join(map(str, about)))))


def to_json(finding: Finding) -> str:
    """Serialise ``finding`` for storing.

    >>> holding = Holding(7, number=3)
    >>> found = Finding(SHARES_UNLIKE_REGISTER, partners=(7,), actual=holding)
    >>> from_json(to_json(found)) == found
    True
    """
    return dump(FINDING, asdict(finding))


def from_json(text: str) -> Finding:
    """Read the finding that :func:`to_json` serialised."""
    return _read_finding(load(FINDING, text))


_read_finding = make_reader(
    Finding,
    numbers=tuple,
    partners=tuple,
    lines=tuple,
    named=tuple,
    entries=tuple,
    expected=read_holding,
    actual=read_holding,
)
