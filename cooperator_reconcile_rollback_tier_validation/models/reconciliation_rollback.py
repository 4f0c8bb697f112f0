from odoo import _, api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.cooperator_reconcile_rollback.tools.access import check_readable

# An object, not a value: nobody can send it from outside.
TRIAL = object()


class ReconciliationRollback(models.Model):
    """A planned rollback is started after its validation, where a company asks for one.

    Its reviews are written by the validation alone, see ``security/ir_rule.xml``.
    """

    _name = "reconciliation.rollback"
    _inherit = ["reconciliation.rollback", "tier.validation"]
    _state_from = ["planned"]
    _state_to = ["running"]
    _cancel_state = "cancelled"

    def _in_company(self):
        """The rollbacks of each company, in it: its definitions are those that count."""
        for company in self.company_id:
            of_company = self.filtered(lambda r, c=company: r.company_id == c)
            yield of_company.with_company(company)

    def _compute_need_validation(self):
        for rollbacks in self._in_company():
            super(ReconciliationRollback, rollbacks)._compute_need_validation()
        without_company = self.filtered(lambda rollback: not rollback.company_id)
        return super(ReconciliationRollback, without_company)._compute_need_validation()

    def request_validation(self):
        check_readable(self)
        reviews = self.env["tier.review"]
        for rollbacks in self._in_company():
            # sudo: reviews are written by the validation alone
            rollbacks = rollbacks.sudo()
            reviews |= super(ReconciliationRollback, rollbacks).request_validation()
        self._check_somebody_validates(reviews)
        return reviews

    def _check_somebody_validates(self, reviews):
        """:raises UserError: a review can be given by nobody"""
        for review in reviews.filtered(lambda review: not review.reviewer_ids):
            rollback = self.browse(review.res_id)
            people = review.requested_by | rollback.plan_user_id
            raise UserError(
                _(
                    '"%(definition)s" leaves nobody to validate %(rollback)s but '
                    "%(people)s, who planned it or asked for it: have somebody else do "
                    "that, or name another reviewer.",
                    definition=review.name,
                    rollback=rollback.name,
                    people=", ".join(people.mapped("name")),
                )
            )

    def restart_validation(self):
        check_readable(self)
        # sudo: reviews are written by the validation alone
        return super(ReconciliationRollback, self.sudo()).restart_validation()

    def validate_tier(self):
        check_readable(self)
        # sudo: reviews are written by the validation alone; the user stays the reviewer
        return super(ReconciliationRollback, self.sudo()).validate_tier()

    def reject_tier(self):
        check_readable(self)
        # sudo: reviews are written by the validation alone; the user stays the reviewer
        return super(ReconciliationRollback, self.sudo()).reject_tier()

    def _validate_tier(self, tiers=False):
        # sudo: where whoever starts the rollback is its reviewer, that validates it
        tiers = tiers and tiers.sudo()
        return super(ReconciliationRollback, self.sudo())._validate_tier(tiers)

    def _check_reviewer(self, reviews):
        """:raises AccessError: not all of these reviews are for the user to give"""
        self.ensure_one()
        check_readable(self)
        own = self.review_ids.filtered(lambda r: self.env.user in r.reviewer_ids)
        if reviews - own:
            raise AccessError(
                _(
                    "The validation of %(rollback)s is not for %(user)s to give: ask "
                    "%(reviewers)s.",
                    rollback=self.name,
                    user=self.env.user.name,
                    reviewers=", ".join(self.reviewer_ids.mapped("name")),
                )
            )

    def _check_not_under_validation(self, name):
        """:raises UserError: reviews are about what the field ``name`` is"""
        for rollback in self.filtered("review_ids"):
            if (
                rollback._check_state_from_condition()
                and not rollback._check_allow_write_under_validation([name])
            ):
                raise UserError(
                    _(
                        "%s is under validation: restart that, or plan it again, before "
                        "you change it.",
                        rollback.name,
                    )
                )

    @api.model
    def _get_under_validation_exceptions(self):
        """Messages and activities come and go."""
        return [*super()._get_under_validation_exceptions(), *self._get_free_fields()]

    def _check_allow_write_under_validation(self, vals):
        """The rollback's own actions know what they do."""
        return self._is_by_action() or super()._check_allow_write_under_validation(vals)

    def _check_allow_write_after_validation(self, vals):
        """The steps go on, whatever people are allowed to write."""
        return self._is_by_action() or super()._check_allow_write_after_validation(vals)

    def _check_state_conditions(self, vals):
        """Trying out needs no validation: nothing of it remains."""
        if self.env.context.get("reconciliation_rollback_trial") is TRIAL:
            return False
        return super()._check_state_conditions(vals)

    def _allow_to_remove_reviews(self, values):
        if super()._allow_to_remove_reviews(values):
            # sudo: reviews are written by the validation alone
            self.sudo().review_ids.unlink()
        return False

    def _try_out(self):
        trial = self.with_context(reconciliation_rollback_trial=TRIAL)
        return super(ReconciliationRollback, trial)._try_out()

    def action_plan(self):
        """Plan anew; who was asked to validate another plan is asked again."""
        validated = self.filtered("review_ids")
        validated.restart_validation()
        result = super().action_plan()
        validated.request_validation()
        return result

    def action_draft(self):
        self.filtered("review_ids").restart_validation()
        return super().action_draft()
