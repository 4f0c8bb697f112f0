"""On whom payments are booked, and bringing them to the right people.

A payment is one payer's money, with all corrections of a rollback that concern it:

* Where all its matches go and the right requests are one person's, the whole payment
  becomes that person's. Its partner is changed wherever it stands, or, where its entry may
  not be changed, all that is open of it is booked over.
* Where it also pays requests that stay, or several people's, only what the right requests
  take is booked over. The rest stays on whom the payment is booked on.
* Without a right request it stays on whom it is booked on.

A payment and a bank statement line have one payer, whatever their items say. An entry that
an accountant has written may be of several: there each person's items are a payment.
"""

from odoo import _, fields
from odoo.exceptions import UserError

from ..books.entries_of_matches import find_matches_of_entries
from ..ledger.paying import Need, Source, Transfer, book_over
from ..tools import flags, series
from .lock_dates import find_lock, find_open_date
from .matching import match_amount
from .payment_labels import PaymentLabels
from .proposal import MATCHED


class Payer:
    """On whom a payment is booked, and bringing it to the right people.

    :param lines: ``reconciliation.rollback.line``, all of one payment in a rollback
    """

    def __init__(self, lines):
        self.lines = lines
        self.line = lines[:1]
        self.env = lines.env
        self.payment = lines.payment_move_id
        self.account = lines.account_id
        self.company = lines.company_id
        self.requests = lines._get_all_right_moves()
        self.people = self.requests.commercial_partner_id

    # -------------------------------------------------------------- what is booked

    @property
    def items(self):
        """The payment's journal items on the account of the requests.

        They are none while the bank statement line is undone.
        """
        items = self.payment.line_ids.filtered(
            lambda item: item.account_id == self.account and item.balance < 0
        )
        own = self.lines.payment_line_id & items
        if not self._has_one_payer():
            payers = self._get_people(own)
            items = items.filtered(lambda i: self._get_people(i) == payers)
        return own | items

    def _has_one_payer(self):
        return bool(self.payment.payment_id or self.payment.statement_line_id)

    def _get_people(self, items):
        return items.partner_id.commercial_partner_id

    def _get_staying_matches(self):
        """The matches of the payment that the rollback leaves.

        Odoo removes those with the entries that it has booked with a wrong match.
        """
        wrong = self.lines.wrong_match_id
        matches = self.items.matched_debit_ids - wrong
        return matches - find_matches_of_entries(wrong) if matches else matches

    def _get_sources(self):
        """What is open of the payment once its wrong matches are removed.

        :return: list of :class:`~..ledger.paying.Source`
        """
        items = self.items
        if not items and self.payment.statement_line_id:
            _liquidity, suspense, _other = (
                self.payment.statement_line_id._seek_for_lines()
            )
            return [Source(i, self._get_line_payer(), abs(i.balance)) for i in suspense]
        staying = self._get_staying_matches()
        return [
            Source(
                item,
                self._get_people(item),
                abs(item.amount_residual)
                + sum((item.matched_debit_ids - staying).mapped("amount")),
            )
            for item in items
        ]

    def _get_line_payer(self):
        """Whose the bank statement line is once it is undone."""
        line_partner = self.payment.statement_line_id.partner_id
        return self.people if self.is_whole() else line_partner.commercial_partner_id

    def get_amount(self):
        """What the payment can pay once its wrong matches are removed."""
        return sum(source.amount for source in self._get_sources())

    def is_whole(self):
        """Whether the payment becomes one person's as a whole."""
        return len(self.people) == 1 and not self._get_staying_matches()

    @property
    def is_wrong(self):
        """Whether the payment becomes a person's on whom it is not booked."""
        return self.is_whole() and any(
            self._get_people(item) != self.people for item in self.items
        )

    # ------------------------------------------------------------- may it be changed

    def check(self, paid):
        """Check that the payment can be brought to the right people.

        :param paid: see :class:`~.payments.Payments`
        :raises UserError: it can't
        """
        self._check_journal(self._get_transfers(paid))

    def _check_journal(self, transfers):
        """:raises UserError: there is no open journal for the entry that books over"""
        journal = self.company.reclassification_journal_id
        if not transfers or journal and self._get_open_date(self.payment, journal):
            return
        if journal:
            raise UserError(
                _(
                    "The payment %(payment)s has to be booked over from %(wrong)s to "
                    "%(right)s, but the journal %(journal)s is locked: choose another "
                    "reclassification journal on the form of %(company)s first.",
                    payment=self.payment.name,
                    **self._name_people(transfers),
                    journal=journal.name,
                    company=self.company.name,
                )
            )
        raise UserError(
            _(
                "The payment %(payment)s has to be booked over from %(wrong)s to "
                "%(right)s, since %(obstacle)s: choose a reclassification journal "
                "on the form of %(company)s first.",
                payment=self.payment.name,
                **self._name_people(transfers),
                obstacle=self._find_obstacle(),
                company=self.company.name,
            )
        )

    def _name_people(self, transfers):
        """Whom a payment is booked over from, and to."""
        nobody = _("nobody")
        payers = dict.fromkeys(
            transfer.item.partner_id.display_name or nobody for transfer in transfers
        )
        people = dict.fromkeys(transfer.person.display_name for transfer in transfers)
        return {"wrong": ", ".join(payers), "right": ", ".join(people)}

    def check_can_go_back(self):
        """:raises UserError: the payment can't be booked on whom it was any more"""
        if self.lines.reclassification_move_id or not self._has_changed():
            return
        obstacle = self._find_entry_obstacle()
        if obstacle:
            raise UserError(
                _(
                    "%(rollback)s cannot be reverted, since the payment %(payment)s would "
                    "have to be booked on %(partner)s again, but %(obstacle)s: correct the "
                    "match with a new rollback.",
                    rollback=self.lines.rollback_id.name,
                    payment=self.payment.name,
                    partner=self.line.payment_partner_id.name or _("nobody"),
                    obstacle=obstacle,
                )
            )

    def _has_changed(self):
        """Whether the rollback has booked the payment on somebody, or undone its line."""
        if self.payment.statement_line_id and not self.lines.payment_line_id:
            return MATCHED in self.lines.mapped("situation")
        return any(
            line.payment_line_id.partner_id != line.payment_partner_id
            for line in self.lines
        )

    def _find_entry_obstacle(self):
        """Why the payment's entry may not be changed any more, in words; or ``False``."""
        if find_lock(self.payment):
            return _("its period is locked")
        if self.payment.restrict_mode_hash_table:
            return _("its journal is hashed")
        return False

    def _find_obstacle(self):
        """Why the payment's partner may not be changed, in words; or ``False``."""
        obstacle = self._find_entry_obstacle()
        if obstacle:
            return obstacle
        if self.payment.reclassified_move_id:
            return _("it books another payment over")
        rest = self.payment.line_ids - self.items
        others = rest.filtered(lambda item: item.account_id == self.account)
        if _get_matches(rest - others):
            return _("it is matched with the bank")
        if self._get_staying_matches() or _get_matches(others):
            return _("it also pays other requests")
        if len(self.people) > 1:
            return _("it is for several people")
        return False

    # ------------------------------------------------------ the bank statement line

    def is_statement_line_undone(self):
        """Whether the wrong matches go by undoing the bank statement line.

        That is the manual's alternative for a line that is booked on the wrong person.
        It drops all of the line's items and matches, so it is only done where the wrong
        matches are all there are, and where the line is one person's afterwards, or
        nobody's.
        """
        line = self.payment.statement_line_id
        if not line or not self.lines.wrong_match_id or self._get_staying_matches():
            return False
        bank = self.payment.line_ids - self.items
        return (
            len(bank) == 1
            and not _get_matches(bank)
            and (not self.people or self.is_wrong)
            and not self._find_entry_obstacle()
        )

    def undo_statement_line(self):
        """Undo the bank statement line; it is then that of the right person."""
        statement_line = self.payment.statement_line_id
        series.undo_statement_line(statement_line)
        if self.people:
            statement_line.partner_id = self.people

    def _book_statement_line(self, payer):
        """Book an undone statement line's amount on the account of the requests.

        :param payer: ``res.partner``, whom it is booked on
        """
        statement_line = self.payment.statement_line_id
        _liquidity, suspense, _other = statement_line._seek_for_lines()
        suspense.with_context(skip_account_move_synchronization=True).write(
            {"account_id": self.account.id, "partner_id": payer.id}
        )
        for line in self.lines:
            line.payment_line_id = suspense

    def book_statement_line_again(self, kept, item_id):
        """Book an undone statement line on whom it was booked on.

        For rollbacks of releases that did not keep the line's items.

        :param kept: what :func:`~..books.payers.read_payers` gave
        :param item_id: the journal item that was matched and is no more
        """
        payers = {
            (model, record_id): self.env["res.partner"].browse(
                values["partner_id"] or []
            )
            for model, record_id, values in kept
        }
        statement_line = self.payment.statement_line_id
        statement_line.partner_id = payers[statement_line._name, statement_line.id]
        self._book_statement_line(payers["account.move.line", item_id])

    # ------------------------------------------------------------ the right people

    def bring(self, paid):
        """Bring the payment to the right people: change its partner, or book it over.

        :param paid: see :class:`~.payments.Payments`
        :raises UserError: it has to be booked over, and there is no journal for it
        """
        if not self.people or self.lines.reclassification_move_id:
            return
        if not self.items and self.payment.statement_line_id:
            payer = self._get_line_payer()
            if self.is_whole():
                self.payment.statement_line_id.partner_id = payer
            self._book_statement_line(payer)
        transfers = self._get_transfers(paid)
        if transfers:
            self._reclassify(transfers)
        elif self.is_wrong:
            self._change_payer(self.people)

    def pay(self, line, request, amount, is_registered=False):
        """Match a part of the payment with a right request.

        :param line: the correction that has the request
        :param amount: what the payment pays of it
        :param is_registered: whether the request has its operation already
        :raises UserError: Odoo refuses the match
        """
        items = self._get_items_of(line, request.commercial_partner_id)
        if is_registered:
            items = items.with_context(**flags.RESTORE.set())
        for item in items:
            amount -= match_amount(item, line._get_open_lines(request), amount)

    def _get_items_of(self, line, person):
        """The items of the payment that are a person's now, a correction's own first."""
        booked_over = self.lines.reclassification_move_id.line_ids.filtered("credit")
        items = line.payment_line_id | self.items | booked_over
        return items.filtered(lambda item: self._get_people(item) == person)

    def _get_transfers(self, paid):
        """What has to be booked over, since the payment itself can't be changed.

        :param paid: see :class:`~.payments.Payments`
        :return: list of :class:`~..ledger.paying.Transfer`
        """
        sources = self._get_sources()
        if not self.is_whole():
            needs = [
                Need(line.payment_line_id, request.commercial_partner_id, amount)
                for line in self.lines
                for request in line._get_right_moves()
                for amount in [paid.get((line, request), 0.0)]
            ]
            transfers = book_over(needs, sources)
        elif self.is_wrong and self._find_obstacle():
            transfers = [
                Transfer(source.item, self.people, source.amount)
                for source in sources
                if source.payer != self.people
            ]
        else:
            transfers = []
        currency = self.company.currency_id
        rounded = [t._replace(amount=currency.round(t.amount)) for t in transfers]
        return [t for t in rounded if not currency.is_zero(t.amount)]

    def _change_payer(self, person):
        """Change the partner of the payment: entry, items and what is behind it.

        Not by way of draft: that would undo every match of the payment, and compute
        its destination account anew.
        """
        move = self.payment.with_context(skip_account_move_synchronization=True)
        source = move.payment_id or move.statement_line_id
        labels = PaymentLabels(move.payment_id)
        payers = self.items.partner_id
        items = move.line_ids.filtered(lambda item: item.partner_id in payers)
        if source:
            items = move.line_ids
            # changing the partner computes it anew
            account = move.payment_id.destination_account_id
            source.write({"partner_id": person.id})
            if account:
                source.write({"destination_account_id": account.id})
        if source or move.partner_id in payers:
            move.write({"partner_id": person.id})
        (items | self.items.with_env(move.env)).write({"partner_id": person.id})
        labels.follow()

    def _reclassify(self, transfers):
        """Post the entry that books the payment over, and match it with the payment."""
        self._check_journal(transfers)
        values = self.lines._prepare_reclassification(transfers)
        move = self.env["account.move"].create(values)
        move.action_post()
        self.lines.filtered("right_move_id").reclassification_move_id = move
        debits = move.line_ids.filtered("debit").sorted("id")
        for item, debit in zip(_sum_up(transfers, _get_item), debits):
            (item | debit).reconcile()

    def prepare_entry(self, paid):
        """Prepare the entry by which the payment will be booked over.

        :param paid: see :class:`~.payments.Payments`
        :return: values of ``account.move``; none where the payment itself is changed, or
            is right
        """
        transfers = self._get_transfers(paid)
        return self.lines._prepare_reclassification(transfers) if transfers else {}

    def prepare_reclassification(self, transfers):
        """Prepare the entry that books the payment over to the right people.

        :param transfers: list of :class:`~..ledger.paying.Transfer`
        :return: values of ``account.move``
        """
        payment = self.payment
        journal = self.company.reclassification_journal_id
        reference = _(
            "%(rollback)s: %(payment)s from %(wrong)s to %(right)s",
            rollback=self.lines.rollback_id.name,
            payment=payment.name,
            **self._name_people(transfers),
        )
        common = {"name": reference, "account_id": self.account.id}
        debits = [
            {
                **common,
                "partner_id": item.partner_id.id,
                "currency_id": item.currency_id.id,
                "debit": amount,
                "amount_currency": _convert(item, amount),
            }
            for item, (amount, _foreign) in _sum_up(transfers, _get_item).items()
        ]
        credits_ = [
            {
                **common,
                "partner_id": person.id,
                "currency_id": currency.id,
                "credit": amount,
                "amount_currency": -foreign,
            }
            for (person, currency), (amount, foreign) in _sum_up(
                transfers, _get_person
            ).items()
        ]
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "date": self._get_open_date(payment, journal),
            "ref": reference,
            "reclassified_move_id": (payment.reclassified_move_id or payment).id,
            "line_ids": [(0, 0, values) for values in debits + credits_],
        }

    # ------------------------------------------------------------------- the way back

    def reverse_reclassification(self):
        """Post the reversal of the entry that booked the payment over.

        Each of its items is matched with its own reversal: it is the same person's.
        """
        entry = self.lines.reclassification_move_id
        reversal = entry._reverse_moves([self._prepare_reversal(entry)])
        reversal.action_post()
        left = reversal.line_ids
        for item in entry.line_ids:
            opposite = left.filtered(
                lambda other, item=item: (
                    other.partner_id == item.partner_id
                    and other.account_id == item.account_id
                    and not item.company_currency_id.compare_amounts(
                        other.balance, -item.balance
                    )
                )
            )[:1]
            left -= opposite
            (item | opposite).filtered(lambda i: not i.reconciled).reconcile()

    def reverse(self, entry):
        """Post the reversal of an entry, and match both.

        :return: the reversal
        """
        return entry._reverse_moves([self._prepare_reversal(entry)], cancel=True)

    def _prepare_reversal(self, entry):
        date = self._get_open_date(entry)
        values = {"date": date, "ref": _("Reversal of: %s", entry.name)}
        if entry.is_invoice(include_receipts=True):
            values["invoice_date"] = date
        return values

    def _get_open_date(self, move, journal=None):
        """The date of ``move``, or the next one that is not locked.

        :param journal: where it is needed; that of ``move`` by default
        :return: a date; ``None`` where the journal is locked for all times
        """
        journal = journal or move.journal_id
        # of the day of the start, as planned, where midnight comes before the step
        rollback = self.line.rollback_id
        moment = rollback.revert_started_at or rollback.started_at or None
        today = fields.Date.context_today(self.line, moment)
        return find_open_date(journal, [move.date, today])


def _get_matches(items):
    return items.matched_debit_ids | items.matched_credit_ids


def _convert(item, amount):
    """An amount of a payment's item in the currency of the item."""
    if not item.company_currency_id.compare_amounts(amount, abs(item.amount_residual)):
        return abs(item.amount_residual_currency)
    return item.currency_id.round(amount * abs(item.amount_currency / item.balance))


def _get_item(transfer):
    return transfer.item


def _get_person(transfer):
    """Whose a transfer is afterwards, in which currency."""
    return transfer.person, transfer.item.currency_id


def _sum_up(transfers, get_key):
    """The transfers' amounts by what is asked of them, in their order.

    :return: ``{key: (amount, amount in the currency of the items)}``
    """
    amounts = {}
    for transfer in transfers:
        amount, foreign = amounts.get(get_key(transfer), (0.0, 0.0))
        amount += transfer.amount
        foreign += _convert(transfer.item, transfer.amount)
        amounts[get_key(transfer)] = amount, foreign
    return amounts
