from contextlib import contextmanager

from odoo import api, fields, models

from ..ledger.evidence_chain import Head
from ..tools import series


class CooperatorRegisterLock(models.Model):
    """Which rollback holds a company's register: at most one, so that no two mix.

    A row of its own, and plain SQL on it. Whoever writes to the register takes a share
    of the row until the transaction ends, so a rollback's start waits for those that
    have drawn a number. The start changes the row, so those that come while it is under
    way fail to serialize, and Odoo tries them again: then they see it.
    """

    _name = "cooperator.register.lock"
    _description = "Lock of a company's register of operations"
    _inherit = ["reconciliation.rollback.defaults"]
    _rec_name = "company_id"
    _log_access = False
    _sql_constraints = [
        ("company_unique", "UNIQUE (company_id)", "A company has one register."),
    ]

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    rollback_id = fields.Many2one("reconciliation.rollback", ondelete="restrict")
    evidence_count = fields.Integer(
        readonly=True, help="How many links the company's chain of evidence has."
    )
    evidence_hash = fields.Char(readonly=True, help="The hash of the last one.")

    @api.model
    def _get_holder(self, company):
        """Get the id of the rollback that holds the register, and share the lock.

        Where it is none, no rollback can acquire the register before this transaction
        has ended.

        :return: an id, or ``None``
        """
        if company.id in self._get_known_open():
            return None
        self.env.cr.execute(
            "SELECT rollback_id FROM cooperator_register_lock WHERE company_id = %s "
            "FOR SHARE",
            (company.id,),
        )
        row = self.env.cr.fetchone()
        if row:
            return row[0]
        # the company's first operation
        self._make_row(company)
        return None

    @api.model
    def _make_row(self, company):
        """Make the company's row where there is none."""
        self.env.cr.execute(
            "INSERT INTO cooperator_register_lock (company_id) VALUES (%s) "
            "ON CONFLICT DO NOTHING",
            (company.id,),
        )

    @api.model
    def _load_head(self, company):
        """Load what is kept of the head of the company's chain of evidence.

        :return: :class:`~..ledger.evidence_chain.Head`
        """
        self.env.cr.execute(
            "SELECT COALESCE(evidence_count, 0), COALESCE(evidence_hash, '') "
            "FROM cooperator_register_lock WHERE company_id = %s",
            (company.id,),
        )
        return Head(*(self.env.cr.fetchone() or ()))

    @api.model
    def _take_head(self, company):
        """Load the head, and keep others from it until the transaction ends.

        Whoever has waited for it fails to serialize where it was changed meanwhile, and is
        tried again: no two links get the same number.
        """
        self._make_row(company)
        self.env.cr.execute(
            "SELECT id FROM cooperator_register_lock WHERE company_id = %s FOR UPDATE",
            (company.id,),
        )
        return self._load_head(company)

    @api.model
    def _keep_head(self, company, head):
        """Keep the head after a new link."""
        self.env.cr.execute(
            "UPDATE cooperator_register_lock SET evidence_count = %s, evidence_hash = %s "
            "WHERE company_id = %s",
            (head.count, head.hash, company.id),
        )

    @api.model
    @contextmanager
    def _known_open(self, company):
        """Don't ask for the holder again inside the block.

        For callers that have just found the register open: they share the lock until the
        transaction ends, whatever savepoint is rolled back inside the block. The answer is
        kept with the cursor, since a client could send a key of the context.
        """
        known = self._get_known_open()
        if company.id in known:
            yield
            return
        known.add(company.id)
        try:
            yield
        finally:
            known.discard(company.id)

    @api.model
    def _get_known_open(self):
        return self.env.cr.cache.setdefault("cooperator.register.lock", set())

    @api.model
    def _acquire(self, rollback):
        """Let ``rollback`` hold its company's register, after operations under way.

        :return: whether it does; another rollback may hold it
        """
        self.env.cr.execute(
            "INSERT INTO cooperator_register_lock AS lock (company_id, rollback_id) "
            "VALUES (%s, %s) ON CONFLICT (company_id) "
            "DO UPDATE SET rollback_id = excluded.rollback_id "
            "WHERE lock.rollback_id IS NULL OR lock.rollback_id = excluded.rollback_id",
            (rollback.company_id.id, rollback.id),
        )
        return bool(self.env.cr.rowcount)

    @api.model
    def _release(self, rollback):
        """Let ``rollback`` hold its company's register no more."""
        self.env.cr.execute(
            "UPDATE cooperator_register_lock SET rollback_id = NULL "
            "WHERE company_id = %s AND rollback_id = %s",
            (rollback.company_id.id, rollback.id),
        )

    @api.model
    def _change(self, company):
        """Make those who wait for the company's register see what this transaction does.

        Call it with the register open. A start that waits for this transaction would
        otherwise go on with the database as it was before.
        """
        self.env.cr.execute(
            "UPDATE cooperator_register_lock SET rollback_id = rollback_id "
            "WHERE company_id = %s",
            (company.id,),
        )

    @api.model
    def _has_unseen_operations(self, company):
        """Whether operations were registered that this transaction does not see.

        A transaction that has waited for the register still sees the database as it was
        before it waited.
        """
        query = (
            "SELECT count(*), coalesce(max(id), 0) FROM subscription_register "
            "WHERE company_id = %s"
        )
        series.flush(self.env["subscription.register"])
        self.env.cr.execute(query, (company.id,))
        seen = self.env.cr.fetchone()
        # a cursor of its own sees what is committed by now
        with self.env.registry.cursor() as cr:
            cr.execute(query, (company.id,))
            present = cr.fetchone()
        return present[0] > seen[0] or present[1] > seen[1]
