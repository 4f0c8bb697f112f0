"""What a plan warns of, or refuses, in the books around a wrong match."""

from dataclasses import replace
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import config

from .builders import CLARA
from .common import MistakeCase, RollbackCase


@tagged("post_install", "-at_install")
class TestCancelledSubscription(MistakeCase):
    """Bruno's subscription was cancelled; his request is posted still."""

    def test_warned(self):
        self.bruno.cancel_subscription_request()
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.action_plan()
        self.assertRegex(
            rollback.warnings,
            f"{self.bruno.partner_id.name}.*"
            f"{self.bruno.capital_release_request.name} is cancelled",
        )
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertPaid(self.bruno)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])

    def test_nothing_unusual(self):
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.action_plan()
        self.assertFalse(rollback.warnings)


@tagged("post_install", "-at_install")
class TestCancelledRefund(MistakeCase):
    """Bruno's request was to be refunded; the refund, which names it, was cancelled."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.right = cls.bruno.capital_release_request
        values = {
            "name": "Refund",
            "price_unit": 75,
            "account_id": cls.right.invoice_line_ids.account_id.id,
            "tax_ids": [(5, 0, 0)],
        }
        cls.refund = cls.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": cls.bruno.partner_id.id,
                "journal_id": cls.right.journal_id.id,
                "invoice_origin": cls.right.name,
                "invoice_line_ids": [(0, 0, values)],
            }
        )
        cls.refund.button_cancel()

    def test_refused(self):
        """Cooperator would take the request as refunded, and register nothing."""
        rollback = self.draft_rollback(self.request, self.bruno)
        self.assertRefused(
            f"{self.right.name}.*{self.bruno.partner_id.name}.*cancelled refund",
            rollback.action_plan,
        )

    def test_next_step(self):
        """What the refusal says can be done: the request is registered in the end."""
        self.roll_back(self.request)
        self.match(self.payment, self.bruno)
        self.assertEqual(self.holding_of(self.bruno.partner_id).shares, [])
        rollback = self.env["reconciliation.rollback"].with_user(self.manager)
        rollback = rollback.create_from(self.right.with_user(self.manager))
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertPaid(self.bruno)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])

    def test_of_the_wrong_request(self):
        """A cancelled refund of Alice's request is in nobody's way, nor on the way back."""
        self.refund.invoice_origin = self.request.name
        rollback = self.roll_back(self.request, self.bruno)
        self.revert(rollback)
        self.assertPaid(self.alice)


@tagged("post_install", "-at_install")
class TestWriteOff(MistakeCase):
    """Bruno paid 73 of the 75; the rest of Alice's request was written off."""

    @classmethod
    def make_mistake(cls):
        cls.payment = cls.pay(cls.alice, by=cls.bruno.partner_id, amount=73)
        journal = cls.journal_of(cls.company, "general")
        expenses = cls.env["account.account"].search(
            [("company_id", "=", cls.company.id), ("internal_group", "=", "expense")],
            limit=1,
        )
        account = cls.company.property_cooperator_account
        common = {"name": "Write-off", "partner_id": cls.alice.partner_id.id}
        cls.write_off = cls.env["account.move"].create(
            {
                "journal_id": journal.id,
                "line_ids": [
                    (0, 0, {**common, "account_id": expenses.id, "debit": 2}),
                    (0, 0, {**common, "account_id": account.id, "credit": 2}),
                ],
            }
        )
        cls.write_off.action_post()
        cls.match(cls.write_off, cls.alice)

    def rollback_of_payment_to_bruno(self):
        rollback = self.draft_rollback(self.request)
        for line in rollback.line_ids:
            if line.payment_move_id == self.payment.move_id:
                line.right_move_id = self.bruno.capital_release_request
        return rollback

    def test_left_open(self):
        """Without a right request the 2 are a credit that Alice does not have."""
        rollback = self.rollback_of_payment_to_bruno()
        rollback.action_plan()
        self.assertRegex(
            rollback.warnings,
            f"{self.write_off.name}.*2.00.*{self.request.name}.*write-off.*"
            f"{self.alice.partner_id.name}",
        )
        self.assertIn("stays open in part", rollback.warnings)

    def test_for_bruno_too(self):
        """Both go to Bruno's request: there is nothing to warn of."""
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.action_plan()
        self.assertFalse(rollback.warnings)
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertPaid(self.bruno)
        self.assertLedger(self.alice.partner_id, 75, 75)

    def test_payment_alone(self):
        """A payment that nobody wants for shares is no write-off."""
        rollback = self.draft_rollback(self.payment)
        rollback.action_plan()
        self.assertNotIn("write-off", rollback.warnings or "")


@tagged("post_install", "-at_install")
class TestNobody(RollbackCase):
    """Sentences about a payment that is booked on nobody, and a member without a number."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.clara = cls.subscribe(CLARA, 3, cls.share_y)
        cls.payment = cls.payment_entry(cls.env["res.partner"], 75)
        cls.match(cls.payment, cls.clara)

    def test_booked_on_nobody(self):
        rollback = self.roll_back(self.clara.capital_release_request)
        self.payment.button_draft()
        self.assertRefused(f"{self.payment.name} of nobody", rollback.action_revert)

    def test_member_without_a_number(self):
        holding = self.company._load_holdings(self.clara.partner_id)
        (holding,) = holding.values()
        words = self.env["reconciliation.rollback"]._word_holding(
            replace(holding, number=None)
        )
        self.assertIn("member without a number", words)
        self.assertNotIn("None", words)


@tagged("post_install", "-at_install")
class TestLongStep(MistakeCase):
    """So many right matches that Odoo would end the job that makes them."""

    def plan(self, limit):
        rollback = self.draft_rollback(self.request, self.bruno)
        with patch.dict(config.options, limit_time_real=limit):
            rollback.action_plan()
        return rollback.warnings or ""

    def test_warned(self):
        self.company.send_certificate_email = True
        sentence = "1 operations in one job, which can take 1 minutes.* after 1 seconds"
        self.assertRegex(self.plan(limit=1), sentence)

    def test_enough_time(self):
        self.assertNotIn("in one job", self.plan(limit=120))

    def test_no_limit(self):
        self.assertNotIn("in one job", self.plan(limit=0))
