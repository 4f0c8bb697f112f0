"""Who may prepare, start and see rollbacks."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MistakeCase

MODELS = (
    "reconciliation.rollback",
    "reconciliation.rollback.line",
    "reconciliation.rollback.step",
    "reconciliation.rollback.mail",
)


@tagged("post_install", "-at_install")
class TestRights(MistakeCase):
    """Cooperator users prepare, cooperator managers start, others see nothing."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.accountant = cls.make_user("accountant", "account.group_account_manager")
        cls.employee = cls.make_user("employee", "base.group_user")
        cls.portal = cls.make_user("portal", "base.group_portal")

    def planned_rollback(self, user):
        rollback = self.draft_rollback(self.request, self.bruno, user=user)
        rollback.action_plan()
        return rollback

    def test_user_prepares(self):
        """A cooperator user makes the draft, chooses the right request and plans."""
        rollback = self.planned_rollback(self.user)
        self.assertEqual(rollback.state, "planned")
        self.assertEqual(rollback.user_id, self.user)
        self.assertIn("1002", rollback.plan_html)
        rollback.action_draft()
        self.assertEqual(rollback.state, "draft")
        rollback.action_cancel()
        self.assertEqual(rollback.state, "cancelled")

    def test_user_does_not_start(self):
        """The refusal names the user and the rollback."""
        rollback = self.planned_rollback(self.user)
        self.assertRefused(
            f"(?s)(?=.*{rollback.name})(?=.*{self.user.name})", rollback.action_start
        )
        self.assertEqual(rollback.state, "planned")
        self.assertFalse(rollback.step_ids)

    def test_user_makes_no_steps(self):
        """Steps come from the start alone."""
        rollback = self.planned_rollback(self.user)
        with self.assertRaises(AccessError):
            self.env["reconciliation.rollback.step"].with_user(self.user).create(
                {"rollback_id": rollback.id, "sequence": 10, "kind": "remove_match"}
            )

    def test_manager_starts_what_a_user_prepared(self):
        """A manager without any other right carries it out to the end."""
        self.planned_rollback(self.user)
        rollback = (
            self.env["reconciliation.rollback"]
            .with_user(self.manager)
            .search([("line_ids.wrong_move_id", "=", self.request.id)])
        )
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])

    def test_user_does_not_retry(self):
        rollback = self.start_rollback(self.request, self.bruno)
        bruno_request = self.bruno.capital_release_request
        bruno_request.button_draft()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "failed")
        bruno_request.action_post()
        self.assertRefused("", rollback.with_user(self.user).action_retry)
        self.assertEqual(rollback.state, "failed")

    def test_others_see_nothing(self):
        """Accountants, other staff and portal users find no rollback and make none."""
        rollback = self.planned_rollback(self.manager)
        for user in (self.accountant, self.employee, self.portal):
            for model in MODELS:
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
            with self.assertRaises(AccessError):
                rollback.with_user(user).read(["name"])
            with self.assertRaises(AccessError):
                rollback.with_user(user).action_start()
            with self.assertRaises(UserError):
                self.env["reconciliation.rollback"].with_user(user).create_from(
                    self.request.with_user(user)
                )
        self.assertEqual(rollback.state, "planned")

    def test_others_go_on_with_their_work(self):
        """Who may not see rollbacks still reads and makes what they are about."""
        self.planned_rollback(self.manager)
        request = self.request.with_user(self.accountant)
        self.assertEqual(request.read(["name"])[0]["name"], request.name)
        payment = self.payment.with_user(self.accountant)
        self.assertEqual(payment.read(["amount"])[0]["amount"], 75)
        line = self.bank_statement_line(self.bruno.partner_id, 10)
        line = line.with_user(self.accountant)
        self.assertEqual(line.read(["amount"])[0]["amount"], 10)
        partner = self.alice.partner_id.with_user(self.employee)
        self.assertEqual(partner.read(["name"])[0]["name"], partner.name)

    def test_companies_are_separated(self):
        """A manager of the second company sees nothing of the first one's."""
        second = self.make_company("Second cooperative")
        stranger = self.make_user(
            "stranger", "cooperator.cooperator_group_manager", companies=second
        )
        self.company.send_certificate_email = True
        self.switch_certificates_on()
        rollback = self.roll_back(self.request, self.bruno)
        for model in MODELS:
            self.assertTrue(self.env[model].search([]), model)
            self.assertFalse(self.env[model].with_user(stranger).search([]), model)
        with self.assertRaises(AccessError):
            rollback.with_user(stranger).read(["name"])
        with self.assertRaises(UserError):
            self.env["reconciliation.rollback"].with_user(stranger).create_from(
                self.request.with_user(stranger)
            )

    def test_prepared_by_one_company_not_started_by_the_other(self):
        second = self.make_company("Second cooperative")
        stranger = self.make_user(
            "stranger", "cooperator.cooperator_group_manager", companies=second
        )
        rollback = self.planned_rollback(self.manager)
        with self.assertRaises(AccessError):
            rollback.with_user(stranger).action_start()
        self.assertEqual(rollback.state, "planned")
