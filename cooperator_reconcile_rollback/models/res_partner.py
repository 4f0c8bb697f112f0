from odoo import models

from ..services.named_records import check_not_named


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "reconciliation.rollback.mixin"]

    def unlink(self):
        check_not_named(self)
        named = self._find_named_in_plans()
        self.env["reconciliation.rollback.former.partner"]._keep(named)
        return super().unlink()

    def _find_named_in_plans(self):
        """Those of these partners whom a plan names, and who were not merged."""
        # sudo: whoever deletes contacts need not know of cooperatives
        memberships = self.env["cooperative.membership"].sudo()
        known = memberships.search([("partner_id", "in", self.ids)]).partner_id
        if not known:
            return known
        self.env.cr.execute(
            """
            SELECT DISTINCT found[1]::int
            FROM reconciliation_rollback,
                regexp_matches(plan, '"(?:partner|receiver)": ([0-9]+)', 'g') found
            WHERE found[1] = ANY(%s)
            """,
            ([str(partner) for partner in known.ids],),
        )
        return self.browse(partner for (partner,) in self.env.cr.fetchall())

    def _get_reconciliation_rollbacks(self):
        """The rollbacks of these partners' requests, payments, operations and mails.

        Whose number has moved, or who lost shares that somebody else had no right to give,
        is concerned too: the register's entries tell.
        """
        lines = self.env["reconciliation.rollback.line"].search(
            [
                ("rollback_id.state", "!=", "cancelled"),
                "|",
                "|",
                "|",
                ("operation_partner_id", "in", self.ids),
                ("wrong_move_id.partner_id", "in", self.ids),
                ("right_move_id.partner_id", "in", self.ids),
                ("payment_partner_id", "in", self.ids),
            ]
        )
        entries = self.env["cooperator.register.entry"].search(
            [
                ("rollback_id", "!=", False),
                "|",
                ("partner_id", "in", self.ids),
                ("receiver_id", "in", self.ids),
            ]
        )
        mails = self.env["reconciliation.rollback.mail"].search(
            [
                ("partner_id", "in", self.ids),
                ("kind", "!=", "other"),
                ("rollback_id.state", "!=", "cancelled"),
            ]
        )
        return lines.rollback_id | entries.rollback_id | mails.rollback_id
