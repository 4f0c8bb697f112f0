"""Nothing is lost, and nothing takes a number, while a rollback runs."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .builders import CLARA, DAVID
from .common import MistakeCase
from .points import Points


@tagged("post_install", "-at_install")
class TestRegisterLock(Points, MistakeCase):
    paid_days_ago = 9

    @classmethod
    def make_mistake(cls):
        cls.clara = cls.subscribe(CLARA, 2, cls.share_x)
        super().make_mistake()

    def start(self):
        return self.start_rollback(self.alice.capital_release_request, self.bruno)

    def assertRegistered(self):
        """Clara's payment is operation 1003, and she is cooperator 503."""
        self.assertPaid(self.clara)
        self.assertMember(self.clara.partner_id, 503, [(self.share_x, 2)])
        (line,) = self.assertOperation(1003, self.clara.partner_id, [(self.share_x, 2)])
        self.assertEqual(line.date, self.days_ago(4))
        self.assertEqual(self.next_numbers(), (1004, 504))

    def test_payment_at_every_point(self):
        """Paid before, between or after the steps: accepted, and registered afterwards."""
        rollback = self.start()

        def check():
            numbers = self.next_numbers()
            self.pay(self.clara, date=self.days_ago(4))
            self.assertPaid(self.clara)
            self.assertEqual(self.next_numbers(), numbers)
            self.assertFalse(self.holding_of(self.clara.partner_id).shares)
            self.assertEqual(rollback.postponed_ids.mapped("state"), ["waiting"])
            self.run_jobs(rollback)
            self.assertDone(rollback)
            self.run_other_jobs()
            self.assertEqual(rollback.postponed_ids.mapped("state"), ["done"])
            self.assertRegistered()
            self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])

        self.before_each_step(rollback, check)

    def test_register_names_who_booked(self):
        """The responsible user of the operation is who booked the payment."""
        rollback = self.start()
        self.env.user.groups_id |= self.env.ref("account.group_account_user")
        self.pay(self.clara)
        self.run_jobs(rollback)
        self.run_other_jobs()
        line = self.env["subscription.register"].search(
            [("partner_id", "=", self.clara.partner_id.id)]
        )
        self.assertEqual(line.user_id, self.env.user)
        self.assertEqual(
            line.capital_release_request_id, self.clara.capital_release_request
        )

    def test_certificate(self):
        """The certificate is made with the operation, not with the payment."""
        self.company.send_certificate_email = True
        rollback = self.start()
        self.pay(self.clara)
        about_clara = [
            ("model", "=", "res.partner"),
            ("res_id", "=", self.clara.partner_id.id),
        ]
        self.assertFalse(self.env["mail.mail"].search(about_clara))
        self.run_jobs(rollback)
        self.run_other_jobs()
        mail = self.env["mail.mail"].search(about_clara)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.state, "outgoing")

    def test_payment_is_taken_back(self):
        """Unmatched before the end: nothing is registered; matched again: once."""
        rollback = self.start()
        payment = self.pay(self.clara)
        self.matches_of(self.clara.capital_release_request).unlink()
        self.run_jobs(rollback)
        self.run_other_jobs()
        self.assertEqual(rollback.postponed_ids.mapped("state"), ["cancelled"])
        self.assertFalse(self.holding_of(self.clara.partner_id).shares)
        self.match(payment, self.clara)
        self.assertMember(self.clara.partner_id, 503, [(self.share_x, 2)])
        self.run_other_jobs()
        self.assertEqual(self.next_numbers(), (1004, 504))

    def test_payment_is_matched_anew(self):
        """Unmatched and matched again meanwhile: registered once."""
        rollback = self.start()
        payment = self.pay(self.clara, date=self.days_ago(4))
        self.matches_of(self.clara.capital_release_request).unlink()
        self.match(payment, self.clara)
        self.assertEqual(len(rollback.postponed_ids), 1)
        self.run_jobs(rollback)
        self.run_other_jobs()
        self.assertRegistered()

    def test_another_rollback_starts_at_once(self):
        """What waits goes on waiting for the next one."""
        david = self.join(DAVID, 1, self.share_y)
        first = self.start()
        self.pay(self.clara, date=self.days_ago(4))
        second = self.draft_rollback(david.capital_release_request)
        self.run_jobs(first)
        second.action_plan()
        second.action_start()
        self.run_other_jobs()
        self.assertEqual(second.postponed_ids.mapped("state"), ["waiting"])
        self.run_jobs(second)
        self.assertDone(second)
        self.run_other_jobs()
        self.assertRegistered()

    def test_reverted(self):
        rollback = self.start()
        self.run_steps(rollback, 5)
        self.pay(self.clara, date=self.days_ago(4))
        rollback.action_revert()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "reverted")
        self.run_other_jobs()
        self.assertRegistered()
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])

    def test_operation_request_is_refused(self):
        rollback = self.start()
        operation = self.env["operation.request"].create(
            {
                "operation_type": "sell_back",
                "partner_id": self.flora.partner_id.id,
                "share_product_id": self.share_y.id,
                "quantity": 1,
                "company_id": self.company.id,
            }
        )
        operation.submit_operation()
        operation.approve_operation()
        self.assertRefused(
            f"{self.company.name}.*{rollback.name}.*{self.manager.name}",
            operation.execute_operation,
        )
        self.assertEqual(operation.state, "approved")
        self.run_jobs(rollback)
        operation.execute_operation()
        self.assertEqual(self.register_of()[-1].number, 1003)

    def test_register_is_not_written(self):
        """Not by the wizard that changes dates either."""
        rollback = self.start()
        line = self.env["subscription.register"].search(
            [("partner_id", "=", self.flora.partner_id.id)]
        )
        for action in (lambda: line.write({"quantity": 9}), line.unlink):
            with self.assertRaisesRegex(UserError, rollback.name):
                action()

    def test_other_company(self):
        """The register of another company is not locked."""
        other = self.make_company("Other cooperative")
        self.start()
        clara = self.subscribe(CLARA, 1, self.share_x, company=other)
        self.pay(clara)
        self.assertTrue(self.membership_of(clara.partner_id, other).member)

    def test_wrong_request_that_waits(self):
        """What waits has no operation yet: the refusal says why."""
        rollback = self.start()
        self.pay(self.clara)
        self.assertRefused(
            f"{self.clara.partner_id.name}.*{rollback.name}",
            self.draft_rollback,
            self.clara.capital_release_request,
        )
