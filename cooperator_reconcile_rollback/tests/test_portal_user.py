"""The portal user that a wrong operation made (scenario 12)."""

from odoo.tests import tagged

from .builders import ALICE, BRUNO
from .common import RollbackCase
from .series import flush, invalidate
from .snapshots import LONG_AGO


@tagged("post_install", "-at_install", "slow")
class TestPortalUser(RollbackCase):
    """With ``company.create_user`` whoever becomes a member becomes a portal user."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.company.create_user = True
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)

    def user_of(self, subscription):
        return (
            self.env["res.users"]
            .with_context(active_test=False)
            .search([("partner_id", "=", subscription.partner_id.id)])
        )

    def pay_wrong(self):
        self.pay(self.alice, by=self.bruno.partner_id)

    def correct(self):
        return self.roll_back(self.alice.capital_release_request, self.bruno)

    def had_long_ago(self, *groups):
        """A user that Alice has had for years."""
        user = self.make_user("alice", *groups)
        user.write({"login": ALICE.email})
        own_partner = user.partner_id
        user.partner_id = self.alice.partner_id
        own_partner.active = False
        flush(self.env)
        # a test is one transaction: everything in it was made at one moment
        self.env.cr.execute(
            "UPDATE res_users SET create_date = %s WHERE id = %s", [LONG_AGO, user.id]
        )
        invalidate(self.env)
        return user

    def test_start_is_wrong(self):
        """The wrong match made a portal user for Alice."""
        self.assertFalse(self.user_of(self.alice))
        self.pay_wrong()
        user = self.user_of(self.alice)
        self.assertEqual(user.login, ALICE.email)
        self.assertTrue(user.active)
        self.assertTrue(user.share)
        self.assertFalse(self.user_of(self.bruno))

    def test_deactivated_where_nobody_logged_in(self):
        self.pay_wrong()
        user = self.user_of(self.alice)
        self.correct()
        self.assertEqual(self.user_of(self.alice), user)
        self.assertFalse(user.active)

    def test_right_person_gets_a_user(self):
        self.pay_wrong()
        self.correct()
        user = self.user_of(self.bruno)
        self.assertTrue(user.active)
        self.assertEqual(user.login, BRUNO.email)
        self.assertIn(self.company, user.company_ids)

    def test_reported_where_somebody_logged_in(self):
        """Alice has used her access: it stays, and the plan says so by its login."""
        self.pay_wrong()
        user = self.user_of(self.alice)
        self.env["res.users"].with_user(user)._update_last_login()
        invalidate(self.env)
        self.assertTrue(user.login_date)
        rollback = self.draft_rollback(self.alice.capital_release_request, self.bruno)
        rollback.action_plan()
        self.assertIn(ALICE.email, rollback.warnings)
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertTrue(user.active)

    def test_portal_user_of_before_stays(self):
        """A user that the operation found, and did not make, is not touched."""
        user = self.had_long_ago("base.group_portal")
        self.pay_wrong()
        self.assertEqual(self.user_of(self.alice), user)
        self.correct()
        self.assertTrue(user.active)

    def test_employee_stays(self):
        """A user of the cooperative's own staff is not touched either."""
        user = self.had_long_ago("base.group_user")
        self.pay_wrong()
        self.assertEqual(self.user_of(self.alice), user)
        self.correct()
        self.assertTrue(user.active)

    def test_user_of_a_member_stays(self):
        """A wrong increase: Alice is still a member and keeps her access."""
        self.pay(self.alice)
        user = self.user_of(self.alice)
        increase = self.subscribe(ALICE, 3, self.share_y, partner=self.alice.partner_id)
        self.pay(increase, by=self.bruno.partner_id)
        self.roll_back(increase.capital_release_request, self.bruno)
        self.assertTrue(user.active)
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])

    def test_same_user_when_she_pays_herself(self):
        """Cooperator finds the user again and gives Alice her access back."""
        self.pay_wrong()
        user = self.user_of(self.alice)
        self.correct()
        self.pay(self.alice)
        self.assertEqual(self.user_of(self.alice), user)
        self.assertTrue(user.active)
