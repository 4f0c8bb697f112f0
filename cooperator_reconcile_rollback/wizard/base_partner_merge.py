from collections import Counter

from odoo import _, api, models
from odoo.exceptions import UserError


class BasePartnerMerge(models.TransientModel):
    """Merging contacts that rollbacks name."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep who the contacts become, before Odoo's SQL re-points all rows.

        Findings of the register check name them by their ids too.

        :raises UserError: a rollback holds a register that knows several of them
        """
        self._check_registers_open(src_partners | dst_partner)
        former = self.env["reconciliation.rollback.former.partner"]
        former._keep(src_partners, dst_partner)
        findings = self.env["cooperator.register.finding"]
        findings._replace_partners(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _check_registers_open(self, partners):
        """Check that no merge mixes the operations of several while a register is held.

        A contact that the cooperative does not know yet is merged at any time.

        :raises UserError: it would
        """
        # sudo: whoever merges contacts need not know of cooperatives
        memberships = self.env["cooperative.membership"].sudo()
        memberships = memberships.search([("partner_id", "in", partners.ids)])
        counts = Counter(membership.company_id for membership in memberships)
        for company in [one for one, count in counts.items() if count > 1]:
            rollback = company._get_locking_rollback()
            if rollback:
                known = memberships.filtered(
                    lambda one, company=company: one.company_id == company
                )
                raise UserError(
                    _(
                        "The register of %(company)s knows each of %(partners)s, and "
                        "%(rollback)s holds it: try again to merge them when that has "
                        "ended.",
                        company=company.name,
                        partners=", ".join(known.partner_id.mapped("display_name")),
                        rollback=rollback.name,
                    )
                )
