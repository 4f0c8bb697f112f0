from odoo import _, fields, models
from odoo.exceptions import UserError

from .row_lock import lock_row


class ReconciliationRollback(models.Model):
    """Undoing a rollback, at whatever point it is (requirement R7)."""

    _inherit = "reconciliation.rollback"

    revert_started_at = fields.Datetime(
        string="Revert started at", readonly=True, copy=False
    )
    revert_user_id = fields.Many2one(
        "res.users", string="Reverted by", readonly=True, copy=False
    )
    reverted_at = fields.Datetime(string="Reverted at", readonly=True, copy=False)

    def action_revert(self):
        """Undo what the steps have done, the last one first, as jobs.

        :raises UserError: later operations build on the result
        """
        self._check_manager()
        self._check_state("running", "failed", "done")
        for rollback in self._by_action():
            if rollback.revert_started_at:
                rollback.action_retry()
                continue
            if rollback.state == "done":
                rollback._lock_register()
                rollback._check_revertible()
            rollback.write(
                {
                    "state": "reverting",
                    "revert_started_at": fields.Datetime.now(),
                    "revert_user_id": self.env.uid,
                }
            )
            # sudo: as the start does it
            rollback.sudo()._hold_mail()
            rollback.step_ids._delay_reverting()
        return True

    def _check_revertible(self):
        """:raises UserError: what came after it builds on the result"""
        self.ensure_one()
        plan = self._get_plan()
        # sudo: the register as a whole is needed to see what came after
        rollback = self.sudo()
        later = self.env["subscription.register"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("register_number_operation", ">=", plan.operations.after),
            ],
            order="register_number_operation",
            limit=1,
        )
        if later:
            raise UserError(
                _(
                    "%(rollback)s cannot be reverted: operation %(number)s of "
                    "%(partner)s came after it; correct the match with a new rollback.",
                    rollback=self.name,
                    number=later.register_number_operation,
                    partner=later.partner_id.name,
                )
            )
        for line in rollback.line_ids.filtered("right_move_id"):
            line._check_not_refunded(line.right_move_id)
            line._check_no_tax_shelter_certificate(
                line.right_move_id._find_register_lines()
            )
            line._check_payer_can_go_back()
        found = rollback._find_differences_from_plan()
        if found:
            raise UserError(
                _(
                    "%(rollback)s cannot be reverted before all is again as it left it: "
                    "%(found)s",
                    rollback=self.name,
                    found=" ".join(found),
                )
            )

    def _find_differences_from_plan(self):
        """What is not as the rollback left it, in sentences."""
        verify = self.env["reconciliation.rollback.step.verify"]
        verify = verify.with_company(self.company_id)
        return [
            sentence
            for name, sentences in verify._check_all(self)
            if name != "mail"
            for sentence in sentences
        ]

    def _check_restored(self):
        """:raises UserError: something is not as it was before the rollback"""
        self.ensure_one()
        plan = self._get_plan()
        company = self.company_id
        partners = self.env["res.partner"].browse([c.partner for c in plan.changes])
        holdings = company._load_holdings(partners)
        found = []
        for change in plan.changes:
            if holdings[change.partner] != change.before:
                found.append(
                    _(
                        "%(partner)s is not what it was before the rollback: "
                        '"%(actual)s" instead of "%(before)s".',
                        partner=partners.browse(change.partner).name,
                        actual=self._word_holding(holdings[change.partner]),
                        before=self._word_holding(change.before),
                    )
                )
        lines = self.env["subscription.register"].browse(plan.removed_lines)
        for line in lines - lines.exists():
            found.append(_("The register line %s has not come back.", line.id))
        for line in self.line_ids:
            if line.wrong_match_id.amount != line.amount:
                found.append(
                    _(
                        "The payment %(payment)s is not matched with %(request)s again.",
                        payment=line.payment_move_id.name,
                        request=line.wrong_move_id.display_name,
                    )
                )
        if found:
            raise UserError("\n".join(found))

    def _set_reverted(self):
        self._check_restored()
        self.write(
            {
                "state": "reverted",
                "reverted_at": fields.Datetime.now(),
                "mail_held": False,
            }
        )
        self.mail_ids._release_reverted()
        self._seal()
        self._close_failure()
        self._release_register()


class ReconciliationRollbackLine(models.Model):
    _inherit = "reconciliation.rollback.line"

    def _check_payer_can_go_back(self):
        """:raises UserError: the payment can't be booked on whom it was any more"""
        self.ensure_one()
        payer = self.payment_line_id.partner_id
        obstacle = self._get_entry_obstacle()
        if self.reclassification_move_id or payer == self.payment_partner_id:
            return
        if obstacle:
            raise UserError(
                _(
                    "%(rollback)s cannot be reverted, since the payment %(payment)s would "
                    "have to be booked on %(partner)s again, but %(obstacle)s: correct the "
                    "match with a new rollback.",
                    rollback=self.rollback_id.name,
                    payment=self.payment_move_id.name,
                    partner=self.payment_partner_id.name or _("nobody"),
                    obstacle=obstacle,
                )
            )


class ReconciliationRollbackStep(models.Model):
    _inherit = "reconciliation.rollback.step"

    revert_job_uuid = fields.Char(string="Revert job", readonly=True, index=True)
    reverted_at = fields.Datetime(string="Reverted at", readonly=True)

    def _get_job_uuid(self):
        return self.revert_job_uuid or super()._get_job_uuid()

    def _delay_reverting(self):
        """Queue what undoes the steps, the last one first; drop what has not run yet.

        There is a job for each step, also for one that was not done: one may be running
        at this moment.
        """
        self._get_jobs().filtered(
            lambda job: (
                job.state in ("wait_dependencies", "pending", "enqueued", "failed")
            )
        ).button_cancelled()
        # sudo: nobody has the right to change a step
        self.sudo().write({"error": False})
        steps = self._in_language_of_responsible().sorted("sequence", reverse=True)
        steps._chain(
            [
                step._get_delayable(step._word_revert_job())._run_revert_job()
                for step in steps
            ],
            "revert_job_uuid",
        )

    def _word_revert_job(self):
        return _(
            "%(rollback)s, undo step %(number)s: %(step)s",
            rollback=self.rollback_id.name,
            number=self.place,
            step=self._get_label(),
        )

    def _requeue_reverting(self):
        """Queue what is not undone again, where it stopped."""
        steps = self.filtered(lambda step: step.state not in ("reverted", "cancelled"))
        # sudo: nobody has the right to change a step
        steps.sudo().write({"error": False})
        if not steps._requeue_failed_job():
            steps._delay_reverting()

    def _run_revert_job(self):
        """Undo the step; the job's method.

        :return: a sentence for the job's result
        :raises UserError: the step can't be undone; nothing was changed
        """
        self.ensure_one()
        # see _run_job
        with self.env.cr.savepoint():
            return self._as_rollback()._revert_in_turn()

    def _revert_in_turn(self):
        """Undo the step if it is done; never two runs at once."""
        lock_row(self)
        if self.state in ("reverted", "cancelled"):
            return _("Was undone already.")
        self._check_revert_turn()
        result = _("It had not been done.")
        state = "cancelled"
        if self.state == "done":
            self._get_kind()._undo(self)
            state = "reverted"
            result = _("Undone.")
        self.write(
            {"state": state, "error": False, "reverted_at": fields.Datetime.now()}
        )
        self._keep_revert_hash()
        rollback = self.rollback_id
        if all(other.state in ("reverted", "cancelled") for other in rollback.step_ids):
            rollback._set_reverted()
        elif rollback.state == "failed":
            # its job was requeued from the list of jobs
            rollback.state = "reverting"
        return result

    def _check_revert_turn(self):
        later = self.rollback_id.step_ids.filtered(
            lambda step: step.sequence > self.sequence and step.state == "done"
        )
        if later:
            raise UserError(
                _(
                    "%(rollback)s: undoing step %(step)s has to wait for step %(later)s.",
                    rollback=self.rollback_id.name,
                    step=self.place,
                    later=later[-1].place,
                )
            )
