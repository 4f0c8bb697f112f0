"""Entries of the register as frozen rows: the page and the spreadsheet draw them."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Optional, Sequence, Tuple

from odoo import _

from ..books.query import read_table
from ..ledger.operation import CONVERSION, SELL_BACK, TRANSFER
from .entry_words import EntryWords
from .register_memory import ENTRY

NAMES = (
    *("number", "event", "entered_at", "entered_by", "operation_number", "kind"),
    *("date", "partner_id", "name", "member_number", "address", "company_number"),
    *("receiver_id", "receiver_name", "receiver_number", "share_class", "quantity"),
    *("unit_price", "amount", "converted_class", "converted_quantity", "ground"),
    *("paid_on", "paid_amount", "payment", "balance", "other_balance"),
    *("class_total", "other_total", "member_count", "correction", "is_struck"),
    *("replaces_id", "replaced_by_id", "entry_id", "hash"),
)
# Whoever holds shares may see whose shares there are, and no more.
REGISTER = "register"
INSPECTION = "inspection"
EXTRACT = "extract"


@dataclass(frozen=True)
class EntryRow:
    """A line of the register with what became of it.

    :param entry: its number in the order of writing
    :param entered_at: when it was written, on the clock of the database (UTC)
    :param operation: operation number
    :param day: when it is effective
    :param what: the kind of operation
    :param person: the holder as he was then, with member number and domicile
    :param other: the receiver of a transfer
    :param shares: with their sign
    :param balance: shares of the class that the person has after it
    :param total: shares of the class that all have after it
    :param remarks: when and by what it was struck, changed or reinstated
    """

    entry: int
    entered_at: datetime
    entered_by: str
    operation: int
    day: date
    what: str
    person: str
    member_number: Optional[int]
    address: str
    company_number: str
    other: str
    other_number: Optional[int]
    share_class: str
    shares: int
    price: float
    amount: float
    ground: str
    paid_on: Optional[date]
    paid_amount: float
    payment: str
    balance: int
    total: int
    is_struck: bool
    remarks: str
    hash: str
    partner: Optional[int] = None
    receiver: Optional[int] = None


@dataclass(frozen=True)
class Extract:
    """What a document shows of a register.

    :param rows: of lines, in the order of writing
    :param opening: shares by class before the first one of the period
    :param closing: shares by class after the last one
    :param last_entry: the number and the hash of the last entry of the period
    """

    rows: Sequence[EntryRow]
    opening: Tuple[Tuple[str, int], ...] = ()
    closing: Tuple[Tuple[str, int], ...] = ()
    last_entry: Tuple[int, str] = (0, "")

    @property
    def struck_count(self) -> int:
        """How many of the lines are struck."""
        return sum(row.is_struck for row in self.rows)


class EntryRows:
    """Makes rows in the language of an environment.

    :param company: ``res.company``, in the reader's environment
    """

    def __init__(self, company):
        self.company = company
        self.env = company.env
        self.words = EntryWords(self.env)
        register = self.env["subscription.register"]
        self.kinds = dict(register._fields["type"]._description_selection(self.env))

    def load(self, start=None, end=None, partner=None):
        """Load the lines that were entered in a period.

        :param start: the first moment, in UTC; the register's beginning by default
        :param end: the first moment after it
        :param partner: a partner's id: load that person's lines alone
        :return: :class:`Extract`
        """
        rows = read_table(
            self.env[ENTRY],
            NAMES,
            "company_id = %s",
            (self.company.id,),
            order="number",
        )
        numbers = {row.id: row.number for row in rows}
        later = defaultdict(list)
        for row in rows:
            if row.entry_id:
                later[row.entry_id].append(row)
        chosen = [
            row
            for row in rows
            if (not start or row.entered_at >= start)
            and (not end or row.entered_at < end)
        ]
        before = [row for row in rows if start and row.entered_at < start]
        until = [*before, *chosen]
        return Extract(
            tuple(
                self._make_row(row, later[row.id], numbers)
                for row in chosen
                if not row.entry_id
                and (partner is None or partner in (row.partner_id, row.receiver_id))
            ),
            _find_totals(before),
            _find_totals(until),
            (until[-1].number, until[-1].hash) if until else (0, ""),
        )

    def _make_row(self, row, later, numbers):
        sign = -1 if row.kind in (SELL_BACK, TRANSFER, CONVERSION) else 1
        what = self.kinds.get(row.kind, row.kind or "")
        if row.kind == CONVERSION:
            what = _(
                "%(kind)s into %(quantity)s × %(share_class)s",
                kind=what,
                quantity=row.converted_quantity or 0,
                share_class=row.converted_class or "",
            )
        shown = row._replace(
            replaces_id=numbers.get(row.replaces_id),
            replaced_by_id=numbers.get(row.replaced_by_id),
        )
        return EntryRow(
            entry=row.number,
            entered_at=row.entered_at,
            entered_by=row.entered_by or "",
            operation=row.operation_number,
            day=row.date,
            what=what,
            person=row.name or "",
            member_number=row.member_number,
            address=row.address or "",
            company_number=row.company_number or "",
            other=row.receiver_name or "",
            other_number=row.receiver_number,
            share_class=row.share_class or "",
            shares=sign * row.quantity,
            price=float(row.unit_price or 0),
            amount=sign * float(row.amount or 0),
            ground=row.ground or "",
            paid_on=row.paid_on,
            paid_amount=float(row.paid_amount or 0),
            payment=row.payment or "",
            balance=row.balance or 0,
            total=row.class_total or 0,
            is_struck=bool(row.is_struck),
            remarks=self.words.remarks(shown, later),
            hash=row.hash,
            partner=row.partner_id,
            receiver=row.receiver_id,
        )


class Mask:
    """Takes from rows what their reader may not see, in the language of an environment.

    A member sees the whole register at the seat, others' private data and how they paid
    excepted; of somebody who was entered in error the initials are enough. On an own
    extract other people are no names.

    :param kind: ``register``, ``inspection`` or ``extract``
    :param partner: of an extract, whose it is
    :param shows_domicile: whether members may see each other's
    """

    def __init__(self, env, kind, partner=None, shows_domicile=False):
        self.env = env
        self.partner = partner
        self.shows_domicile = shows_domicile
        self.apply = {
            REGISTER: lambda row: row,
            INSPECTION: self._inspect,
            EXTRACT: self._extract,
        }[kind]

    def _extract(self, row):
        hidden = {"entered_by": ""}
        if row.partner != self.partner:
            hidden.update(
                person=self._another(),
                member_number=None,
                address="",
                company_number="",
            )
        if row.receiver and row.receiver != self.partner:
            hidden.update(other=self._another(), other_number=None)
        return replace(row, **hidden)

    def _another(self):
        return _("another member")

    def _inspect(self, row):
        hidden = {"ground": "", "payment": "", "entered_by": "", "paid_on": None}
        if not self.shows_domicile:
            hidden["address"] = ""
        if row.is_struck:
            hidden.update(
                person=get_initials(row.person),
                address="",
                remarks=_("struck, entered in error"),
            )
        return replace(row, **hidden)


def get_initials(name):
    """Return the initials of a name.

    >>> get_initials("Alice van den Berg"), get_initials("")
    ('A. v. d. B.', '')
    """
    return " ".join("%s." % word[0] for word in name.split())


def _find_totals(rows: Sequence[Any]) -> Tuple[Tuple[str, int], ...]:
    """Return the shares by class after the last of some entries."""
    totals = {}
    for row in rows:
        totals[row.share_class or ""] = row.class_total or 0
        if row.converted_class:
            totals[row.converted_class] = row.other_total or 0
    return tuple(sorted((name, number) for name, number in totals.items() if number))
