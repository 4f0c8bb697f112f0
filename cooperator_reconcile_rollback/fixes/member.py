from odoo import _

from ..books.renumbering import COOPERATOR_SEQUENCE
from ..ledger import finding as kinds
from .fix import Fix


class RenumberMember(Fix):
    """Give one of the people who share a cooperator number another one."""

    code = "renumber_member"
    kinds = (kinds.DOUBLE_COOPERATOR_NUMBER,)
    needs_reason = True
    sequence = COOPERATOR_SEQUENCE

    def get_label(self):
        return _("Renumber")

    def get_options(self):
        return [
            (str(partner), self.words.person(partner))
            for partner in self.finding.partners
        ]

    def describe(self, option, number=0):
        return _(
            "%(person)s gets cooperator number %(number)s.",
            person=self.words.person(int(option)),
            number=number,
        )

    def get_snapshot(self, option):
        partners = self.env["res.partner"].browse(self.finding.partners)
        memberships = self.company._get_memberships(partners)
        return {
            "members": [
                {
                    "number": membership.cooperator_register_number or None,
                    "person": membership.partner_id.display_name,
                }
                for membership in memberships.values()
            ],
            **self.read_sequence(),
        }

    def apply(self, option, number=0):
        partner = self.env["res.partner"].browse(int(option))
        membership = self.company._get_memberships(partner)[partner.id]
        membership.cooperator_register_number = number
        self.move_sequence(number)


class NumberMember(RenumberMember):
    """Give a member a cooperator number."""

    code = "number_member"
    kinds = (kinds.MEMBER_WITHOUT_NUMBER,)
    needs_reason = False

    def get_label(self):
        return _("Give a number")
