from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.cooperator_reconcile_rollback.tests.series import (
    get_view_arch,
    invalidate,
)

from ..models.ir_module_module import MODULE
from .common import MANAGER, MODEL, USER, ValidationCase


@tagged("post_install", "-at_install")
class TestValidation(ValidationCase):
    """A second person validates a rollback before a manager starts it."""

    def test_nobody_is_asked(self):
        """Without a definition nothing changes."""
        rollback = self.plan()
        self.assertStatus(rollback, "no")
        self.press(self.manager, rollback, "action_start")
        self.run_jobs(rollback)
        self.assertDone(rollback)

    def test_started_after_the_validation(self):
        self.define()
        rollback = self.plan()
        self.assertNotStarted(rollback)
        self.press(self.user, rollback, "request_validation")
        for user in (self.user, self.manager):
            self.press(user, rollback, "validate_tier")
            self.assertStatus(rollback, "pending")
        self.assertNotStarted(rollback)

        self.press(self.reviewer, rollback, "validate_tier")
        self.assertStatus(rollback, "validated")
        self.press(self.manager, rollback, "action_start")
        self.run_jobs(rollback)
        self.assertDone(rollback)
        review = self.reviews_of(rollback)
        self.assertEqual((review.status, review.done_by), ("approved", self.reviewer))

        self.press(self.manager, rollback, "action_revert")
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "reverted")
        self.assertEqual(self.reviews_of(rollback), review)
        self.assertEqual(review.status, "approved")

    def test_not_by_who_planned_or_asked(self):
        """All three are of the group that validates; the user planned, the manager asks."""
        self.define(
            review_type="group",
            reviewer_id=False,
            reviewer_group_id=self.env.ref(USER).id,
        )
        rollback = self.plan()
        self.press(self.manager, rollback, "request_validation")
        for user in (self.user, self.manager):
            self.press(user, rollback, "validate_tier")
            self.assertStatus(rollback, "pending")
        self.press(self.reviewer, rollback, "validate_tier")
        self.assertStatus(rollback, "validated")

    def test_no_reviewer_is_left(self):
        """Who planned it is its only reviewer: the refusal names definition and user."""
        self.define(reviewer_id=self.user.id)
        rollback = self.plan()
        names = "(?s)(?=.*Four eyes)(?=.*%s)" % self.user.name
        with self.assertRaisesRegex(UserError, names), self.env.cr.savepoint():
            self.press(self.user, rollback, "request_validation")
        self.assertFalse(self.reviews_of(rollback))

    def test_same_person_where_the_company_allows_it(self):
        self.define(reviewer_id=self.user.id, is_second_person=False)
        rollback = self.plan_and_ask()
        self.press(self.user, rollback, "validate_tier")
        self.assertStatus(rollback, "validated")

    def test_another_plan_is_validated_again(self):
        self.define()
        rollback = self.plan_and_ask()
        for answer, status in (
            ("validate_tier", "validated"),
            ("reject_tier", "rejected"),
        ):
            self.press(self.reviewer, rollback, answer)
            self.assertStatus(rollback, status)
            self.press(self.user, rollback, "action_plan")
            self.assertStatus(rollback, "pending")
            self.assertNotStarted(rollback)

    def test_back_to_draft_and_cancelled(self):
        """Nobody is asked any more."""
        self.define()
        rollback = self.plan_and_ask()
        self.press(self.user, rollback, "action_draft")
        self.assertFalse(self.reviews_of(rollback))
        self.press(self.user, rollback, "action_plan")
        self.assertStatus(rollback, "no")
        self.press(self.user, rollback, "request_validation")
        self.press(self.user, rollback, "action_cancel")
        self.assertEqual(rollback.state, "cancelled")
        self.assertFalse(self.reviews_of(rollback))

    def test_dry_run_before_the_validation(self):
        """The reviewer can see its result."""
        self.define()
        rollback = self.plan()
        self.press(self.manager, rollback, "action_dry_run")
        self.assertFalse(self.reviews_of(rollback))
        self.press(self.user, rollback, "request_validation")
        self.press(self.manager, rollback, "action_dry_run")
        self.assertTrue(rollback.dry_run_html)
        self.assertEqual(rollback.state, "planned")
        self.assertStatus(rollback, "pending")

    def test_dry_run_that_a_client_pretends(self):
        """A key in the context is no way round the validation."""
        self.define()
        rollback = self.plan().with_context(reconciliation_rollback_dry_run=True)
        self.assertNotStarted(rollback)

    def test_company_of_the_rollback_counts(self):
        """Who works for two companies is asked what the rollback's own company wants."""
        other = self.make_company("Harbour Road Cooperative")
        both = self.make_user("both", MANAGER, companies=other | self.company)
        definition = self.define()
        rollback = self.plan().with_user(both)
        rollback = rollback.with_context(allowed_company_ids=(other | self.company).ids)
        self.assertEqual(rollback.env.company, other)
        self.assertTrue(rollback.need_validation)
        with self.assertRaisesRegex(Exception, "validat"), self.env.cr.savepoint():
            rollback.action_start()
        definition.company_id = other
        invalidate(self.env)
        self.assertFalse(rollback.need_validation)

    def test_form(self):
        """The form has the buttons of the validation, and those it had before."""
        arch = get_view_arch(self.env[MODEL].with_user(self.user), "form")
        for button in (
            "request_validation",
            "validate_tier",
            "reject_tier",
            "action_plan",
        ):
            self.assertIn('name="%s"' % button, arch)

    def test_uninstalled_under_validation(self):
        """Nobody gets around the second person by taking the add-on away."""
        module = self.env["ir.module.module"].search([("name", "=", MODULE)])
        self.define()
        rollback = self.plan()
        for status in ("no reviews", "pending"):
            with self.subTest(status=status):
                self.assertRefused(rollback.name, module.button_uninstall)
                if status == "no reviews":
                    self.press(self.user, rollback, "request_validation")
        self.press(self.reviewer, rollback, "validate_tier")
        module._check_nothing_lost()
