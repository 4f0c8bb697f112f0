"""Right requests, and requests of later operations, whose match was removed by hand."""

from odoo.tests import tagged

from .builders import BRUNO, CLARA, DAVID
from .common import MistakeCase
from .series import invalidate
from .snapshots import NextNumbers
from .test_cascade import CascadeCase
from .undone import undone


class Unmatched:
    """Payments that are taken off again by hand; mixed into cases."""

    @classmethod
    def pay_and_unmatch(cls, subscription):
        """Pay a request, and remove the match with Odoo's button: the operation stays."""
        payment = cls.pay(subscription)
        cls.unmatch(subscription)
        return payment

    @classmethod
    def unmatch(cls, subscription):
        request = subscription.capital_release_request
        for match in cls.matches_of(request):
            request.js_remove_outstanding_partial(match.id)


class RegisteredRightCase(Unmatched, MistakeCase):
    """Bruno is a member by an operation whose payment the bank has taken back.

    He pays again, and that is matched with Alice's request.
    """

    number = 502

    @classmethod
    def join_bruno(cls):
        returned = cls.pay_and_unmatch(cls.bruno)
        returned.action_draft()
        returned.action_cancel()

    def check(self, numbers, **options):
        """He keeps his operation, and gets no other one."""
        invalidate(self.env)
        before = self.books()
        register = self.register_of()
        rollback = self.draft_rollback(self.request, self.bruno, **options)
        rollback.action_plan()
        (number,) = self.bruno.capital_release_request._find_operations()
        self.assertRegex(
            rollback.warnings,
            f"{self.bruno.capital_release_request.name} of Bruno.*operation {number}",
        )
        self.assertNotIn("stays open", rollback.warnings)
        self.assertTriedOut(rollback)
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertPaid(self.bruno)
        self.assertMember(self.bruno.partner_id, self.number, [(self.share_y, 3)])
        self.assertCandidate(self.alice.partner_id)
        self.assertEqual(self.next_numbers(), numbers)
        wrong = self.alice.partner_id
        self.assertEqual(
            [line._replace(id=None) for line in self.register_of()],
            [line._replace(id=None) for line in register if line.partner != wrong],
        )
        self.assertFalse(self.find_errors())
        self.revert(rollback)
        self.assertBooksRestored(before)

    def find_errors(self):
        invalidate(self.env)
        found = self.company.with_company(self.company)._check_register()
        return [finding for finding in found if finding.severity == "error"]

    def check_each_way(self, numbers):
        for cascade in ("block", "dependents", "all"):
            with self.subTest(cascade=cascade), undone(self.env):
                self.check(numbers, cascade=cascade)


@tagged("post_install", "-at_install")
class TestRegisteredRight(RegisteredRightCase):
    """His operation is 1002, Alice's is 1003."""

    @classmethod
    def make_mistake(cls):
        cls.join_bruno()
        super().make_mistake()

    def test_last_operation(self):
        self.check(NextNumbers(1003, 503))

    def test_later_operations(self):
        self.join(CLARA, 2, self.share_y)
        self.check_each_way(NextNumbers(1005, 505))

    def test_paid_in_part(self):
        """The rest stays open; the operation stays what it was."""
        self.bruno.capital_release_request.button_draft()
        larger = self.subscribe(BRUNO, 4, self.share_y, partner=self.bruno.partner_id)
        self.pay_and_unmatch(larger)
        rollback = self.roll_back(self.request, larger)
        self.assertEqual(larger.capital_release_request.amount_residual, 25)
        self.assertIn("operation 1004", rollback.warnings)
        self.assertCandidate(self.alice.partner_id)


@tagged("post_install", "-at_install")
class TestDeletedRight(RegisteredRightCase):
    """Somebody has deleted the line of his operation, and left his shares."""

    @classmethod
    def make_mistake(cls):
        cls.join_bruno()
        super().make_mistake()
        cls.bruno.capital_release_request._find_register_lines().unlink()

    def test_alone(self):
        """He would have twice as many."""
        rollback = self.draft_rollback(self.request, self.bruno)
        self.assertRefused(
            f"{self.bruno.capital_release_request.name} of Bruno.*press Cancel, and "
            "start from both",
            rollback.action_plan,
        )

    def test_both(self):
        invalidate(self.env)
        before = self.books()
        requests = self.request | self.bruno.capital_release_request
        rollback = self.draft_rollback(requests, {self.alice: self.bruno})
        rollback.action_plan()
        self.assertTriedOut(rollback)
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertPaid(self.bruno)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])
        self.assertOperation(1002, self.bruno.partner_id, [(self.share_y, 3)])
        self.assertCandidate(self.alice.partner_id)
        self.assertEqual(self.next_numbers(), NextNumbers(1003, 503))
        self.assertFalse(self.find_errors())
        self.revert(rollback)
        self.assertBooksRestored(before)


@tagged("post_install", "-at_install", "slow")
class TestLaterRegisteredRight(RegisteredRightCase):
    """His operation is 1003, Alice's is 1002."""

    number = 503

    @classmethod
    def make_mistake(cls):
        super().make_mistake()
        cls.join_bruno()

    def test_each_way(self):
        self.check_each_way(NextNumbers(1004, 504))


@tagged("post_install", "-at_install", "slow")
class TestLaterRequests(Unmatched, CascadeCase):
    """Later operations of others that no payment, or no whole payment, stands behind."""

    def check(self):
        """Whatever was wrong with them stays, to the last row."""
        david = self.david.partner_id
        invalidate(self.env)
        before = self.books()
        held = self.holding_of(david)
        with undone(self.env):
            rollback = self.correct(cascade="all")
            self.assertEqual(self.holding_of(david), held)
            self.revert(rollback)
            self.assertBooksRestored(before)
        self.assertAgree()

    def join_david(self):
        self.david = self.subscribe(DAVID, 2, self.share_y)
        return self.david

    def test_unmatched(self):
        self.pay_and_unmatch(self.join_david())
        self.check()

    def test_unmatched_and_paid_in_part(self):
        self.pay_and_unmatch(self.join_david())
        self.pay(self.david, amount=25)
        self.check()

    def test_matched_twice(self):
        """It is in the register twice, and paid."""
        payment = self.pay_and_unmatch(self.join_david())
        self.match(payment, self.david)
        self.assertEqual(len(self.david.capital_release_request._find_operations()), 2)
        self.check()
