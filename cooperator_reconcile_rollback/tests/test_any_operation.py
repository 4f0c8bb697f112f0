"""Sell-backs, transfers and conversions that should not have been carried out."""

from odoo import fields
from odoo.tests import tagged

from .builders import CLARA, DAVID
from .common import RollbackCase
from .snapshots import NextNumbers


class OperationCase(RollbackCase):
    """Clara has three shares; Flora, the founder, has four."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.clara = cls.join(CLARA, 3, cls.share_y)

    def last_line(self):
        return self.env["subscription.register"].search(
            [("company_id", "=", self.company.id)],
            order="register_number_operation desc",
            limit=1,
        )

    def check(self, start, **options):
        """Roll back, see the end with ``ends``, and undo it."""
        begun = self.books()
        ends = options.pop("ends")
        values = options.pop("line", {})
        rollback = self.draft_rollback(start, **options)
        rollback.line_ids.write(values)
        rollback.action_plan()
        self.assertTriedOut(rollback)
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertFalse(rollback._find_tampering())
        ends()
        self.revert(rollback)
        self.assertBooksRestored(begun, options.get("added", ()))
        return rollback


@tagged("post_install", "-at_install")
class TestSale(OperationCase):
    """A sell-back of the wrong person."""

    def test_all_shares(self):
        """The person is a member again, with the same number."""
        self.sell_back(self.clara.partner_id, self.share_y, 3)
        self.assertTrue(self.holding_of(self.clara.partner_id).old_member)

        def ends():
            self.assertMember(self.clara.partner_id, 502, [(self.share_y, 3)])
            self.assertNoOperation(1003)
            self.assertEqual(self.next_numbers(), NextNumbers(1003, 503))

        self.check(self.last_line(), ends=ends)

    def test_some_shares(self):
        self.sell_back(self.clara.partner_id, self.share_y, 2)
        self.check(
            self.last_line(),
            ends=lambda: self.assertMember(
                self.clara.partner_id, 502, [(self.share_y, 3)]
            ),
        )

    def test_with_a_later_operation(self):
        """The gap is on record."""
        self.sell_back(self.clara.partner_id, self.share_y, 2)
        line = self.last_line()
        self.join(DAVID, 1, self.share_y)
        rollback = self.check(
            line,
            ends=lambda: self.assertEqual(self.next_numbers(), NextNumbers(1005, 504)),
        )
        self.assertIn("1003", rollback.warnings)

    def test_request_is_cancelled(self):
        operation = self.sell_back(self.clara.partner_id, self.share_y, 2)
        self.check(
            operation, ends=lambda: self.assertEqual(operation.state, "cancelled")
        )
        self.assertEqual(operation.state, "done")

    def test_request_goes_back_to_approved(self):
        """And can be carried out again, rightly."""
        operation = self.sell_back(self.clara.partner_id, self.share_y, 2)

        def ends():
            self.assertEqual(operation.state, "approved")

        self.check(operation, line={"operation_request_outcome": "approved"}, ends=ends)

    def test_later_sale_depends_on_nothing(self):
        self.sell_back(self.clara.partner_id, self.share_y, 1)
        line = self.last_line()
        self.sell_back(self.clara.partner_id, self.share_y, 2)
        self.check(
            line,
            ends=lambda: self.assertEqual(
                [one.quantity for one in self.shares_of(self.clara.partner_id)], [1]
            ),
        )

    def make_entry(self, operation):
        entry = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.clara.partner_id.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    (0, 0, {"name": "Shares", "quantity": 1, "price_unit": 50})
                ],
            }
        )
        entry.action_post()
        operation.invoice = entry
        return entry

    def test_entry_is_left_to_the_accountant(self):
        operation = self.sell_back(self.clara.partner_id, self.share_y, 2)
        entry = self.make_entry(operation)
        rollback = self.check(
            operation,
            ends=lambda: self.assertEqual(entry.payment_state, "not_paid"),
        )
        self.assertRegex(rollback.warnings, "settle it")

    def test_entry_is_reversed_by_choice(self):
        operation = self.sell_back(self.clara.partner_id, self.share_y, 2)
        entry = self.make_entry(operation)
        rollback = self.draft_rollback(operation)
        rollback.line_ids.is_invoice_reversed = True
        rollback.action_plan()
        self.assertRegex(rollback.warnings, "is reversed")
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertEqual(entry.payment_state, "reversed")
        self.revert(rollback)
        self.assertEqual(entry.payment_state, "not_paid")
        self.assertEqual(entry.amount_residual, entry.amount_total)

    def test_entry_is_reversed_meanwhile(self):
        """By hand: the step leaves it alone, and so does a revert."""
        operation = self.sell_back(self.clara.partner_id, self.share_y, 2)
        entry = self.make_entry(operation)
        rollback = self.draft_rollback(operation)
        rollback.line_ids.is_invoice_reversed = True
        rollback.action_plan()
        rollback.action_start()
        entry._reverse_moves([{"invoice_date": entry.invoice_date}], cancel=True)
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertEqual(len(entry.reversal_move_id), 1)
        self.revert(rollback)
        self.assertEqual(entry.payment_state, "reversed")

    def test_not_executed(self):
        operation = self.sell_back(self.clara.partner_id, self.share_y, 2)
        pending = operation.copy({"state": "approved"})
        self.assertRefused("not executed.*Cancel", self.draft_rollback, pending)

    def test_already_in_another_rollback(self):
        self.sell_back(self.clara.partner_id, self.share_y, 2)
        first = self.draft_rollback(self.last_line())
        first.action_plan()
        second = self.draft_rollback(self.last_line())
        self.assertRefused(first.name, second.action_plan)


@tagged("post_install", "-at_install", "slow")
class TestTransfer(OperationCase):
    """A transfer to the wrong person."""

    def test_receiver_was_made_a_member(self):
        """She is none any more, and her number is free."""
        david = self.subscribe(DAVID, 1, self.share_y)
        self.transfer(self.clara.partner_id, david.partner_id, self.share_y, 2)
        self.assertMember(david.partner_id, 503, [(self.share_y, 2)])

        def ends():
            self.assertMember(self.clara.partner_id, 502, [(self.share_y, 3)])
            self.assertCandidate(david.partner_id)
            self.assertEqual(self.next_numbers(), NextNumbers(1003, 503))

        self.check(self.last_line(), ends=ends)

    def test_receiver_was_a_member(self):
        self.transfer(self.clara.partner_id, self.flora.partner_id, self.share_y, 3)

        def ends():
            self.assertMember(self.clara.partner_id, 502, [(self.share_y, 3)])
            self.assertMember(self.flora.partner_id, 501, [(self.share_y, 4)])

        self.check(self.last_line(), ends=ends)

    def test_receiver_has_passed_them_on(self):
        """That depends on it: it stops the plan, or is rolled back too."""
        david = self.subscribe(DAVID, 1, self.share_y)
        self.transfer(self.clara.partner_id, david.partner_id, self.share_y, 2)
        line = self.last_line()
        self.transfer(david.partner_id, self.flora.partner_id, self.share_y, 2)
        rollback = self.draft_rollback(line)
        self.assertRefused("1004.*David", rollback.action_plan)
        rollback.action_cancel()

        def ends():
            self.assertMember(self.clara.partner_id, 502, [(self.share_y, 3)])
            self.assertMember(self.flora.partner_id, 501, [(self.share_y, 4)])
            self.assertCandidate(david.partner_id)

        self.check(line, cascade="dependents", ends=ends)


@tagged("post_install", "-at_install")
class TestConversion(OperationCase):
    """A conversion into the wrong share type."""

    def test_conversion(self):
        self.convert(self.clara.partner_id, self.share_y, 3, self.share_z)
        self.check(
            self.last_line(),
            ends=lambda: self.assertMember(
                self.clara.partner_id, 502, [(self.share_y, 3)]
            ),
        )
