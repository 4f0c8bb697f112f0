from odoo import api, fields, models

from ..services.named_records import check_not_named

AUDITORS = "cooperator_reconcile_rollback.group_auditor"


class ResUsers(models.Model):
    _inherit = "res.users"

    auditor_until = fields.Date(
        string="Reads corrections until",
        help="The last day of the right to read corrections of the register. The right is "
        "taken away the night after; where it is empty, it stays.",
    )

    @api.model
    def _cron_end_auditors(self):
        """Take the right to read corrections away from those whose last day is over."""
        group = self.env.ref(AUDITORS)
        over = group.users.filtered(
            lambda user: (
                user.auditor_until
                and user.auditor_until < fields.Date.context_today(user)
            )
        )
        group.write({"users": [(3, user.id) for user in over]})

    def unlink(self):
        check_not_named(self)
        return super().unlink()
