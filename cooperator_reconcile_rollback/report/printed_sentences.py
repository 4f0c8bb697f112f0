"""The sentences that the PDF of a rollback puts round names and numbers."""

from odoo import _
from odoo.tools.misc import formatLang

from ..services.wording import Wording
from ..tools.excerpt import ranges

# So many numbers or ranges of numbers are listed, then how many more there are.
RANGES = 20
NONE = "–"


class PrintedSentences:
    """Sentences about one rollback, whole, so that each language has its own order."""

    def __init__(self, rollback):
        self.env = rollback.env
        self.rollback = rollback

    def wrong_match(self, match):
        """Return a wrong request with its person and operation.

        :param match: :class:`~..services.change_rows.MatchRow`
        """
        if match.operation_number and match.wrong_request:
            return _(
                "%(request)s, %(person)s (operation %(operation)s)",
                request=match.wrong_request,
                person=match.wrong_person.name,
                operation=match.operation_number,
            )

    def entry(self, entry):
        """Return which entry books a payment over.

        :param entry: :class:`~..services.change_rows.EntryRow`
        """
        return _("Booked over by %s", entry.name)

    def entry_item(self, item):
        """Return a journal item of an entry that is posted.

        :param item: :class:`~..services.change_rows.EntryItemRow`
        """
        values = {
            "account": item.account,
            "partner": item.partner,
            "amount": formatLang(
                self.env,
                item.debit or item.credit,
                currency_obj=self.rollback.currency_id,
            ),
        }
        if item.debit:
            return _("%(account)s, %(partner)s: %(amount)s debit", **values)
        return _("%(account)s, %(partner)s: %(amount)s credit", **values)

    def made_user(self, user):
        """Return what has become of a user that the wrong operation made."""
        if user.active:
            return _("%s, made by the wrong operation, is active.", user.login)
        return _("%s, made by the wrong operation, is not active any more.", user.login)

    def title_of_annex(self):
        """Return the annex's title."""
        return _("Annex to %s", self.rollback.name)

    def numbers(self, changes):
        """Return the table of numbers as label, before and after.

        :param changes: :class:`~..services.change_rows.ChangeReport`
        """
        labels = {
            "operations": _("Operation numbers"),
            "next_operation": _("Next operation number"),
            "cooperators": _("Cooperator numbers"),
            "next_cooperator": _("Next cooperator number"),
            "unused_operations": _("Operation numbers that this leaves unused"),
            "unused_cooperators": _("Cooperator numbers that this leaves unused"),
        }
        moving = {
            "operations": _("Operation numbers that move"),
            "cooperators": _("Cooperator numbers that move"),
        }
        rows = []
        for row in changes.numbers:
            words = self._holders if row.subject == "cooperators" else self._ranges
            rows.append((labels[row.subject], words(row.before), words(row.after)))
        for subject, label in moving.items():
            moves = [move for move in changes.moves if move.subject == subject]
            rows += [
                (
                    label,
                    self._range(move.first, move.last),
                    self._range(move.new_first, move.new_last),
                )
                for move in moves[:RANGES]
            ]
        return rows

    def _ranges(self, numbers):
        words = ranges(numbers.rows)
        return self._list(words[:RANGES], len(words))

    def _holders(self, numbers):
        words = ["%s (%s)" % (row.number, row.person.name) for row in numbers.rows]
        return self._list(words, numbers.total)

    def _range(self, first, last):
        return str(first) if first == last else "%s–%s" % (first, last)

    def _list(self, words, total):
        text = ", ".join(words) or NONE
        if total > len(words):
            return _("%(list)s and %(more)s more", list=text, more=total - len(words))
        return text

    def passing(self, number):
        """Return how many people hold in the end what they held before."""
        return _(
            "People who are concerned on the way and have afterwards what they had "
            "before: %s.",
            number,
        )

    def staying(self, number):
        """Return how many later operations stay as they are."""
        return Wording(self.env).staying(number)

    def reapplied(self, number):
        """Return how many later operations are applied again."""
        return _(
            "Later operations that are taken back, newest first, and applied again in "
            "their order, as in the annex: %s.",
            number,
        )

    def steps(self, has_hash):
        """Return how to read the table of steps."""
        if has_hash:
            return _(
                "The numbers are those of the manual procedure. What each step found and "
                "left is kept in Odoo, %s, tab Steps; jobs are shown by the beginning of "
                "their UUID, hashes by their own.",
                self.rollback.name,
            )
        return _(
            "The numbers are those of the manual procedure. What each step found and "
            "left is kept in Odoo, %s, tab Steps; jobs are shown by the beginning of "
            "their UUID.",
            self.rollback.name,
        )

    def printed(self, moment, timezone):
        """Return who printed it and when."""
        return _(
            "Printed by %(user)s at %(time)s. All times are in the time zone "
            "%(timezone)s.",
            user=self.env.user.name,
            time=moment,
            timezone=timezone,
        )

    def more(self, subject, number):
        """Return how many rows the pages leave out, and where they are.

        :param subject: a name of the template's values, or of those of its annex with
            ``annex_`` before it
        """
        return {
            "errors": _("%(number)s more: in Odoo, tab Steps."),
            "warnings": _("%(number)s more: in Odoo, at the top of %(rollback)s."),
            "matches": _(
                '%(number)s more: in Odoo, %(rollback)s, tab "What was wrong".'
            ),
            "accounting": _(
                '%(number)s more: in Odoo, %(rollback)s, tab "What will change".'
            ),
            "people": _("%(number)s more: see the annex."),
            "operations": _("%(number)s more: see the annex."),
            "mails": _("%(number)s more: in Odoo, %(rollback)s, tab Mail."),
            "postponed": _(
                '%(number)s more: in Odoo, %(rollback)s, tab "Payments meanwhile".'
            ),
            "annex_operations": _(
                "%(number)s more operations: in Odoo, %(rollback)s, tab Steps, in what "
                'each step found ("Remove the register lines" and "Take later '
                'operations back").'
            ),
            "annex_people": _(
                '%(number)s more people: in Odoo, %(rollback)s, tab "What will change".'
            ),
        }[subject] % {"number": number, "rollback": self.rollback.name}
