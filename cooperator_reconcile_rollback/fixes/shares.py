from odoo import _

from ..ledger import finding as kinds
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
