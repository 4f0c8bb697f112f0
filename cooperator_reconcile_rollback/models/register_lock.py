from odoo import _, fields, models
from odoo.exceptions import UserError

from .. import series


class CooperatorRegisterLock(models.Model):
    """Who holds a company's register: at most one rollback (requirement R5).

    A row of its own, and plain SQL on it. Whoever writes to the register takes a share
    of the row until its transaction ends, so a rollback's start waits for those that
    have drawn a number. The start changes the row, so those that come while it is under
    way fail to serialize, and Odoo tries them again: then they see it.
    """

    _name = "cooperator.register.lock"
    _description = "Lock of a company's register of operations"
    _rec_name = "company_id"
    _log_access = False
    _sql_constraints = [
        ("company_unique", "UNIQUE (company_id)", "A company has one register."),
    ]

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    rollback_id = fields.Many2one("reconciliation.rollback", ondelete="restrict")


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_locking_rollback(self):
        """The rollback that holds the company's register; mostly none.

        Where it is none, none can take the register before this transaction has ended.
        A rollback's own steps are not locked out.

        :return: ``reconciliation.rollback``
        """
        self.ensure_one()
        self.env.cr.execute(
            "SELECT rollback_id FROM cooperator_register_lock WHERE company_id = %s "
            "FOR SHARE",
            (self.id,),
        )
        row = self.env.cr.fetchone()
        if not row:
            # the company's first operation
            self.env.cr.execute(
                "INSERT INTO cooperator_register_lock (company_id) VALUES (%s) "
                "ON CONFLICT DO NOTHING",
                (self.id,),
            )
        holder = row and row[0]
        if holder == self.env.context.get("reconciliation_rollback_id"):
            holder = None
        # sudo: whoever books a payment knows nothing of rollbacks
        return self.env["reconciliation.rollback"].sudo().browse(holder or [])

    def _check_register_open(self):
        """:raises UserError: a rollback holds the register of one of the companies"""
        for company in self:
            rollback = company._get_locking_rollback()
            if rollback:
                raise UserError(
                    _(
                        "The register of %(company)s is locked by %(rollback)s: try "
                        "again when that has ended, %(user)s is responsible for it.",
                        company=company.name,
                        rollback=rollback.name,
                        user=rollback.user_id.name,
                    )
                )

    def _lock_register(self, rollback):
        """Let ``rollback`` hold the register; waits for operations under way.

        :return: whether it does; another one may hold it
        """
        self.ensure_one()
        self.env.cr.execute(
            "INSERT INTO cooperator_register_lock AS lock (company_id, rollback_id) "
            "VALUES (%s, %s) ON CONFLICT (company_id) "
            "DO UPDATE SET rollback_id = excluded.rollback_id "
            "WHERE lock.rollback_id IS NULL OR lock.rollback_id = excluded.rollback_id",
            (self.id, rollback.id),
        )
        return bool(self.env.cr.rowcount)

    def _has_unseen_operations(self):
        """Whether operations were registered that this transaction does not see.

        Whoever waits for the register goes on with what the database was like before.
        """
        self.ensure_one()
        query = (
            "SELECT count(*), coalesce(max(id), 0) FROM subscription_register "
            "WHERE company_id = %s"
        )
        series.flush(self.env["subscription.register"])
        self.env.cr.execute(query, (self.id,))
        seen = self.env.cr.fetchone()
        # a cursor of its own sees what is committed by now
        with self.env.registry.cursor() as cr:
            cr.execute(query, (self.id,))
            present = cr.fetchone()
        return present[0] > seen[0] or present[1] > seen[1]

    def _release_register(self, rollback):
        """Let ``rollback`` hold the register no more."""
        self.ensure_one()
        self.env.cr.execute(
            "UPDATE cooperator_register_lock SET rollback_id = NULL "
            "WHERE company_id = %s AND rollback_id = %s",
            (self.id, rollback.id),
        )
