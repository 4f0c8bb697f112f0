"""What changes in the books, as rows in the language of the reader."""

from odoo import _
from odoo.tools.misc import format_date

from . import accounting_changes as kinds
from .change_rows import MADE, REMOVED, AccountingRow, EntryItemRow

SIGNS = {
    kinds.MATCH_REMOVED: REMOVED,
    kinds.LINE_UNDONE: REMOVED,
    kinds.PAYER_CHANGED: MADE,
    kinds.ENTRY_POSTED: MADE,
    kinds.MATCH_MADE: MADE,
    kinds.ENTRY_REVERSED: MADE,
}


class AccountingWords:
    """Puts changes of the books into words.

    :param env: the environment of whoever reads
    """

    def __init__(self, env):
        self.env = env

    def make_row(self, change):
        """Return a change as a row.

        :param change: :class:`~.accounting_changes.AccountingChange`
        :return: :class:`~.change_rows.AccountingRow`
        """
        items = change.entry.items if change.entry else ()
        return AccountingRow(
            sign=SIGNS.get(change.happens, ""),
            what=self._get_what(change),
            detail=self._get_detail(change),
            amount=change.amount,
            items=tuple(
                EntryItemRow(item.account, item.partner, item.debit, item.credit)
                for item in items
            ),
        )

    def _get_what(self, change):
        if change.happens == kinds.ENTRY_POSTED:
            return _(
                "Post an entry in %(journal)s on %(date)s",
                journal=change.entry.journal,
                date=format_date(self.env, change.entry.day),
            )
        return {
            kinds.MATCH_REMOVED: _("Remove the match"),
            kinds.REMOVED_BY_HAND: _("Match removed by hand before"),
            kinds.LINE_UNDONE: _("Undo the bank statement line"),
            kinds.PAYER_CHANGED: _("Change the payer"),
            kinds.MATCH_MADE: _("Match"),
            kinds.LEFT_OPEN: _("Stays open"),
            kinds.ENTRY_REVERSED: _("Reverse the entry"),
        }[change.happens]

    def _get_detail(self, change):
        values = {
            "payment": change.payment,
            "request": change.request,
            "person": change.person,
            "before": change.before or _("nobody"),
        }
        if change.happens == kinds.MATCH_MADE and not change.is_settled:
            return _("%(payment)s and %(request)s (%(person)s), paid in part", **values)
        sentences = {
            kinds.MATCH_REMOVED: _(
                "%(payment)s and %(request)s (%(person)s), due again", **values
            ),
            kinds.REMOVED_BY_HAND: _(
                "%(payment)s and %(request)s (%(person)s), due already", **values
            )
            if change.payment
            else _("%(request)s (%(person)s), due already", **values),
            kinds.LINE_UNDONE: _("%(payment)s is booked anew", **values),
            kinds.PAYER_CHANGED: _(
                "%(payment)s: %(person)s instead of %(before)s", **values
            ),
            kinds.ENTRY_POSTED: _(
                "%(payment)s is booked on %(before)s, and its own entry has to stay",
                **values,
            ),
            kinds.MATCH_MADE: _(
                "%(payment)s and %(request)s (%(person)s), fully paid", **values
            ),
            kinds.LEFT_OPEN: _("%(payment)s, not matched", **values),
            kinds.ENTRY_REVERSED: _("%(payment)s (%(person)s)", **values),
        }
        return sentences[change.happens]
