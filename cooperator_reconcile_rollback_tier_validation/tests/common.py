from odoo.addons.cooperator_reconcile_rollback.tests.builders import ALICE, BRUNO
from odoo.addons.cooperator_reconcile_rollback.tests.common import RollbackCase
from odoo.addons.cooperator_reconcile_rollback.tests.series import invalidate

USER = "cooperator.cooperator_group_user"
MANAGER = "cooperator.cooperator_group_manager"
MODEL = "reconciliation.rollback"


class ValidationCase(RollbackCase):
    """Bruno's payment on Alice's request; the user plans, the manager starts.

    A reviewer is there. Nobody is asked to validate before ``define`` is called.
    """

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.reviewer = cls.make_user("reviewer", USER)
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)
        cls.pay(cls.alice, by=cls.bruno.partner_id)
        cls.request = cls.alice.capital_release_request

    def define(self, **values):
        """Let the company ask for the reviewer's validation, or somebody else's."""
        return self.env["tier.definition"].create(
            {
                "name": "Four eyes",
                "model_id": self.env["ir.model"]._get(MODEL).id,
                "review_type": "individual",
                "reviewer_id": self.reviewer.id,
                "company_id": self.company.id,
                **values,
            }
        )

    def plan(self):
        """The rollback of the mistake, as the user who planned it."""
        rollback = self.draft_rollback(self.request, self.bruno, user=self.user)
        rollback.action_plan()
        return rollback

    def plan_and_ask(self):
        """A rollback under validation."""
        rollback = self.plan()
        self.press(self.user, rollback, "request_validation")
        self.assertStatus(rollback, "pending")
        return rollback

    def press(self, user, rollback, button):
        """Press a button of the form as a user.

        Forget what the ORM remembers: it does not know what the statuses depend on.
        """
        result = getattr(rollback.with_user(user), button)()
        invalidate(self.env)
        return result

    def comment(self, user, rollback, text="Seen"):
        """Validate with a comment, in the window that the button opens."""
        values = {
            "validate_reject": "validate",
            "res_model": MODEL,
            "res_id": rollback.id,
            "review_ids": [(6, 0, self.reviews_of(rollback).ids)],
            "comment": text,
        }
        self.env["comment.wizard"].with_user(user).create(values).add_comment()
        invalidate(self.env)

    def reviews_of(self, rollback):
        """The reviews of a rollback, as the superuser sees them."""
        return self.env["tier.review"].search(
            [("model", "=", MODEL), ("res_id", "=", rollback.id)]
        )

    def assertStatus(self, rollback, status):
        invalidate(self.env)
        self.assertEqual(rollback.validation_status, status)

    def assertNotStarted(self, rollback):
        """The manager cannot start it, and nothing has begun."""
        with self.assertRaisesRegex(Exception, "validat"), self.env.cr.savepoint():
            self.press(self.manager, rollback, "action_start")
        invalidate(self.env)
        self.assertEqual(rollback.state, "planned")
        self.assertFalse(rollback.step_ids)
