import json

from odoo import _, api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.cooperator_reconcile_rollback.tools import flags
from odoo.addons.cooperator_reconcile_rollback.tools.access import check_readable
from odoo.addons.cooperator_reconcile_rollback.tools.read_content import read_content

# Keys of the context with which base_tier_validation leaves out what it checks.
SKIPPING = ("skip_validation_check", "skip_check_state_condition")

# What of a review is part of the evidence.
REVIEW_FIELDS = (
    "sequence",
    "status",
    "requested_by",
    "done_by",
    "reviewed_date",
    "comment",
)


class ReconciliationRollback(models.Model):
    """Start a planned rollback only after its validation, where a company asks for one.

    Nobody may write the reviews of a rollback, see ``security/ir_rule.xml``: the methods of
    the validation write them as superuser, after checking who calls them.
    """

    _name = "reconciliation.rollback"
    _inherit = ["reconciliation.rollback", "tier.validation"]
    _state_from = ["planned"]
    _state_to = ["running"]
    _cancel_state = "cancelled"

    def _in_company(self):
        """Yield the rollbacks of each company, in that company: its definitions count."""
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
            # sudo: only the validation writes reviews
            rollbacks = rollbacks.sudo()
            reviews |= super(ReconciliationRollback, rollbacks).request_validation()
        self._check_somebody_validates(reviews)
        return reviews

    def _check_somebody_validates(self, reviews):
        """:raises UserError: a review has no reviewer"""
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
        # sudo: only the validation writes reviews
        return super(ReconciliationRollback, self.sudo()).restart_validation()

    def validate_tier(self):
        check_readable(self)
        # sudo: only the validation writes reviews; the user stays the reviewer
        return super(ReconciliationRollback, self.sudo()).validate_tier()

    def reject_tier(self):
        check_readable(self)
        # sudo: only the validation writes reviews; the user stays the reviewer
        return super(ReconciliationRollback, self.sudo()).reject_tier()

    def _validate_tier(self, tiers=False):
        # sudo: only the validation writes reviews; a reviewer who starts validates thereby
        tiers = tiers and tiers.sudo()
        return super(ReconciliationRollback, self.sudo())._validate_tier(tiers)

    def _check_reviewer(self, reviews):
        """:raises AccessError: the user is no reviewer of some of these reviews"""
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
        """:raises UserError: the field ``name`` is under validation"""
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
        """Leave messages and activities free."""
        return [*super()._get_under_validation_exceptions(), *self._get_free_fields()]

    def _check_allow_write_under_validation(self, vals):
        """Leave the rollback's own actions free."""
        return self._is_by_action() or super()._check_allow_write_under_validation(vals)

    def _check_allow_write_after_validation(self, vals):
        """Leave the steps free, whatever people may write."""
        return self._is_by_action() or super()._check_allow_write_after_validation(vals)

    def write(self, vals):
        """Let no client skip the validation.

        Actions need no skipping: they are free to write anyway.
        """
        rollbacks = self
        if any(map(self.env.context.get, SKIPPING)):
            rollbacks = self.with_context(**dict.fromkeys(SKIPPING, False))
        return super(ReconciliationRollback, rollbacks).write(vals)

    def _check_state_conditions(self, vals):
        """Ask for no validation of a dry run: nothing of it remains."""
        if flags.DRY_RUN.get(self.env.context):
            return False
        return super()._check_state_conditions(vals)

    def _allow_to_remove_reviews(self, values):
        if super()._allow_to_remove_reviews(values):
            # sudo: only the validation writes reviews
            self.sudo().review_ids.unlink()
        return False

    def _try_out(self):
        marked = self.with_context(**flags.DRY_RUN.set())
        return super(ReconciliationRollback, marked)._try_out()

    def action_plan(self):
        """Plan again, and ask those who were asked to validate another plan again."""
        validated = self.filtered("review_ids")
        validated.restart_validation()
        result = super().action_plan()
        validated.request_validation()
        return result

    def action_draft(self):
        self.filtered("review_ids").restart_validation()
        return super().action_draft()

    def _get_validators(self):
        # sudo: only the validation reads reviews of all
        reviews = self.sudo().review_ids.filtered(lambda r: r.status == "approved")
        return super()._get_validators() | reviews.done_by.with_env(self.env)

    def _get_start_content(self):
        """Add the reviews to what the hash at the start covers."""
        content = super()._get_start_content()
        reviews = self._read_reviews()
        if reviews:
            content["reviews"] = reviews
        return content

    def _read_reviews(self):
        """What of the reviews is part of the evidence, as JSON values."""
        # sudo: whoever may see the rollback may verify its hashes
        reviews = self.sudo().review_ids.sorted(
            lambda review: (review.sequence, review.id)
        )
        return read_content(reviews, REVIEW_FIELDS)

    def _find_changed_additions(self):
        """Find where the reviews are not what was kept of them at the start."""
        found = super()._find_changed_additions()
        for rollback in self.filtered("evidence_kept"):
            kept = rollback._get_kept_additions().get("reviews", [])
            # kept values are text where JSON has no other
            if kept != json.loads(json.dumps(rollback._read_reviews(), default=str)):
                found.setdefault(rollback, []).append(
                    _("%s: its validation is not what was kept of it.", rollback.name)
                )
        return found
