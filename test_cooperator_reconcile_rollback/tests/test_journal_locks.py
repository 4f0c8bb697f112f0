from odoo.tests import tagged

from odoo.addons.cooperator_reconcile_rollback.tests import test_ways_of_booking as ways
from odoo.addons.cooperator_reconcile_rollback.tests.builders import ALICE, BRUNO
from odoo.addons.cooperator_reconcile_rollback.tests.common import RollbackCase


class AllSteps:
    """Steps of this add-on are done as the others are; mixed into the test case."""

    def assertDone(self, rollback):
        self.assertEqual(set(rollback.step_ids.mapped("state")), {"done"})
        self.assertEqual(rollback.state, "done")


@tagged("post_install", "-at_install")
class TestJournalLocks(AllSteps, RollbackCase):
    """OCA's account_journal_lock_date locks single journals.

    Bruno's money was booked on Alice, in a journal that is locked by now.
    """

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y, date=cls.days_ago(60))
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y, date=cls.days_ago(60))
        cls.request = cls.alice.capital_release_request
        cls.bank = cls.journal_of(cls.company)
        cls.general = cls.company.reclassification_journal_id

    def assertBookedOver(self, move, date):
        entry = self.env["account.move"].search(
            [("reclassified_move_id", "=", move.id)]
        )
        self.assertEqual(entry.mapped("date"), [date])
        self.assertEqual(move.line_ids.partner_id, self.alice.partner_id)
        self.assertPaid(self.bruno)
        self.assertLedger(self.bruno.partner_id, 0, 0)
        self.assertLedger(self.alice.partner_id, 75, 75)

    def assertReverted(self, rollback):
        self.revert(rollback)
        self.assertPaid(self.alice)
        self.assertOpen(self.bruno)
        self.assertLedger(self.alice.partner_id, 0, 0)
        self.assertLedger(self.bruno.partner_id, 75, 75)

    def test_payment(self):
        payment = self.pay(self.alice, date=self.days_ago(40))
        self.bank.fiscalyear_lock_date = self.days_ago(10)
        rollback = self.roll_back(self.request, self.bruno)
        self.assertBookedOver(payment.move_id, self.days_ago(40))
        self.assertReverted(rollback)

    def test_statement_line(self):
        line = self.pay_from_statement(self.alice, date=self.days_ago(40))
        self.bank.fiscalyear_lock_date = self.days_ago(10)
        rollback = self.roll_back(line, self.bruno)
        self.assertBookedOver(line.move_id, self.days_ago(40))
        self.assertReverted(rollback)

    def test_statement_line_that_is_not_for_shares(self):
        line = self.pay_from_statement(self.alice, date=self.days_ago(40))
        self.bank.fiscalyear_lock_date = self.days_ago(10)
        rollback = self.roll_back(line)
        self.assertOpen(self.alice)
        self.assertReverted(rollback)

    def test_lock_for_others_than_accountants(self):
        payment = self.pay(self.alice, date=self.days_ago(40))
        self.bank.period_lock_date = self.days_ago(10)
        self.roll_back(self.request, self.bruno)
        self.assertBookedOver(payment.move_id, self.days_ago(40))

    def test_both_journals(self):
        """The entry is of a day on which the other journal is open."""
        payment = self.pay(self.alice, date=self.days_ago(40))
        (self.bank | self.general).write({"fiscalyear_lock_date": self.days_ago(10)})
        rollback = self.roll_back(self.request, self.bruno)
        self.assertBookedOver(payment.move_id, self.days_ago(0))
        self.assertReverted(rollback)

    def test_no_day_is_open(self):
        self.pay(self.alice, date=self.days_ago(40))
        (self.bank | self.general).write({"fiscalyear_lock_date": self.days_ago(-10)})
        rollback = self.draft_rollback(self.request, self.bruno)
        self.assertRefused(
            f"Alice.*Bruno.*{self.general.name} is locked", rollback.action_plan
        )

    def test_locked_since(self):
        payment = self.pay(self.alice, date=self.days_ago(40))
        rollback = self.roll_back(self.request, self.bruno)
        self.assertEqual(payment.partner_id, self.bruno.partner_id)
        self.bank.fiscalyear_lock_date = self.days_ago(10)
        self.assertRefused(
            f"{rollback.name}.*{payment.name}.*locked", rollback.action_revert
        )
        self.assertEqual(rollback.state, "done")


@tagged("post_install", "-at_install", "slow")
class TestWaysOfBooking(AllSteps, ways.TestWaysOfBooking):
    """Each way of booking, in a bank journal that is locked since."""

    parameters = {**ways.PARAMETERS, "amount": (75, 50), "lock": ("journal",)}

    def set_lock(self, case, bank):
        bank.fiscalyear_lock_date = self.days_ago(30)
