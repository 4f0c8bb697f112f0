from unittest import SkipTest

from odoo.tests import Form, tagged

from odoo.addons.cooperator_reconcile_rollback.tests.builders import ALICE, BRUNO
from odoo.addons.cooperator_reconcile_rollback.tests.common import RollbackCase
from odoo.addons.cooperator_reconcile_rollback.tests.series import invalidate

VIEW = "account_reconcile_oca.bank_statement_line_form_reconcile_view"


@tagged("post_install", "-at_install")
class TestReconcileOca(RollbackCase):
    """The bank screen of OCA's account_reconcile_oca, which 16.0 has.

    The bank's line says Alice and was matched with her request; Bruno paid.
    """

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y, date=cls.days_ago(60))
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y, date=cls.days_ago(60))
        cls.request = cls.alice.capital_release_request

    def setUp(self):
        super().setUp()
        if "account.account.reconcile" not in self.env:
            raise SkipTest("account_reconcile_oca is not installed")
        # nothing is matched before the accountant says so
        self.env["account.reconcile.model"].search([]).write({"active": False})

    def assertDone(self, rollback):
        """Every step is done, those that this add-on brings included."""
        self.assertEqual(set(rollback.step_ids.mapped("state")), {"done"})
        self.assertEqual(rollback.state, "done")

    def reconcile(self, mode):
        """Choose Alice's request on the bank screen, and press Validate.

        :param mode: the journal's: change the line's entry, or keep it and write another
        """
        bank = self.journal_of(self.company)
        bank.reconcile_mode = mode
        # the entry beside the line's is matched with it there
        bank.suspense_account_id.reconcile = True
        line = self.bank_statement_line(
            self.alice.partner_id, 75, date=self.days_ago(40)
        )
        with Form(line, view=VIEW) as form:
            form.add_account_move_line_id = self.item_of(self.request)
        line.reconcile_bank_line()
        invalidate(self.env)
        self.assertPaid(self.alice)
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])
        return line

    def check(self, mode):
        line = self.reconcile(mode)
        rollback = self.roll_back(self.request, self.bruno)
        self.assertCandidate(self.alice.partner_id)
        self.assertOpen(self.alice)
        self.assertPaid(self.bruno)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])
        self.assertLedger(self.alice.partner_id, 75, 75)
        self.assertLedger(self.bruno.partner_id, 0, 0)
        self.assertTrue(line.is_reconciled)
        self.revert(rollback)
        self.assertPaid(self.alice)
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])
        self.assertLedger(self.alice.partner_id, 0, 0)
        self.assertLedger(self.bruno.partner_id, 75, 75)
        self.assertTrue(line.is_reconciled)

    def test_entry_of_the_line(self):
        self.check("edit")

    def test_entry_beside_the_line(self):
        self.check("keep")

    def test_not_for_shares(self):
        self.reconcile("edit")
        self.roll_back(self.request)
        self.assertOpen(self.alice)
        self.assertLedger(self.alice.partner_id, 75, 75)
