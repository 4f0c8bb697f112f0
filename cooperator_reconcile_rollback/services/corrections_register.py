"""The register of corrections of a period, as frozen values.

:func:`.change_report.load_register_rows` loads the rows once; the PDF and the
spreadsheet only draw them.

Totals are movements: a correction counts in the period in which it was done, and as
reverted in the period in which it was undone. The totals of twelve months add up to
those of the year.

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

from .change_rows import ChangeReport, PersonRow


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
class RollbackRow:
    """One rollback. Its moments are in the time zone of the reader.

    :param second_person: who else than who planned it has looked at it, in words
    :param decided: who decided on it, and when
    :param effect: which past years it changes, in words
    :param told: who was told of a wrong certificate, and when
    :param steps_done: how many steps were carried out, undone ones included
    :param changes: what it changed; without a plan where it never started
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
    steps: int = 0
    steps_done: int = 0
    evidence_hash: str = ""
    started_by: str = ""
    second_person: str = ""
    decided: str = ""
    effect: str = ""
    note: str = ""
    override: str = ""
    told: str = ""
    changes: ChangeReport = field(default=ChangeReport(), repr=False)

    @property
    def in_error_since(self) -> Optional[date]:
        """When the first of the removed operations was effective."""
        rows = self.changes.operations.rows
        return min((row.date for row in rows if row.is_removed), default=None)

    @property
    def operations_before(self) -> Tuple[int, ...]:
        """Numbers of the operations that it removed, or was to remove."""
        if self.changes.has_plan:
            rows = self.changes.operations.rows
            return tuple(sorted(row.number for row in rows if row.is_removed))
        numbers = {match.operation_number for match in self.changes.matches.rows}
        return tuple(sorted(numbers - {0}))

    @property
    def operations_after(self) -> Tuple[int, ...]:
        """Numbers of the operations that it made."""
        rows = self.changes.operations.rows
        return tuple(row.number for row in rows if not row.is_removed)

    @property
    def numbers_before(self) -> Tuple[int, ...]:
        """Cooperator numbers before, of people whose number changed."""
        return tuple(filter(None, (row.number_before for row in self._renumbered())))

    @property
    def numbers_after(self) -> Tuple[int, ...]:
        """Their cooperator numbers after."""
        return tuple(filter(None, (row.number_after for row in self._renumbered())))

    def _renumbered(self) -> List[PersonRow]:
        rows = self.changes.people.rows
        return [row for row in rows if row.number_before != row.number_after]


@dataclass(frozen=True)
class Total:
    """The rollbacks of one reason in a period.

    :param corrected: how many were done in the period
    :param reverted: how many were undone in the period, after they had been done
    :param other: how many were neither: cancelled, undone before the end, not ended
    """

    reason: str
    rollbacks: int = 0
    corrected: int = 0
    corrected_amount: float = 0
    reverted: int = 0
    reverted_amount: float = 0
    other: int = 0


def totals(rows: Sequence[RollbackRow], period: Period) -> List[Total]:
    """Return totals by reason, in the order in which the reasons come."""
    found = {}
    for row in rows:
        total = found.get(row.reason, Total(row.reason))
        found[row.reason] = add(total, movement(row, period))
    return list(found.values())


def movement(row: RollbackRow, period: Period) -> Total:
    """Return what one rollback adds to the totals of a period."""
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
    """Return the sum of both, under the reason of the first.

    >>> add(Total("A", 1, 1, 25.0), Total("B", 2, 2, 50.0)).corrected_amount
    75.0
    """
    names = [name for name in total.__dataclass_fields__ if name != "reason"]
    return replace(
        total, **{name: getattr(total, name) + getattr(other, name) for name in names}
    )


def grand_total(reason: str, rows: Sequence[Total]) -> Total:
    """Return the sum of all totals under the name ``reason``."""
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
        """Return the rows of one kind of all rollbacks.

        :param name: ``matches``, ``operations``, ``people`` or ``mails``
        """
        return tuple(
            part for row in self.rows for part in getattr(row.changes, name).rows
        )
