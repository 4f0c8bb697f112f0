from odoo import _, fields, models
from odoo.exceptions import UserError


class ReconciliationRollback(models.Model):
    """Undoing a rollback, at whatever point it is."""

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

        :raises UserError: later operations build on the result, or nothing was kept
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
