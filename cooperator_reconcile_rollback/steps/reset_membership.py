from odoo import models

from ..models.res_company import COOPERATOR_SEQUENCE
from ..tools import series
from .books import MEMBERSHIPS, SEQUENCES


class ResetMembership(models.AbstractModel):
    """Manual, step 7: cooperator sequence, membership, and the user it brought."""

    _name = "reconciliation.rollback.step.reset_membership"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: set back cooperator numbers and membership"

    def _get_books(self):
        return [MEMBERSHIPS, SEQUENCES]

    def _read_books(self, step):
        users = step.rollback_id.made_user_ids
        return {**super()._read_books(step), "users": users.filtered("active").ids}

    def _restore(self, step, kept, items=None):
        restored = super()._restore(step, kept, items)
        self.env["res.users"].browse(kept["users"]).exists().write({"active": True})
        return restored

    def _get_snapshot(self, step):
        rollback = step.rollback_id
        company = rollback.company_id
        users = rollback.made_user_ids
        return {
            "sequences": self._get_sequences(rollback),
            "memberships": [
                {
                    "partner": partner.display_name,
                    "number": membership.cooperator_register_number or None,
                    "member": membership.member,
                    "old member": membership.old_member,
                    "candidate": membership.coop_candidate,
                }
                for partner in self._get_changed_partners(rollback)
                for membership in series.get_membership(partner, company)
            ],
            "users": [{"login": user.login, "active": user.active} for user in users],
        }

    def _run(self, step):
        rollback = step.rollback_id
        plan = rollback._get_plan()
        rollback.company_id._apply_memberships(
            [change.between for change in plan.changes]
        )
        self._set_back(rollback, COOPERATOR_SEQUENCE, plan.cooperators)
        never_used = rollback.made_user_ids.filtered(lambda user: not user.login_date)
        never_used.write({"active": False})
