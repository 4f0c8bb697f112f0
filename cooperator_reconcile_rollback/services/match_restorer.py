from odoo import _
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..books.entries_of_matches import find_matches_of_entries, is_reversed_entry
from ..tools import flags, series

MATCHES = "account.partial.reconcile"
SIDES = (
    ("debit_move_id", "debit_amount_currency"),
    ("credit_move_id", "credit_amount_currency"),
)


class MatchRestorer:
    """Makes matches as they were, without what a payment sets in motion.

    Odoo books exchange differences and taxes on a cash basis with a match, and reverses
    them with it: these are new entries then, of the same amounts.

    :param items: journal items' ids that stand for others, which are no more
    :param rollback: ``reconciliation.rollback`` whose revert is under way: what somebody
        has matched meanwhile gives way
    """

    def __init__(self, env, items, rollback=None):
        self.env = env
        self.items = items
        self.rollback = rollback

    def restore(self, kept):
        """Undo the changes of matches.

        :param kept: see :func:`~..ledger.row_difference.difference`
        :raises UserError: a match can't be made again
        """
        self._remove(self.env[MATCHES].browse(kept["created"]).exists())
        rows = self._load_items(kept["deleted"])
        booked = [items for _row, items in rows if self._is_booked_by_odoo(items)]
        beside_booked = self.env["account.move.line"].union(*sum(booked, []))
        for row, items in rows:
            if items in booked or self._is_made_again(row, *items):
                continue
            self._check_there(items)
            self._check_open(row, *items)
            debit, credit = items
            is_booked_with = bool((debit | credit) & beside_booked)
            self._match(row, debit, credit, is_booked_with)

    def check(self, kept):
        """Check that matches that are gone now can be made again.

        :raises UserError: one can't
        """
        for row, items in self._load_items(kept["deleted"]):
            debit, credit = items
            is_there = debit.matched_credit_ids & credit.matched_debit_ids
            if not is_there and not self._is_booked_by_odoo(items):
                self._check_there(items)
                self._check_open(row, debit, credit)

    def _remove(self, matches):
        """Remove matches; Odoo removes those with what it has booked."""
        booked = matches & find_matches_of_entries(matches)
        (matches - booked).unlink()
        booked.exists().unlink()

    def _is_booked_by_odoo(self, items):
        """Whether a match of items goes and comes with another one."""
        return any(is_reversed_entry(item.move_id) for item in items)

    def _load_items(self, rows):
        """Each match with its journal items, the debit first; empty where deleted since."""
        none = self.env["account.move.line"]
        ids = [
            [self.items.get(row[side], row[side]) for side, _amount in SIDES]
            for row in rows
        ]
        present = none.browse(sorted(set(sum(ids, [])))).exists()
        items = {item.id: item for item in present}
        return [
            (row, [items.get(item, none) for item in pair])
            for row, pair in zip(rows, ids)
        ]

    def _check_there(self, items):
        """:raises UserError: one of the items has been deleted, or is not posted"""
        debit, credit = items
        for item, other in ((credit, debit), (debit, credit)):
            if not item:
                raise UserError(
                    _(
                        "What %(entry)s of %(partner)s was matched with has been deleted: "
                        "correct the match with a new rollback.",
                        **self._name(other.move_id),
                    )
                )
            if item.move_id.state != "posted":
                raise UserError(
                    _(
                        "%(entry)s of %(partner)s is not posted any more: reset it to "
                        "draft where it is cancelled, and post it first.",
                        **self._name(item.move_id),
                    )
                )

    def _check_open(self, row, debit, credit):
        """:raises UserError: one of the items is not open for the match any more"""
        closed = self._find_closed(row, debit, credit)
        if closed and self.rollback:
            self._make_way(row, debit, credit, closed)
            closed = self._find_closed(row, debit, credit)
        for item, other in closed:
            self._refuse_matched(row, item, other)

    def _find_closed(self, row, debit, credit):
        """Which of two items is not open for the match, each with the other one."""
        if self._is_made_by_odoo(row, debit, credit):
            return []
        return [
            (item, other)
            for item, other, amount in (
                (credit, debit, row["credit_amount_currency"]),
                (debit, credit, row["debit_amount_currency"]),
            )
            if not self._is_open(item, float(row["amount"]), float(amount))
        ]

    def _is_made_again(self, row, debit, credit):
        """Whether somebody has made a match again that is not there any more.

        Where both items are open for it, it is a match of its own.
        """
        again = debit.matched_credit_ids & credit.matched_debit_ids
        is_same = any(
            match.id > row["id"]
            and not debit.company_currency_id.compare_amounts(
                match.amount, float(row["amount"])
            )
            for match in again
        )
        return is_same and bool(self._find_closed(row, debit, credit))

    def _make_way(self, row, debit, credit, closed):
        """Remove what is in the way of a match, the newest first, and tell so.

        When the revert began nothing was, see :class:`.reverter.Reverter`: somebody has
        matched meanwhile what was open for the time of the revert only.

        :param closed: what :meth:`_find_closed` gave
        """
        for item, other in closed:
            for match in self._find_others(item).sorted("id", reverse=True):
                if not self._find_closed(row, debit, credit):
                    return
                self._tell_removed(match, item, other)
                self._remove(match)

    def _find_others(self, item):
        """The matches of an item that the revert has not restored."""
        restored = {
            tuple(self.items.get(row[side], row[side]) for side, _amount in SIDES)
            for step in self.rollback.step_ids
            for row in step._get_matches()["deleted"]
        }
        matches = item.matched_debit_ids | item.matched_credit_ids
        return matches.filtered(
            lambda match: (
                (match.debit_move_id.id, match.credit_move_id.id) not in restored
            )
        )

    def _tell_removed(self, match, item, other):
        message = _(
            "While %(rollback)s was being reverted, %(payment)s was matched with "
            "%(request)s. That match was removed, since %(entry)s is matched with "
            "%(entry_before)s again.",
            rollback=self.rollback.name,
            payment=match.credit_move_id.move_id.name,
            request=match.debit_move_id.move_id.name,
            entry=item.move_id.name,
            entry_before=other.move_id.name,
        )
        self.rollback.message_post(body=plaintext2html(message))

    def _is_made_by_odoo(self, row, debit, credit):
        """Whether Odoo would match two items for the amounts of ``row`` now."""
        preview = series.preview_match(debit, credit)
        currencies = {
            "amount": debit.company_currency_id,
            "debit_amount_currency": debit.currency_id,
            "credit_amount_currency": credit.currency_id,
        }
        return bool(preview) and not any(
            currency.compare_amounts(preview[name], float(row[name]))
            for name, currency in currencies.items()
        )

    def _is_open(self, item, amount, amount_currency):
        """Whether an item is open for amounts of the company's and of its own currency."""
        open_amounts = (
            (item.company_currency_id, item.amount_residual, amount),
            (item.currency_id, item.amount_residual_currency, amount_currency),
        )
        return all(
            currency.compare_amounts(abs(residual), needed) >= 0
            for currency, residual, needed in open_amounts
        )

    def _refuse_matched(self, row, item, other):
        matches = item.matched_debit_ids | item.matched_credit_ids
        # what was there before the match is not in its way
        matches = matches.filtered(lambda match: match.id > row["id"]) or matches
        entries = (matches.debit_move_id | matches.credit_move_id).move_id
        raise UserError(
            _(
                "%(entry)s of %(partner)s is matched with %(others)s by now, so that it "
                "cannot be matched with %(entry_before)s again: remove that match first.",
                **self._name(item.move_id),
                others=", ".join((entries - item.move_id).mapped("name"))
                or _("nothing"),
                entry_before=other.move_id.name or "",
            )
        )

    def _name(self, entry):
        return {
            "entry": entry.name or "",
            "partner": entry.line_ids.partner_id[:1].name or _("nobody"),
        }

    def _match(self, row, debit, credit, is_booked_with):
        """Match two items for the amounts of ``row``.

        Odoo matches as much as it can: where that would be more than before, the match
        is made without it, and no item is settled by it then.

        :param is_booked_with: whether Odoo had booked something with the match
        """
        if self._is_made_by_odoo(row, debit, credit):
            (debit | credit).with_context(**flags.RESTORE.set()).reconcile()
            return
        if is_booked_with:
            raise UserError(
                _(
                    "%(entry)s of %(partner)s would be matched with %(other)s for another "
                    "amount than before, since a currency rate has changed: correct the "
                    "match with a new rollback.",
                    **self._name(credit.move_id),
                    other=debit.move_id.name,
                )
            )
        self.env[MATCHES].create(
            {
                "debit_move_id": debit.id,
                "credit_move_id": credit.id,
                "amount": float(row["amount"]),
                "debit_amount_currency": float(row["debit_amount_currency"]),
                "credit_amount_currency": float(row["credit_amount_currency"]),
            }
        )
