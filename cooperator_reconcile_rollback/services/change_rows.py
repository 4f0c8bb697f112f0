"""What a rollback changes, as frozen rows.

:mod:`.change_report` makes the rows; the plan tab, the PDF, the spreadsheet and the
register of corrections draw them. Names, kinds and states in a row are the words that
the reader sees; numbers and amounts are not formatted.
"""

from dataclasses import dataclass
from datetime import date
from typing import Mapping, Optional, Tuple

from ..tools.excerpt import Excerpt

# What happens to an operation.
REMOVED = "removed"
DEPENDENT = "dependent"
MADE = "made"
REAPPLIED = "reapplied"


@dataclass(frozen=True)
class Person:
    """A person under the name that the row shows; ``NOBODY`` has neither."""

    id: Optional[int] = None
    name: str = ""


NOBODY = Person()


@dataclass(frozen=True)
class EntryRow:
    """A journal entry that books a payment over to the right person."""

    id: int
    name: str


@dataclass(frozen=True)
class MatchRow:
    """A wrong match and, maybe, the right one.

    :param operation_number: the wrong operation; 0 where there is none
    :param wrong_request: empty where no request made the wrong operation
    :param right_request: empty where the payment is not for shares
    :param found: what was found of the correction, where it is no wrong match
    """

    rollback: str
    payment: str
    payment_date: Optional[date]
    booked_on: Person
    amount: float
    wrong_request: str
    wrong_person: Person
    operation_number: int
    right_request: str
    right_person: Person
    entry: Optional[EntryRow]
    found: str = ""


@dataclass(frozen=True)
class EntryItemRow:
    """A journal item of an entry that is posted; amounts are those of the company."""

    account: str
    partner: str
    debit: float
    credit: float


@dataclass(frozen=True)
class AccountingRow:
    """A change of the books.

    :param sign: ``removed``, ``made``, or empty where nothing moves
    :param what: what happens, in a few words
    :param detail: to which records, in words
    :param items: what is posted, where it is an entry
    """

    sign: str
    what: str
    detail: str
    amount: float
    items: Tuple[EntryItemRow, ...] = ()


@dataclass(frozen=True)
class OperationRow:
    """An operation of the register that does not stay as it is.

    :param happens: ``removed``, ``dependent`` (removed because it depends on a removed
        one), ``made`` or ``reapplied``
    :param what: the same as a sentence
    :param day: the date as the reader's language writes it
    :param shares: quantity and share type of each register line, in words
    """

    rollback: str
    number: int
    happens: str
    what: str
    kind: str
    person: Person
    receiver: Person
    date: date
    day: str
    shares: Tuple[str, ...]
    quantity: int
    amount: float

    @property
    def is_removed(self) -> bool:
        """Whether the operation leaves the register for good."""
        return self.happens in (REMOVED, DEPENDENT)

    @property
    def people(self) -> str:
        """Who takes part: the person and, in a transfer, the receiver."""
        names = (self.person.name, self.receiver.name)
        return " → ".join(filter(None, names))


@dataclass(frozen=True)
class PersonRow:
    """What one person holds before and after.

    :param before: the holding in words
    :param after: likewise
    """

    rollback: str
    person: Person
    number_before: Optional[int]
    number_after: Optional[int]
    shares_before: int
    shares_after: int
    before: str
    after: str


@dataclass(frozen=True)
class HolderNumber:
    """A cooperator number with its holder."""

    number: int
    person: Person


@dataclass(frozen=True)
class NumberRow:
    """Numbers of one kind before and after.

    :param subject: ``operations``, ``next_operation``, ``cooperators``,
        ``next_cooperator``, ``unused_operations`` or ``unused_cooperators``
    :param before: excerpt of numbers; of :class:`HolderNumber` for ``cooperators``
    :param after: likewise
    """

    subject: str
    before: Excerpt
    after: Excerpt


@dataclass(frozen=True)
class MoveRow:
    """Numbers that move together.

    :param subject: ``operations`` or ``cooperators``
    """

    subject: str
    first: int
    last: int
    new_first: int
    new_last: int


@dataclass(frozen=True)
class MailRow:
    """A mail about someone whom the rollback concerns."""

    rollback: str
    about: Person
    to: str
    subject: str
    origin: str
    kind: str
    choice: str
    state: str


@dataclass(frozen=True)
class MailCount:
    """How many mails are in one state."""

    state: str
    label: str
    number: int


@dataclass(frozen=True)
class ChangeReport:
    """All that one rollback changes.

    Each list is an :class:`~..tools.excerpt.Excerpt`: its rows may be the first of many.

    :param has_plan: whether there is a plan; without one only matches and mails have rows
    :param accounting: what changes in the books, as planned; releases before 1.2 did not
        keep it
    :param people: people whose holding changes
    :param passing: how many people hold in the end what they held before
    :param operations: operations that are removed, then those that are made
    :param reapplied: later operations that are taken back and applied again
    :param staying: how many later operations stay as they are
    :param mails: those about a person first
    """

    has_plan: bool = False
    matches: Excerpt = Excerpt()
    accounting: Excerpt = Excerpt()
    people: Excerpt = Excerpt()
    passing: int = 0
    operations: Excerpt = Excerpt()
    reapplied: Excerpt = Excerpt()
    staying: int = 0
    numbers: Tuple[NumberRow, ...] = ()
    moves: Tuple[MoveRow, ...] = ()
    mails: Excerpt = Excerpt()
    mail_counts: Tuple[MailCount, ...] = ()

    @property
    def entries(self) -> Tuple[EntryRow, ...]:
        """The journal entries that book payments over."""
        return tuple(match.entry for match in self.matches.rows if match.entry)

    @property
    def next_numbers(self) -> Mapping[str, Tuple[int, int]]:
        """Next number before and after by subject; empty without a plan."""
        return {
            row.subject: (row.before.rows[0], row.after.rows[0])
            for row in self.numbers
            if row.subject in ("next_operation", "next_cooperator")
        }

    def mails_in(self, state: str) -> int:
        """Return how many mails are in ``state``."""
        return sum(count.number for count in self.mail_counts if count.state == state)
