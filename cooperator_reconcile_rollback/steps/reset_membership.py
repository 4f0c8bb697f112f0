from odoo import _, models

from ..books.renumbering import COOPERATOR_SEQUENCE
from .undo_rows import MEMBERSHIPS, conditions_of


class ResetMembership(models.AbstractModel):
    """Manual, step 7: cooperator sequence, membership, and the user it brought."""

    _name = "reconciliation.rollback.step.reset_membership"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: set back cooperator numbers and membership"

    _manual_number = 7
    _sets_sequences = True

    def _get_label(self):
        return _("Set back cooperator numbers and membership")

    def _get_rows_conditions(self):
        return conditions_of(MEMBERSHIPS)

    def _read_more(self, step):
        users = step.rollback_id.made_user_ids.filtered("active")
        return {**super()._read_more(step), "users": users.ids}

    def _restore(self, step, kept, items=None):
        restored = super()._restore(step, kept, items)
        self.env["res.users"].browse(kept["users"]).exists().write({"active": True})
        return restored

    def _get_snapshot(self, step, reading):
        rows = reading.get_rows(MEMBERSHIPS)
        people = reading.names.of("res.partner", [row["partner_id"] for row in rows])
        return {
            "sequences": reading.sequences,
            "memberships": [
                {
                    "partner": people[row["partner_id"]],
                    "number": row["cooperator_register_number"] or None,
                    "member": bool(row["member"]),
                    "old member": bool(row["old_member"]),
                    "candidate": bool(row["coop_candidate"]),
                }
                for row in rows
            ],
            "users": [
                {"login": user.login, "active": user.active}
                for user in step.rollback_id.made_user_ids
            ],
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
