from odoo import _, api, fields, models

from odoo.addons.queue_job.job import CANCELLED, DONE

from ..books.request_reader import PAID_STATES
from ..services.commit_guard import CommitGuard
from ..services.evidence import amending
from ..services.step_jobs import queued
from ..tools.row_lock import lock_row
from .reconciliation_rollback import ENDED_STATES


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
            ("failed", "Not registered"),
            ("cancelled", "Not paid any more"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )
    error = fields.Text(readonly=True, help="Why it could not be registered.")

    def write(self, vals):
        """It is evidence of a rollback that may have ended meanwhile."""
        # sudo: whoever pays or sends mail knows nothing of rollbacks
        with amending(self.sudo().rollback_id._by_action()):
            return super().write(vals)

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
        for postponed in queued(self):
            postponed.with_delay(
                description=postponed._word_job(),
                identity_key=postponed._get_identity_key(),
            )._run_job()

    def _get_identity_key(self):
        self.ensure_one()
        return "%s,%s" % (self._name, self.id)

    @api.model
    def _delay_lost(self):
        """Queue what still waits after its rollback, and whose job was taken away."""
        waiting = self.search(
            [("state", "=", "waiting"), ("rollback_id.state", "in", ENDED_STATES)]
        )
        keys = {one._get_identity_key(): one for one in waiting}
        # sudo: jobs are for job managers
        jobs = self.env["queue.job"].sudo()
        left = jobs.search(
            [("identity_key", "in", list(keys)), ("state", "not in", (DONE, CANCELLED))]
        )
        for job in left:
            waiting -= keys[job.identity_key]
        waiting._delay()

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
        # sudo: whoever has queued it may have lost the right to read it
        self = self.sudo()._by_action()
        lock_row(self)
        if self.state not in ("waiting", "failed"):
            return _("Was done already.")
        move = self.move_id
        if move.payment_state not in PAID_STATES:
            self._settle("cancelled")
            if not self._find_operation():
                # sudo: see the registration below
                move.sudo()._open_subscriptions()
            return _("%s is not paid any more.", move.display_name)
        rollback = move.company_id._get_locking_rollback()
        if rollback:
            self.write({"rollback_id": rollback.id, "state": "waiting"})
            return _("Waits for %s now.", rollback.name)
        operation = self._find_operation()
        if operation:
            self._settle("done")
            return _(
                "%(request)s is registered already, as operation %(number)s.",
                request=move.display_name,
                number=operation.register_number_operation,
            )
        # A failing job is stored in another transaction while this one is still open,
        # see ReconciliationRollbackStep._run_job.
        with CommitGuard(self.env, self._word_job()).whole():
            self._settle("done")
            # sudo: the payment was accepted; by a public user, where it was an online one
            user = self.rollback_id._find_registrar(self.user_id)
            paid = move.with_user(user).sudo().with_company(move.company_id)
            paid.post_process_confirm_paid(self.effective_date)
        return _("Registered.")

    def _find_operation(self):
        """Find a register line of the request, which others may have registered since.

        A rollback has, where its payment was the one that paid the request in the end;
        cooperator has, where somebody has matched the payment again.

        :return: ``subscription.register``, at most one
        """
        return self.env["subscription.register"].search(
            [("capital_release_request_id", "=", self.move_id.id)], limit=1
        )

    def _settle(self, state):
        """End the waiting; the activity that told of a failure goes with the last one."""
        was_failed = self.state == "failed"
        self.write({"state": state, "error": False})
        if was_failed:
            self._close_failures()

    def _close_failures(self):
        """Close the activities that told of failures, where none is left."""
        for rollback in self.rollback_id:
            if "failed" not in rollback.postponed_ids.mapped("state"):
                rollback._by_action()._close_failure()

    def _on_job_failed(self, job):
        """Tell the person responsible; called by ``queue_job_config``.

        :param job: ``queue.job``
        """
        for postponed in self._by_action():
            if postponed.state in ("waiting", "failed"):
                postponed.write(
                    {"state": "failed", "error": job.exc_message or job.exc_info}
                )
                postponed._tell_failure()
        return super()._on_job_failed(job)

    def _tell_failure(self):
        rollback = self.rollback_id
        # it is told to that user
        self = self.with_context(lang=rollback.user_id.lang)
        rollback._add_failure_activity(
            _("%s is not registered", self.move_id.display_name), self._word_failure()
        )

    def _word_failure(self):
        """What happened, for the person responsible, and what to do next."""
        return _(
            "%(request)s of %(partner)s was paid during %(rollback)s, and could not be "
            "registered after it: %(error)s\nPut it right, then press Register again in "
            "that rollback, under Payments meanwhile.",
            request=self.move_id.display_name,
            partner=self.partner_id.name,
            rollback=self.rollback_id.name,
            error=self.error,
        )

    def action_register(self):
        """Queue the registration of those that have failed again."""
        self.rollback_id._check_manager()
        failed = self.filtered(lambda postponed: postponed.state == "failed")
        # sudo: nobody has the right to change what is evidence
        failed._by_action().sudo().write({"state": "waiting", "error": False})
        failed._close_failures()
        failed._delay()
        return True
