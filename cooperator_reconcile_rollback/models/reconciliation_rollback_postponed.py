from odoo import _, api, fields, models

from ..books.request_reader import PAID_STATES
from ..services.commit_guard import CommitGuard
from ..tools.row_lock import lock_row


class ReconciliationRollbackPostponed(models.Model):
    """A request that was paid while a rollback held the register.

    The payment is booked and matched. What cooperator makes of it (member, shares,
    operation, certificate) waits for the rollback's end and is made by a job then.
    """

    _name = "reconciliation.rollback.postponed"
    _inherit = "reconciliation.rollback.evidence"
    _description = "Payment that waits for a reconciliation rollback"
    _order = "id"
    _rec_name = "move_id"

    rollback_id = fields.Many2one(
        "reconciliation.rollback", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="rollback_id.company_id", store=True)
    move_id = fields.Many2one(
        "account.move",
        string="Capital release request",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(related="move_id.partner_id", string="Person")
    user_id = fields.Many2one(
        "res.users",
        string="Booked by",
        required=True,
        readonly=True,
        help="In whose name the operation will be registered.",
    )
    effective_date = fields.Date(required=True, readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("done", "Registered"),
            ("cancelled", "Not paid any more"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )

    @api.model
    def _postpone(self, rollback, move, effective_date):
        """Let what the payment of ``move`` makes wait for ``rollback``.

        :param effective_date: what cooperator has found for it
        """
        waiting = self._by_action()._get_waiting(move)
        if waiting:
            # paid again in another way
            waiting.effective_date = effective_date
            return waiting
        return self._by_action().create(
            {
                "rollback_id": rollback.id,
                "move_id": move.id,
                "user_id": self.env.uid,
                "effective_date": effective_date,
            }
        )

    @api.model
    def _get_waiting(self, moves):
        """What waits of these capital release requests."""
        return self.search([("move_id", "in", moves.ids), ("state", "=", "waiting")])

    def _delay(self):
        """Queue one job for each: the failure of one does not stop the others."""
        for postponed in self:
            postponed.with_delay(description=postponed._word_job())._run_job()

    def _word_job(self):
        self.ensure_one()
        return _(
            "Register the payment of %(request)s by %(partner)s",
            request=self.move_id.display_name,
            partner=self.partner_id.name,
        )

    def _run_job(self):
        """Let cooperator register the payment; the job's method.

        :return: a sentence for the job's result
        """
        self.ensure_one()
        self = self._by_action()
        lock_row(self)
        if self.state != "waiting":
            return _("Was done already.")
        move = self.move_id
        if move.payment_state not in PAID_STATES:
            self.state = "cancelled"
            return _("%s is not paid any more.", move.display_name)
        rollback = move.company_id._get_locking_rollback()
        if rollback:
            self.rollback_id = rollback
            return _("Waits for %s now.", rollback.name)
        # A failing job is stored in another transaction while this one is still open,
        # see ReconciliationRollbackStep._run_job.
        with CommitGuard(self.env, self._word_job()).whole():
            self.state = "done"
            # sudo: the payment was accepted; by a public user, where it was an online one
            paid = move.with_user(self.user_id).sudo().with_company(move.company_id)
            paid.post_process_confirm_paid(self.effective_date)
        return _("Registered.")
