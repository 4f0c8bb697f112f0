from odoo import api, fields, models


class ReconciliationRollbackTransaction(models.Model):
    """Work that is stored whole or not at all: it has a row for as long as it goes on.

    The row refers to one that never exists, and PostgreSQL looks at that when the
    transaction is committed: a commit in the middle of the work fails, whoever asks for it
    and however, and all is as it was. When the work is finished it deletes its row. It
    finds none where the transaction was rolled back under it.
    """

    _name = "reconciliation.rollback.transaction"
    _description = "Unfinished work of a reconciliation rollback"
    _log_access = False
    _sql_constraints = [
        (
            "finished",
            "FOREIGN KEY (missing_id) "
            "REFERENCES reconciliation_rollback_transaction (id) "
            "DEFERRABLE INITIALLY DEFERRED",
            "A step of a rollback is stored whole or not at all.",
        ),
    ]

    missing_id = fields.Integer(required=True, readonly=True)

    @api.model
    def _begin(self):
        """Refuse commits from now on.

        :return: what :meth:`_finish` needs
        """
        self.env.cr.execute(
            "INSERT INTO reconciliation_rollback_transaction (missing_id) VALUES (0) "
            "RETURNING id"
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _finish(self, row):
        """Allow commits again.

        :param row: what :meth:`_begin` has given
        :return: whether it is still the transaction in which that was called
        """
        self.env.cr.execute(
            "DELETE FROM reconciliation_rollback_transaction WHERE id = %s", (row,)
        )
        return bool(self.env.cr.rowcount)
