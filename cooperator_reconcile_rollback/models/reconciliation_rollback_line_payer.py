from odoo import _, api, fields, models
from odoo.exceptions import UserError

from .. import series


class ReconciliationRollbackLine(models.Model):
    """Payments that are booked on the wrong person (requirement R9)."""

    _inherit = "reconciliation.rollback.line"

    def _get_right_payer(self):
        return self.right_move_id.commercial_partner_id

    def _has_wrong_payer(self):
        """Whether the payment is booked on someone else than the right request."""
        self.ensure_one()
        return (
            bool(self.right_move_id)
            and self.payment_line_id.partner_id.commercial_partner_id
            != self._get_right_payer()
        )

    def _get_entry_obstacle(self):
        """Why the payment's entry may not be changed any more, in words; or False."""
        self.ensure_one()
        move = self.payment_move_id
        if self._is_locked(move.date):
            return _("its period is locked")
        if move.restrict_mode_hash_table:
            return _("its journal is hashed")
        return False

    def _get_payer_obstacle(self):
        """Why the payment's partner may not be changed, in words; or False."""
        self.ensure_one()
        obstacle = self._get_entry_obstacle()
        if obstacle:
            return obstacle
        items = self.payment_move_id.line_ids
        matches = items.matched_debit_ids | items.matched_credit_ids
        item = self.payment_line_id
        other = matches - self._get_sibling_matches()
        if other - item.matched_debit_ids - item.matched_credit_ids:
            return _("it is matched with the bank")
        if other:
            return _("it also pays other requests")
        return False

    def _get_sibling_matches(self):
        """The wrong matches of this rollback that go over to the same person."""
        siblings = self.rollback_id.line_ids.filtered(
            lambda line: line._get_right_payer() == self._get_right_payer()
        )
        return siblings.wrong_match_id

    def _is_locked(self, date):
        return date <= self.company_id._get_user_fiscal_lock_date()

    def _is_statement_line_undone(self):
        """Whether the wrong match goes by undoing the bank statement line.

        That is the manual's alternative for a line that is booked on the wrong person.
        It drops all of the line's items and matches, so it is only done where these are
        nothing but the wrong match.
        """
        self.ensure_one()
        move = self.payment_move_id
        matches = self.payment_line_id.matched_debit_ids
        return (
            bool(move.statement_line_id)
            and len(move.line_ids) == 2
            and matches == self.wrong_match_id
            and (not self.right_move_id or self._has_wrong_payer())
            and not self._get_entry_obstacle()
        )

    def _check_payer(self):
        """:raises UserError: the payment can't be brought to the right person"""
        self.ensure_one()
        if not self._has_wrong_payer():
            return
        obstacle = self._get_payer_obstacle()
        if obstacle and not self.company_id.reclassification_journal_id:
            raise UserError(
                _(
                    "The payment %(payment)s has to be booked over from %(wrong)s to "
                    "%(right)s, since %(obstacle)s: choose a reclassification journal "
                    "for %(company)s first.",
                    payment=self.payment_move_id.name,
                    wrong=self.payment_partner_id.name or _("nobody"),
                    right=self._get_right_payer().name,
                    obstacle=obstacle,
                    company=self.company_id.name,
                )
            )

    def _remove_match(self):
        """Remove the wrong match, and nothing but it."""
        for line in self.filtered("wrong_match_id"):
            if line._is_statement_line_undone():
                line._undo_statement_line()
            else:
                line.wrong_match_id.unlink()

    def _undo_statement_line(self):
        self.ensure_one()
        statement_line = self.payment_move_id.statement_line_id
        series.undo_statement_line(statement_line)
        if self.right_move_id:
            statement_line.partner_id = self._get_right_payer()

    def _make_match(self):
        """Match the payment with the right request, as its payer's."""
        for line in self:
            item = line._get_item_to_match()
            (item | line._get_open_lines(line.right_move_id)).filtered(
                lambda i: not i.reconciled
            ).reconcile()

    def _get_item_to_match(self):
        """The journal item with the payment's amount, booked on the right person."""
        self.ensure_one()
        if not self.payment_line_id:
            self.payment_line_id = self._book_statement_line(self._get_right_payer())
        if not self._has_wrong_payer():
            return self.payment_line_id
        if self._get_payer_obstacle():
            return self._reclassify()
        self._change_payer()
        return self.payment_line_id

    def _book_statement_line(self, payer):
        """Book an undone statement line's amount on the account of the requests.

        :param payer: ``res.partner``, whom it is booked on
        """
        statement_line = self.payment_move_id.statement_line_id
        _liquidity, suspense, _other = statement_line._seek_for_lines()
        suspense.with_context(skip_account_move_synchronization=True).write(
            {
                "account_id": self.account_id.id,
                "partner_id": payer.id,
            }
        )
        return suspense

    def _change_payer(self):
        """Change the partner of the payment: entry, items and what is behind it.

        Not by way of draft: that would undo every match of the payment, and compute
        its destination account anew.
        """
        self.ensure_one()
        partner = self._get_right_payer()
        move = self.payment_move_id.with_context(skip_account_move_synchronization=True)
        source = move.payment_id or move.statement_line_id or move
        account = move.payment_id.destination_account_id
        source.write({"partner_id": partner.id})
        if account:
            source.write({"destination_account_id": account.id})
        move.line_ids.write({"partner_id": partner.id})

    def _prepare_reclassification(self):
        """Values of the entry that books the payment over to the right person."""
        self.ensure_one()
        payment = self.payment_move_id
        wrong = self.payment_line_id.partner_id
        right = self._get_right_payer()
        today = fields.Date.context_today(self)
        reference = _(
            "%(rollback)s: %(payment)s from %(wrong)s to %(right)s",
            rollback=self.rollback_id.name,
            payment=payment.name,
            wrong=wrong.name or _("nobody"),
            right=right.name,
        )
        item = {"name": reference, "account_id": self.account_id.id}
        return {
            "move_type": "entry",
            "journal_id": self.company_id.reclassification_journal_id.id,
            "date": today if self._is_locked(payment.date) else payment.date,
            "ref": reference,
            "reclassified_move_id": (payment.reclassified_move_id or payment).id,
            "line_ids": [
                (0, 0, {**item, "partner_id": wrong.id, "debit": self.amount}),
                (0, 0, {**item, "partner_id": right.id, "credit": self.amount}),
            ],
        }

    def _reclassify(self):
        """Post the reclassification and match it with the payment.

        :return: its item on the right person
        """
        self.ensure_one()
        move = self.env["account.move"].create(self._prepare_reclassification())
        move.action_post()
        self.reclassification_move_id = move
        debit = move.line_ids.filtered("debit")
        (self.payment_line_id | debit).reconcile()
        return move.line_ids - debit

    def _read_payers(self):
        """Whom the payments are booked on, and where, for :meth:`_restore_payers`.

        :return: ``[[model, id, {field: id}], ...]``, what is behind an entry before it
        """
        kept = []
        for move in self.payment_move_id:
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

    def _book_statement_line_again(self, kept, item_id):
        """Book an undone statement line on whom it was booked on.

        :param kept: what :meth:`_read_payers` gave
        :param item_id: the journal item that was matched and is no more
        """
        self.ensure_one()
        payers = {
            (model, record_id): self.env["res.partner"].browse(
                values["partner_id"] or []
            )
            for model, record_id, values in kept
        }
        statement_line = self.payment_move_id.statement_line_id
        statement_line.partner_id = payers[statement_line._name, statement_line.id]
        self.payment_line_id = self._book_statement_line(
            payers["account.move.line", item_id]
        )

    @api.model
    def _restore_payers(self, kept):
        """Book payments on whom they were booked on, where that has changed."""
        for model, record_id, values in kept:
            record = self.env[model].browse(record_id).exists()
            changed = {
                name: value
                for name, value in values.items()
                if record and record[name].id != value
            }
            if changed:
                record.with_context(skip_account_move_synchronization=True).write(
                    changed
                )

    def _reverse_reclassifications(self):
        """Post the reversals of the entries that booked payments over."""
        today = fields.Date.context_today(self)
        for line in self.filtered("reclassification_move_id"):
            move = line.reclassification_move_id
            move._reverse_moves(
                [
                    {
                        "date": today if line._is_locked(move.date) else move.date,
                        "ref": _("Reversal of: %s", move.name),
                    }
                ],
                cancel=True,
            )

    def _find_wrong_matches(self):
        """Know the wrong matches again, after they have been made anew."""
        for line in self:
            matches = line.wrong_move_id._get_request_matches()
            line.wrong_match_id = matches.filtered(
                lambda match, line=line: match.credit_move_id == line.payment_line_id
            )[:1]
