"""The register of corrections of a period, as frozen values.

Its rows are loaded once, see :mod:`~..models.reconciliation_rollback_register_rows`;
the PDF and the spreadsheet only draw them. Names of people, states and reasons are
words already, numbers, dates and amounts are not.

Totals are movements: a correction counts in the period in which it was done, and as
reverted in the one in which it was undone. So those of twelve months add up to those of
the year.

>>> year = Period(datetime(2026, 1, 1), datetime(2027, 1, 1))
>>> row = RollbackRow("RR/1", "Wrong person", 75.0, done_at=datetime(2026, 3, 1))
>>> later = datetime(2027, 2, 1)
>>> undone = replace(row, name="RR/2", reverted_at=later)
>>> never = replace(row, name="RR/3", done_at=None)
>>> for total in totals([row, undone, never], year):
...     print(total)
Total(reason='Wrong person', rollbacks=3, corrected=2, corrected_amount=150.0,
    reverted=0, reverted_amount=0, other=1)
>>> totals([undone], Period(datetime(2027, 1, 1), datetime(2028, 1, 1)))[0].reverted
1
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import List, Optional, Sequence, Tuple


@dataclass(frozen=True)
class Period:
    """A period of time.

    :param start: its first moment
    :param end: the first moment after it
    """

    start: datetime
    end: datetime

    def __contains__(self, moment: Optional[datetime]) -> bool:
        return bool(moment) and self.start <= moment < self.end


@dataclass(frozen=True)
class MatchRow:
    """One correction of a rollback: a wrong match and, maybe, the right one."""

    rollback: str
    payment: str
    payment_date: Optional[date]
    booked_on: str
    amount: float
    wrong_request: str
    wrong_person: str
    right_request: str
    right_person: str
    reclassification: str


@dataclass(frozen=True)
class OperationRow:
    """One operation that was removed from the register, or made."""

    rollback: str
    number: int
    what: str
    kind: str
    person: str
    receiver: str
    date: date
    shares: str
    quantity: int
    amount: float


@dataclass(frozen=True)
class PersonRow:
    """What one person had and has."""

    rollback: str
    person: str
    number_before: Optional[int]
    number_after: Optional[int]
    shares_before: int
    shares_after: int
    before: str
    after: str


@dataclass(frozen=True)
class MailRow:
    """One mail about the people concerned."""

    rollback: str
    about: str
    to: str
    subject: str
    kind: str
    choice: str
    state: str


@dataclass(frozen=True)
class RollbackRow:
    """One rollback. Its moments are in the time zone of who reads them.

    :param operations_before: numbers of the operations that it removed
    :param operations_after: numbers of those that it made
    :param numbers_before: cooperator numbers before, of those whose number changed
    :param numbers_after: their cooperator numbers after
    :param steps_done: how many steps were carried out, also where they were undone
    :param reapplied: how many later operations it took back and applied again
    """

    name: str
    reason: str
    amount: float = 0.0
    state: str = ""
    responsible: str = ""
    started_at: Optional[datetime] = None
    done_at: Optional[datetime] = None
    reverted_at: Optional[datetime] = None
    wrong_people: str = ""
    right_people: str = ""
    operations_before: Tuple[int, ...] = ()
    operations_after: Tuple[int, ...] = ()
    numbers_before: Tuple[int, ...] = ()
    numbers_after: Tuple[int, ...] = ()
    reapplied: int = 0
    steps: int = 0
    steps_done: int = 0
    mails: int = 0
    mails_sent: int = 0
    mails_cancelled: int = 0
    evidence_hash: str = ""
    matches: Tuple[MatchRow, ...] = field(default=(), repr=False)
    operations: Tuple[OperationRow, ...] = field(default=(), repr=False)
    people: Tuple[PersonRow, ...] = field(default=(), repr=False)
    mail_rows: Tuple[MailRow, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Total:
    """The rollbacks of one reason in a period.

    :param corrected: how many were done in the period
    :param reverted: how many that had been done, then or before, were undone in it
    :param other: how many were neither: cancelled, undone before their end, not ended
    """

    reason: str
    rollbacks: int = 0
    corrected: int = 0
    corrected_amount: float = 0
    reverted: int = 0
    reverted_amount: float = 0
    other: int = 0


def totals(rows: Sequence[RollbackRow], period: Period) -> List[Total]:
    """Totals by reason, in the order in which the reasons come."""
    found = {}
    for row in rows:
        total = found.get(row.reason, Total(row.reason))
        found[row.reason] = add(total, movement(row, period))
    return list(found.values())


def movement(row: RollbackRow, period: Period) -> Total:
    """What one rollback adds to the totals of a period."""
    corrected = row.done_at in period
    reverted = bool(row.done_at) and row.reverted_at in period
    return Total(
        reason=row.reason,
        rollbacks=1,
        corrected=int(corrected),
        corrected_amount=row.amount if corrected else 0,
        reverted=int(reverted),
        reverted_amount=row.amount if reverted else 0,
        other=int(not corrected and not reverted),
    )


def add(total: Total, other: Total) -> Total:
    """Both together, under the reason of the first.

    >>> add(Total("A", 1, 1, 25.0), Total("B", 2, 2, 50.0)).corrected_amount
    75.0
    """
    names = [name for name in total.__dataclass_fields__ if name != "reason"]
    return replace(
        total, **{name: getattr(total, name) + getattr(other, name) for name in names}
    )


def grand_total(reason: str, rows: Sequence[Total]) -> Total:
    """All totals together, named ``reason``."""
    total = Total(reason)
    for row in rows:
        total = add(total, row)
    return total


@dataclass(frozen=True)
class Register:
    """The register of corrections of one company in one period.

    :param rows: the rollbacks, the earliest first
    :param period: in the time zone of the rows' moments
    """

    rows: Tuple[RollbackRow, ...]
    period: Period

    @property
    def totals(self) -> List[Total]:
        return totals(self.rows, self.period)

    def all_of(self, name: str) -> Tuple[object, ...]:
        """The rows of one kind of all rollbacks.

        :param name: ``matches``, ``operations``, ``people`` or ``mail_rows``
        """
        return tuple(part for row in self.rows for part in getattr(row, name))
