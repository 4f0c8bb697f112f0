"""What a rollback changes in the books, as frozen values that are kept with the plan.

Names are those of the day of the plan. They stand in words that everybody reads alike:
names of records, and amounts in the company's currency.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Optional, Tuple

from ..ledger.stored_json import ACCOUNTING, dump, load, make_reader, read_each

MATCH_REMOVED = "match_removed"
REMOVED_BY_HAND = "removed_by_hand"
LINE_UNDONE = "line_undone"
PAYER_CHANGED = "payer_changed"
ENTRY_POSTED = "entry_posted"
MATCH_MADE = "match_made"
LEFT_OPEN = "left_open"
ENTRY_REVERSED = "entry_reversed"


@dataclass(frozen=True)
class EntryItem:
    """A journal item of an entry that is posted."""

    account: str
    partner: str
    debit: float
    credit: float


@dataclass(frozen=True)
class Entry:
    """An entry that is posted.

    :param day: ``None`` where values are compared: a locked period moves it day by day
    """

    journal: str
    day: Optional[date]
    items: Tuple[EntryItem, ...]


@dataclass(frozen=True)
class AccountingChange:
    """One change of the books.

    :param happens: what; a constant of this module
    :param payment: name of the payment's entry, or of the entry that is reversed
    :param request: name of the capital release request
    :param person: whose the request is, or on whom the payment is booked afterwards
    :param before: on whom the payment is booked before; empty for nobody
    :param is_settled: whether the request is paid in full afterwards
    """

    happens: str
    payment: str
    amount: float
    request: str = ""
    person: str = ""
    before: str = ""
    is_settled: bool = False
    entry: Optional[Entry] = None


def find_changes(lines, payments, trial=None):
    """Find what corrections will change in the books.

    :param lines: ``reconciliation.rollback.line``, all of a rollback that is not started
    :param payments: :class:`~.payments.Payments` of them
    :param trial: :class:`~.books_trial.BooksTrial` where Odoo alone knows the outcome
    :return: tuple of :class:`AccountingChange`, in the order in which they are made
    """
    changes = []
    for payer in payments.payers:
        changes += _find_removed(payer)
        changes += _find_payer_changes(payer, payments.paid)
        changes += _find_made(payer, payments.paid, trial)
    changes += [
        AccountingChange(
            ENTRY_REVERSED,
            payment=line.invoice_id.name,
            amount=abs(line.invoice_id.amount_total_signed),
            person=line.invoice_id.partner_id.display_name,
        )
        for line in lines.filtered("is_invoice_reversed")
    ]
    return tuple(changes)


def _find_removed(payer):
    """The wrong matches, and the bank statement line that is undone with them."""
    if payer.is_statement_line_undone():
        yield AccountingChange(
            LINE_UNDONE, payer.payment.name, sum(payer.lines.mapped("amount"))
        )
    for line in payer.lines.filtered("wrong_move_id"):
        happens = MATCH_REMOVED if line.wrong_match_id else REMOVED_BY_HAND
        yield AccountingChange(
            happens,
            payment=payer.payment.name,
            amount=line.amount,
            request=line.wrong_move_id.name,
            person=line.wrong_move_id.partner_id.display_name,
        )


def _find_payer_changes(payer, paid):
    """The payer that becomes another one, or the entry that books the payment over."""
    before = ", ".join(payer.items.partner_id.mapped("display_name"))
    values = payer.prepare_entry(paid)
    if values:
        items = [item for _create, _id, item in values["line_ids"]]
        yield AccountingChange(
            ENTRY_POSTED,
            payment=payer.payment.name,
            amount=sum(item.get("debit", 0.0) for item in items),
            before=before,
            entry=_make_entry(payer.env, values, items),
        )
    elif payer.is_wrong:
        yield AccountingChange(
            PAYER_CHANGED,
            payment=payer.payment.name,
            amount=payer.get_amount(),
            person=payer.people.display_name,
            before=before,
        )


def _make_entry(env, values, items):
    journal = env["account.journal"].browse(values["journal_id"])
    return Entry(
        journal=journal.display_name,
        day=values["date"],
        items=tuple(
            EntryItem(
                account=env["account.account"].browse(item["account_id"]).display_name,
                partner=env["res.partner"].browse(item["partner_id"]).display_name
                or "",
                debit=item.get("debit", 0.0),
                credit=item.get("credit", 0.0),
            )
            for item in items
        ),
    )


def _find_made(payer, paid, trial):
    """The right matches, and what of the payment nobody takes.

    :param trial: :class:`~.books_trial.BooksTrial` where Odoo alone knows the outcome
    """
    currency = payer.company.currency_id
    left = payer.get_amount()
    for request in payer.lines._get_all_right_moves():
        line = payer.lines.filtered(
            lambda one, request=request: request in one._get_right_moves()
        )[:1]
        amount = sum(paid.get((one, request), 0.0) for one in payer.lines)
        left -= amount
        if trial:
            amount = trial.find_matched().get((payer.payment.id, request.id), 0.0)
            is_settled = request in trial.find_paid()
        else:
            still_open = line._get_open_amount(request) - sum(
                other for (_line, move), other in paid.items() if move == request
            )
            is_settled = currency.is_zero(still_open)
        if not currency.is_zero(amount):
            yield AccountingChange(
                MATCH_MADE,
                payment=payer.payment.name,
                amount=currency.round(amount),
                request=request.name,
                person=request.partner_id.display_name,
                is_settled=is_settled,
            )
    if currency.compare_amounts(left, 0.0) > 0:
        yield AccountingChange(LEFT_OPEN, payer.payment.name, left)


# ------------------------------------------------------------------------------ stored


def to_json(changes):
    """Return changes as a JSON text with a version."""
    return dump(ACCOUNTING, {"changes": [asdict(change) for change in changes]})


_read_changes = read_each(
    make_reader(
        AccountingChange,
        entry=make_reader(
            Entry,
            day=date.fromisoformat,
            items=read_each(make_reader(EntryItem)),
        ),
    )
)


def from_json(text):
    """Return the changes stored as ``text``; none where there is no text."""
    return _read_changes(load(ACCOUNTING, text)["changes"]) if text else ()


def is_same(text, changes):
    """Whether ``changes`` are those stored as ``text``, whatever day their entries have.

    An entry of a locked period is posted on the day of the start.
    """
    return _without_days(from_json(text)) == _without_days(changes)


def _without_days(changes):
    return [
        replace(change, entry=change.entry and replace(change.entry, day=None))
        for change in changes
    ]
