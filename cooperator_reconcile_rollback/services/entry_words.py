"""What became of a line of the register, in words."""

from odoo import _
from odoo.tools.misc import format_date

from ..ledger import register_memory as events


class EntryWords:
    """Words in the language of an environment.

    Entries are ``cooperator.register.entry`` or rows of its table with the same names.
    """

    def __init__(self, env):
        self.env = env

    def remarks(self, entry, later):
        """Say what has happened to a line since it was entered.

        :param entry: the entry of the line
        :param later: the entries of what has happened to it, in their order
        """
        sentences = []
        if entry.replaces_id:
            sentences.append(
                _(
                    "Entered by %(correction)s instead of entry %(entry)s.",
                    correction=entry.correction,
                    entry=self._get_number(entry.replaces_id),
                )
            )
        elif entry.correction:
            sentences.append(_("Entered by %s.", entry.correction))
        sentences += [self._word(event) for event in later]
        if entry.is_struck and entry.replaced_by_id:
            sentences.append(
                _("Replaced by entry %s.", self._get_number(entry.replaced_by_id))
            )
        return " ".join(sentences)

    def _word(self, event):
        by = event.correction or _("%s by hand", event.entered_by)
        values = {"date": format_date(self.env, event.entered_at), "by": by}
        if event.event == events.STRUCK:
            return _("Struck on %(date)s, %(by)s.", **values)
        if event.event == events.REINSTATED:
            return _("Reinstated on %(date)s, revert of %(by)s.", **values)
        return _(
            "Changed on %(date)s, %(by)s: operation %(number)s, %(person)s, %(quantity)s "
            "shares.",
            **values,
            number=event.operation_number,
            person=event.name,
            quantity=event.quantity,
        )

    def _get_number(self, entry):
        return getattr(entry, "number", entry)
