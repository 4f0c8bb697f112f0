from collections import defaultdict

from odoo import models

from .. import series
from ..ledger.arrangement import arrange
from ..ledger.holding import Holding, ShareLine


class ResCompany(models.Model):
    """Reading holdings, and bringing them to what is planned."""

    _inherit = "res.company"

    def _load_holdings(self, partners, requests=None):
        """Today's :class:`~..ledger.holding.Holding` by partner id.

        :param partners: ``res.partner``
        :param requests: capital release request's id by share line's id, for lines that
            do not know theirs
        """
        self.ensure_one()
        requests = requests or {}
        share_lines = defaultdict(list)
        for line in self._get_share_lines(partners):
            share_lines[line.partner_id.id].append(
                ShareLine(
                    line.share_product_id.id,
                    line.share_number,
                    self.currency_id.round(line.share_unit_price),
                    line.effective_date,
                    line.capital_release_request_id.id or requests.get(line.id),
                )
            )
        memberships = self.env["cooperative.membership"].search(
            [("company_id", "=", self.id), ("partner_id", "in", partners.ids)]
        )
        memberships = {membership.partner_id: membership for membership in memberships}
        holdings = {}
        for partner in partners:
            membership = memberships.get(partner)
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

    def _apply_holding(self, holding):
        """Bring a partner's share lines to those of a planned holding.

        Lines that are planned as they are stay untouched.
        """
        self.ensure_one()
        partner = self.env["res.partner"].browse(holding.partner)
        current = {
            line: self._get_share_line_values(line)
            for line in self._get_share_lines(partner)
        }
        planned = [
            (
                line.share_type,
                line.quantity,
                line.unit_price,
                line.date,
                line.request or False,
            )
            for line in holding.lines
        ]
        arrangement = arrange(current, planned)
        for line, values in arrangement.written.items():
            line.write(self._prepare_share_line(holding, values))
        self.env["share.line"].concat(*arrangement.removed).unlink()
        self.env["share.line"].create(
            [
                self._prepare_share_line(holding, values)
                for values in arrangement.created
            ]
        )

    def _get_share_line_values(self, line):
        return (
            line.share_product_id.id,
            line.share_number,
            self.currency_id.round(line.share_unit_price),
            line.effective_date,
            line.capital_release_request_id.id,
        )

    def _prepare_share_line(self, holding, values):
        share_type, quantity, unit_price, date, request = values
        return {
            "partner_id": holding.partner,
            "company_id": self.id,
            "share_product_id": share_type,
            "share_number": quantity,
            "share_unit_price": unit_price,
            "effective_date": date,
            "capital_release_request_id": request,
        }

    def _apply_membership(self, holding):
        """Bring a partner's membership to that of a planned holding."""
        self.ensure_one()
        partner = self.env["res.partner"].browse(holding.partner)
        membership = series.get_membership(partner, self)
        membership.write({"member": holding.member, "old_member": holding.old_member})
        number = membership.cooperator_register_number or None
        if number == holding.number:
            return
        if holding.number:
            membership.cooperator_register_number = holding.number
            return
        # The ORM stores a cleared Integer as 0, which 16.0's unique constraint on
        # (company, number) allows only once: without a number it has to be NULL.
        series.flush(membership)
        self.env.cr.execute(
            "UPDATE cooperative_membership SET cooperator_register_number = NULL "
            "WHERE id IN %s",
            (tuple(membership.ids),),
        )
        series.invalidate(membership, ["cooperator_register_number"])
