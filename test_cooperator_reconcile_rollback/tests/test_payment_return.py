from odoo.tests import tagged

from odoo.addons.cooperator_reconcile_rollback.tests.builders import ALICE, BRUNO, CLARA
from odoo.addons.cooperator_reconcile_rollback.tests.common import RollbackCase
from odoo.addons.cooperator_reconcile_rollback.tests.series import flush
from odoo.addons.cooperator_reconcile_rollback.tests.snapshots import NextNumbers


@tagged("post_install", "-at_install")
class TestPaymentReturn(RollbackCase):
    """The bank returns a direct debit: OCA's account_payment_return books it.

    The request is open again and the operation stays, for cooperator knows nothing of it.
    """

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.request = cls.alice.capital_release_request
        cls.payment = cls.pay(cls.alice)
        cls.payment_return = cls.return_payment(cls.payment)
        flush(cls.env)

    @classmethod
    def return_payment(cls, payment):
        """Book the return of a payment, with its matches."""
        item = cls.item_of(payment.move_id)
        payment_return = cls.env["payment.return"].create(
            {
                "company_id": cls.company.id,
                "journal_id": payment.journal_id.id,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "partner_id": item.partner_id.id,
                            "move_line_ids": [(6, 0, item.ids)],
                            "amount": item.credit,
                        },
                    )
                ],
            }
        )
        payment_return.action_confirm()
        return payment_return

    def assertDone(self, rollback):
        """Every step is done, those that this add-on brings included."""
        states = set(rollback.step_ids.mapped("state"))
        self.assertEqual(states - {"by_hand"}, {"done"}, rollback.error)
        self.assertEqual(rollback.state, "done")

    def get_matches_of_return(self):
        """The return's own matches, with what it knows of the request."""
        items = self.payment_return.move_id.line_ids
        matches = items.matched_credit_ids | items.matched_debit_ids
        return matches.read(
            ["debit_move_id", "credit_move_id", "amount", "origin_returned_move_ids"]
        )

    def roll_back_returned(self, start):
        """Roll back and revert; the return stays as it was all the while."""
        begun = self.books()
        returned = self.get_matches_of_return()
        self.assertEqual(len(returned), 1)
        rollback = self.env["reconciliation.rollback"].with_user(self.manager)
        rollback = rollback.create_from(start.with_user(self.manager))
        line = rollback.line_ids
        self.assertEqual(rollback.reason, "payment_returned")
        self.assertEqual((line.situation, line.operation_number), ("unmatched", 1002))
        self.assertFalse(line.payment_line_id)
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertFalse(rollback._find_tampering())
        self.assertEqual(self.get_matches_of_return(), returned)
        yield rollback
        self.revert(rollback)
        self.assertBooksRestored(begun)
        self.assertEqual(self.get_matches_of_return(), returned)

    def test_operation_stays_until_it_is_rolled_back(self):
        self.assertEqual(self.request.payment_state, "not_paid")
        self.assertTrue(self.request.returned_payment)
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])

    def test_from_the_request(self):
        for _rollback in self.roll_back_returned(self.request):
            self.assertOpen(self.alice)
            self.assertCandidate(self.alice.partner_id)
            self.assertEqual(self.next_numbers(), NextNumbers(1002, 502))
            self.assertLedger(self.alice.partner_id, 75, 75)

    def test_from_the_payment(self):
        for _rollback in self.roll_back_returned(self.payment):
            self.assertCandidate(self.alice.partner_id)

    def test_from_the_person(self):
        for _rollback in self.roll_back_returned(self.alice.partner_id):
            self.assertCandidate(self.alice.partner_id)

    def test_later_operations(self):
        """Bruno joined since; the number of the returned one stays a gap."""
        bruno = self.join(BRUNO, 2, self.share_y)
        for _rollback in self.roll_back_returned(self.request):
            self.assertCandidate(self.alice.partner_id)
            self.assertNoOperation(1002)
            self.assertMember(bruno.partner_id, 503, [(self.share_y, 2)])
            self.assertEqual(self.next_numbers(), NextNumbers(1004, 504))

    def test_paid_again(self):
        """After the rollback she pays once more, and is registered once."""
        for rollback in self.roll_back_returned(self.request):
            with self.subTest(rollback.name):
                self.assertCandidate(self.alice.partner_id)
        rollback = self.env["reconciliation.rollback"].with_user(self.manager)
        rollback = rollback.create_from(self.request.with_user(self.manager))
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.pay(self.alice)
        self.assertPaid(self.alice)
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])
        self.assertOperation(1002, self.alice.partner_id, [(self.share_y, 3)])

    def test_paid_again_before_the_rollback(self):
        """Cooperator registers the second payment too: one operation is surplus."""
        self.pay(self.alice)
        rollback = self.draft_rollback(self.request)
        self.assertEqual(rollback.line_ids.situation, "surplus")
        self.assertEqual(rollback.line_ids.operation_number, 1003)
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertPaid(self.alice)
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])

    def test_another_payment_was_matched_rightly(self):
        """A return of one payment says nothing of another."""
        clara = self.join(CLARA, 1, self.share_y)
        for _rollback in self.roll_back_returned(self.request):
            self.assertPaid(clara)
            self.assertMember(clara.partner_id, 503, [(self.share_y, 1)])
