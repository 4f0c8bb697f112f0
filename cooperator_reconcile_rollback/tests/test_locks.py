"""Periods that are locked, for all or for some."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .balances import Balances
from .common import MistakeCase


@tagged("post_install", "-at_install")
class TestLocks(Balances, MistakeCase):
    """Alice's request was paid with a payment that is booked on her; Bruno paid."""

    @classmethod
    def make_mistake(cls):
        cls.payment = cls.pay(cls.alice, date=cls.days_ago(40))

    def assertPayerChanged(self):
        self.assertEqual(self.payment.partner_id, self.bruno.partner_id)

    def assertBookedOver(self, date):
        """An entry of that day has booked the money over to Bruno."""
        entry = self.env["account.move"].search(
            [("reclassified_move_id", "=", self.payment.move_id.id)]
        )
        self.assertEqual(entry.mapped("date"), [date])
        self.assertEqual(self.payment.partner_id, self.alice.partner_id)

    def test_all_days_until_today(self):
        """The entry has to be of tomorrow, and so has its reversal."""
        self.company.fiscalyear_lock_date = self.days_ago(0)
        before = self.balances()
        rollback = self.roll_back(self.request, self.bruno)
        self.assertBookedOver(self.days_ago(-1))
        self.revert(rollback)
        self.assertEqual(self.balances(), before)

    def test_lock_for_others_than_accountants(self):
        """An adviser may change what others may not."""
        self.company.period_lock_date = self.days_ago(10)
        adviser = self.env.ref("account.group_account_manager")
        self.manager.groups_id += adviser
        self.roll_back(self.request, self.bruno)
        self.assertPayerChanged()

    def test_tax_lock(self):
        """A payment is in no tax return: it is put right itself."""
        self.company.tax_lock_date = self.days_ago(10)
        self.roll_back(self.request, self.bruno)
        self.assertPayerChanged()

    def test_locked_while_it_was_planned(self):
        """Planned before the lock: the entry is planned, and posted, after it."""
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.action_plan()
        self.company.fiscalyear_lock_date = self.days_ago(10)
        with self.assertRaises(UserError) as refused:
            rollback.action_start()
        self.assertIn("Back to draft", refused.exception.args[0])
        rollback.action_draft()
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertBookedOver(self.days_ago(0))

    def test_locked_after_the_start(self):
        """The reclassification's reversal goes to an open day as well."""
        self.company.fiscalyear_lock_date = self.days_ago(10)
        before = self.balances()
        rollback = self.roll_back(self.request, self.bruno)
        self.company.fiscalyear_lock_date = self.days_ago(0)
        self.revert(rollback)
        self.assertEqual(self.balances(), before)
