from odoo import _, fields
from odoo.exceptions import UserError

from ..books.entries_of_matches import find_matches_of_entries
from ..tools import series
from .lock_dates import find_lock, find_open_date


class Payer:
    """On whom the payment of a correction is booked, and bringing it to the right person.

    :param line: ``reconciliation.rollback.line``, a single one
    """

    def __init__(self, line):
        line.ensure_one()
        self.line = line
        self.env = line.env
        self.payment = line.payment_move_id
        self.right = line.right_move_id.commercial_partner_id

    @property
    def is_wrong(self):
        """Whether the payment is booked on someone else than the right request."""
        item = self.line.payment_line_id
        return (
            bool(self.line.right_move_id)
            and item.partner_id.commercial_partner_id != self.right
        )

    def check(self):
        """:raises UserError: the payment can't be brought to the right person"""
        if not self.is_wrong:
            return
        obstacle = self._find_obstacle()
        company = self.line.company_id
        journal = company.reclassification_journal_id
        if obstacle and journal and not self._get_open_date(self.payment, journal):
            raise UserError(
                _(
                    "The payment %(payment)s has to be booked over from %(wrong)s to "
                    "%(right)s, but the journal %(journal)s is locked: choose another "
                    "reclassification journal on the form of %(company)s first.",
                    payment=self.payment.name,
                    wrong=self.line.payment_partner_id.name or _("nobody"),
                    right=self.right.name,
                    journal=journal.name,
                    company=company.name,
                )
            )
        if obstacle and not journal:
            raise UserError(
                _(
                    "The payment %(payment)s has to be booked over from %(wrong)s to "
                    "%(right)s, since %(obstacle)s: choose a reclassification journal "
                    "on the form of %(company)s first.",
                    payment=self.payment.name,
                    wrong=self.line.payment_partner_id.name or _("nobody"),
                    right=self.right.name,
                    obstacle=obstacle,
                    company=company.name,
                )
            )

    def check_can_go_back(self):
        """:raises UserError: the payment can't be booked on whom it was any more"""
        line = self.line
        payer = line.payment_line_id.partner_id
        if line.reclassification_move_id or payer == line.payment_partner_id:
            return
        obstacle = self._find_entry_obstacle()
        if obstacle:
            raise UserError(
                _(
                    "%(rollback)s cannot be reverted, since the payment %(payment)s would "
                    "have to be booked on %(partner)s again, but %(obstacle)s: correct the "
                    "match with a new rollback.",
                    rollback=line.rollback_id.name,
                    payment=self.payment.name,
                    partner=line.payment_partner_id.name or _("nobody"),
                    obstacle=obstacle,
                )
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
        items = self.payment.line_ids
        matches = items.matched_debit_ids | items.matched_credit_ids
        item = self.line.payment_line_id
        wrong = self._get_sibling_matches()
        # Odoo removes what it has booked with a match when the match goes
        other = matches - wrong
        if other:
            other -= find_matches_of_entries(wrong)
        if other - item.matched_debit_ids - item.matched_credit_ids:
            return _("it is matched with the bank")
        if other:
            return _("it also pays other requests")
        return False

    def _get_sibling_matches(self):
        """The wrong matches of this rollback that go over to the same person."""
        siblings = self.line.rollback_id.line_ids.filtered(
            lambda line: line.right_move_id.commercial_partner_id == self.right
        )
        return siblings.wrong_match_id

    def is_statement_line_undone(self):
        """Whether the wrong match goes by undoing the bank statement line.

        That is the manual's alternative for a line that is booked on the wrong person.
        It drops all of the line's items and matches, so it is only done where these are
        nothing but the wrong match.
        """
        line = self.line
        return (
            bool(line.wrong_match_id and self.payment.statement_line_id)
            and len(self.payment.line_ids) == 2
            and line.payment_line_id.matched_debit_ids == line.wrong_match_id
            and (not line.right_move_id or self.is_wrong)
            and not self._find_entry_obstacle()
        )

    def undo_statement_line(self):
        """Undo the bank statement line; it is then that of the right person."""
        statement_line = self.payment.statement_line_id
        series.undo_statement_line(statement_line)
        if self.line.right_move_id:
            statement_line.partner_id = self.right

    def get_item_to_match(self):
        """Bring the payment to the right person.

        :return: the ``account.move.line`` with its amount that is booked on that person
        """
        line = self.line
        if line.reclassification_move_id:
            # it pays one more request
            items = line.reclassification_move_id.line_ids
            return items.filtered("credit")
        if not line.payment_line_id:
            self.payment.statement_line_id.partner_id = self.right
            line.payment_line_id = self._book_statement_line(self.right)
        if not self.is_wrong:
            return line.payment_line_id
        if self._find_obstacle():
            return self._reclassify()
        self._change_payer()
        return line.payment_line_id

    def _book_statement_line(self, payer):
        """Book an undone statement line's amount on the account of the requests.

        :param payer: ``res.partner``, whom it is booked on
        """
        statement_line = self.payment.statement_line_id
        _liquidity, suspense, _other = statement_line._seek_for_lines()
        suspense.with_context(skip_account_move_synchronization=True).write(
            {"account_id": self.line.account_id.id, "partner_id": payer.id}
        )
        return suspense

    def book_statement_line_again(self, kept, item_id):
        """Book an undone statement line on whom it was booked on.

        :param kept: what :func:`read_payers` gave
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
        self.line.payment_line_id = self._book_statement_line(
            payers["account.move.line", item_id]
        )

    def _change_payer(self):
        """Change the partner of the payment: entry, items and what is behind it.

        Not by way of draft: that would undo every match of the payment, and compute
        its destination account anew.
        """
        move = self.payment.with_context(skip_account_move_synchronization=True)
        source = move.payment_id or move.statement_line_id or move
        account = move.payment_id.destination_account_id
        source.write({"partner_id": self.right.id})
        if account:
            source.write({"destination_account_id": account.id})
        move.line_ids.write({"partner_id": self.right.id})

    def _reclassify(self):
        """Post the reclassification and match it with the payment.

        :return: its item on the right person
        """
        line = self.line
        move = self.env["account.move"].create(line._prepare_reclassification())
        move.action_post()
        line.reclassification_move_id = move
        debit = move.line_ids.filtered("debit")
        (line.payment_line_id | debit).reconcile()
        return move.line_ids - debit

    def prepare_reclassification(self):
        """Prepare the entry that books the payment over to the right person.

        :return: values of ``account.move``
        """
        line, payment = self.line, self.payment
        journal = line.company_id.reclassification_journal_id
        wrong = line.payment_line_id.partner_id
        reference = _(
            "%(rollback)s: %(payment)s from %(wrong)s to %(right)s",
            rollback=line.rollback_id.name,
            payment=payment.name,
            wrong=wrong.name or _("nobody"),
            right=self.right.name,
        )
        item = {"name": reference, "account_id": line.account_id.id}
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "date": self._get_open_date(payment, journal),
            "ref": reference,
            "reclassified_move_id": (payment.reclassified_move_id or payment).id,
            "line_ids": [
                (0, 0, {**item, "partner_id": wrong.id, "debit": line.amount}),
                (0, 0, {**item, "partner_id": self.right.id, "credit": line.amount}),
            ],
        }

    def reverse_reclassification(self):
        """Post the reversal of the entry that booked the payment over."""
        self.reverse(self.line.reclassification_move_id)

    def reverse(self, entry):
        """Post the reversal of an entry, and match both.

        :return: the reversal
        """
        date = self._get_open_date(entry)
        values = {"date": date, "ref": _("Reversal of: %s", entry.name)}
        if entry.is_invoice(include_receipts=True):
            values["invoice_date"] = date
        return entry._reverse_moves([values], cancel=True)

    def _get_open_date(self, move, journal=None):
        """The date of ``move``, or the next one that is not locked.

        :param journal: where it is needed; that of ``move`` by default
        :return: a date; ``None`` where the journal is locked for all times
        """
        journal = journal or move.journal_id
        return find_open_date(
            journal, [move.date, fields.Date.context_today(self.line)]
        )


def read_payers(payments):
    """Read whom payments are booked on, and where, for :func:`restore_payers`.

    :param payments: ``account.move``
    :return: ``[[model, id, {field: id}], ...]``, what is behind an entry before it
    """
    kept = []
    for move in payments:
        source = move.payment_id or move.statement_line_id
        for records, names in (
            (move.payment_id, ["partner_id", "destination_account_id"]),
            (source, ["partner_id"]),
            (move, ["partner_id"]),
            (move.line_ids, ["partner_id", "account_id"]),
        ):
            kept += [
                [record._name, record.id, {name: record[name].id for name in names}]
                for record in records
            ]
    return kept


def restore_payers(env, kept):
    """Book payments on whom they were booked on, where that has changed.

    :param kept: what :func:`read_payers` gave
    """
    for model, record_id, values in kept:
        record = env[model].browse(record_id).exists()
        changed = {
            name: value
            for name, value in values.items()
            if record and record[name].id != value
        }
        if changed:
            record.with_context(skip_account_move_synchronization=True).write(changed)
        if "account_id" in changed:
            # Odoo computes it of the accounts, but does not watch these
            statement_line = record.move_id.statement_line_id
            for name in ("is_reconciled", "amount_residual"):
                env.add_to_compute(statement_line._fields[name], statement_line)
