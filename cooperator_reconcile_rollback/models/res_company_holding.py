from collections import defaultdict

from odoo import api, models

from ..ledger.holding import Holding, ShareLine
from ..ledger.list_diff import diff_list


class ResCompany(models.Model):
    """Reading holdings, and bringing them to what is planned."""

    _inherit = "res.company"

    def _load_holdings(self, partners):
        """Today's :class:`~..ledger.holding.Holding` by partner id.

        :param partners: ``res.partner``
        """
        self.ensure_one()
        share_lines = defaultdict(list)
        for line in self._get_share_lines(partners):
            share_lines[line.partner_id.id].append(
                ShareLine(
                    line.share_product_id.id,
                    line.share_number,
                    self.currency_id.round(line.share_unit_price),
                    line.effective_date,
                    line.capital_release_request_id.id or None,
                    line.operation_request_id.id or None,
                )
            )
        memberships = self._get_memberships(partners)
        holdings = {}
        for partner in partners:
            membership = memberships.get(partner.id)
            holdings[partner.id] = Holding(
                partner=partner.id,
                lines=tuple(share_lines[partner.id]),
                member=bool(membership and membership.member),
                old_member=bool(membership and membership.old_member),
                number=(membership and membership.cooperator_register_number) or None,
            )
        return holdings

    def _get_share_lines(self, partners):
        """The partners' ``share.line`` in the company, oldest first."""
        return self.env["share.line"].search(
            [("company_id", "=", self.id), ("partner_id", "in", partners.ids)],
            order="id",
        )

    def _apply_holdings(self, holdings):
        """Bring partners' share lines to those of planned holdings.

        Lines that are planned as they are stay untouched.

        :param holdings: :class:`~..ledger.holding.Holding` of different partners
        """
        self.ensure_one()
        share_line = self.env["share.line"]
        partners = self.env["res.partner"].browse([h.partner for h in holdings])
        current = defaultdict(dict)
        for line in self._get_share_lines(partners):
            current[line.partner_id.id][line] = self._get_share_line_values(line)
        removed = share_line
        created = []
        for holding in holdings:
            difference = diff_list(
                current[holding.partner],
                [self._get_planned_values(line) for line in holding.lines],
            )
            for line, values in difference.written.items():
                line.write(self._prepare_share_line(holding, values))
            removed = removed.concat(*difference.removed)
            created += [
                self._prepare_share_line(holding, values)
                for values in difference.created
            ]
        removed.unlink()
        share_line.create(created)

    def _get_share_line_values(self, line):
        return (
            line.share_product_id.id,
            line.share_number,
            self.currency_id.round(line.share_unit_price),
            line.effective_date,
            line.capital_release_request_id.id,
            line.operation_request_id.id,
        )

    @api.model
    def _get_planned_values(self, line):
        return (
            line.share_type,
            line.quantity,
            line.unit_price,
            line.date,
            line.request or False,
            line.operation_request or False,
        )

    def _prepare_share_line(self, holding, values):
        share_type, quantity, unit_price, date, request, operation_request = values
        return {
            "partner_id": holding.partner,
            "company_id": self.id,
            "share_product_id": share_type,
            "share_number": quantity,
            "share_unit_price": unit_price,
            "effective_date": date,
            "capital_release_request_id": request,
            "operation_request_id": operation_request,
        }

    def _get_memberships(self, partners):
        """``{partner id: cooperative.membership}`` of the partners in the company."""
        memberships = self.env["cooperative.membership"].search(
            [("company_id", "=", self.id), ("partner_id", "in", partners.ids)]
        )
        return {membership.partner_id.id: membership for membership in memberships}

    def _get_cooperator_numbers(self, partners):
        """``{partner id: number}`` of those partners who have a number in the company."""
        return {
            partner: membership.cooperator_register_number
            for partner, membership in self._get_memberships(partners).items()
            if membership.cooperator_register_number
        }

    def _apply_memberships(self, holdings):
        """Bring partners' memberships to those of planned holdings."""
        self.ensure_one()
        partners = self.env["res.partner"].browse([h.partner for h in holdings])
        memberships = self._get_memberships(partners)
        cleared = self.env["cooperative.membership"]
        standings = defaultdict(cleared.browse)
        numbered = []
        for holding in holdings:
            membership = memberships.get(holding.partner)
            if not membership:
                # never a cooperator here: nothing is planned for him either
                continue
            standing = (holding.member, holding.old_member)
            if (membership.member, membership.old_member) != standing:
                standings[standing] |= membership
            if (membership.cooperator_register_number or None) != holding.number:
                cleared |= membership
                if holding.number:
                    numbered.append((membership, holding.number))
        for (member, old_member), written in standings.items():
            written.write({"member": member, "old_member": old_member})
        cleared._clear_cooperator_register_number()
        for membership, number in numbered:
            membership.cooperator_register_number = number
