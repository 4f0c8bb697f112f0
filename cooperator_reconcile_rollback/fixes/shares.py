from dataclasses import replace

from odoo import _

from ..books.openings import find_opening
from ..ledger import finding as kinds
from ..ledger.opening_json import from_json
from .fix import Fix


class SharesFix(Fix):
    """A fix of what somebody holds."""

    kinds = (kinds.SHARES_UNLIKE_REGISTER,)
    needs_reason = True

    @property
    def partner(self):
        """The ``res.partner`` that was found."""
        return self.env["res.partner"].browse(self.finding.partners)

    def get_snapshot(self, option):
        partner = self.partner
        holding = self.company._load_holdings(partner)[partner.id]
        return {"person": partner.display_name, "holds": self.words.holding(holding)}


class ExplainShares(SharesFix):
    """Say that what is beyond the register was there before its first operation."""

    code = "explain_shares"

    @property
    def membership(self):
        """The person's ``cooperative.membership``, where the opening is kept."""
        memberships = self.company._get_memberships(self.partner)
        return memberships.get(self.partner.id)

    @property
    def opening(self):
        """The :class:`~..ledger.opening.Opening` that explains it, if there is one."""
        return find_opening(self.company, self.finding.actual)

    def is_possible(self):
        return bool(self.membership and self.opening)

    def is_likely(self):
        expected, actual = self.finding.expected, self.finding.actual
        return self.finding.is_more or expected.lines == actual.lines

    def get_label(self):
        return _("Explain these shares")

    def describe(self, option, number=0):
        return _(
            "%(person)s had this before the first operation, and it stays: %(opening)s.",
            person=self.words.person(self.partner.id),
            opening=self._get_opening_words(self.opening),
        )

    def _get_opening_words(self, opening):
        """Get an opening in words, with the share lines that came between operations."""
        added = tuple(one.line for one in opening.added)
        holding = replace(opening.holding, lines=opening.lines + added)
        return self.words.holding(holding)

    def get_snapshot(self, option):
        kept = self.membership.opening
        return {
            **super().get_snapshot(option),
            "opening": kept and self._get_opening_words(from_json(kept)) or None,
        }

    def apply(self, option, number=0):
        self.membership._set_opening(self.opening)


class BringToRegister(SharesFix):
    """Make shares and membership what the register gives."""

    code = "bring_to_register"

    def get_label(self):
        return _("Bring to the register")

    def describe(self, option, number=0):
        return _(
            '%(person)s is brought to what the register gives: "%(actual)s" by the share '
            'lines and the membership becomes "%(expected)s".',
            person=self.words.person(self.partner.id),
            actual=self.words.holding(self.finding.actual),
            expected=self.words.holding(self.finding.expected),
        )

    def apply(self, option, number=0):
        self.company._apply_holdings([self.finding.expected])
        self.company._apply_memberships([self.finding.expected])
