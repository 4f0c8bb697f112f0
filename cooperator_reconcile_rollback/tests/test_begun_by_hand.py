"""Somebody has begun by hand: the rollback does the rest, and the end is the same."""

from odoo.tests import tagged

from ..tools.series import undo_statement_line
from .builders import BRUNO, CLARA
from .common import MistakeCase
from .series import flush
from .snapshots import NextNumbers
from .undone import undone


class ByHand:
    """The steps of the manual procedure that people do by hand; mixed into cases."""

    def act(self, number):
        """Do a step of the manual, as a person with developer mode does it."""
        getattr(self, f"act_{number}")()
        flush(self.env)

    def act_3(self):
        """Remove the match, with the button beside the payment on the request."""
        matches = self.matches_of(self.request)
        self.request.js_remove_outstanding_partial(matches.id)

    def act_4(self):
        """Delete the shares on the person's form."""
        self.env["share.line"].search(
            [
                ("partner_id", "=", self.alice.partner_id.id),
                ("capital_release_request_id", "=", self.request.id),
            ]
        ).unlink()

    def act_5(self):
        """Delete the line of the register."""
        self.find_operation().unlink()

    def act_6(self):
        """Set the operation sequence to the wrong operation's number."""
        self.sequence_of("register.operation").number_next_actual = 1002

    def act_7(self):
        """Set the cooperator sequence to the wrong cooperator's number."""
        self.sequence_of("cooperator.number").number_next_actual = 502

    def find_operation(self):
        return self.env["subscription.register"].search(
            [("capital_release_request_id", "=", self.request.id)]
        )

    def steps_by_hand(self, rollback):
        return [step.kind for step in rollback.step_ids if step.state == "by_hand"]


class InterruptedCase(ByHand, MistakeCase):
    """The manual procedure, left before its end."""

    KINDS = {
        3: "remove_match",
        4: "remove_shares",
        5: "remove_register_lines",
        6: "reset_operation_sequence",
        7: "reset_membership",
    }

    def roll_back_begun(self, acts, right, start):
        """Correct what was begun, and undo that: what there was today comes back."""
        last = self.register_of()[-1].number
        for number in acts:
            self.act(number)
        begun = self.books()
        rollback = self.draft_rollback(start(), right)
        rollback.action_plan()
        if len(acts) > 2:
            self.assertTriedOut(rollback)
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertFalse(rollback._find_tampering())
        by_hand = self.steps_by_hand(rollback)
        # The membership is never set back by the manual. Where later operations follow, the
        # sequences go on after these: to set them back is no step of the correction.
        left = (7,) if last == 1002 else (6, 7)
        expected = [self.KINDS[n] for n in sorted(acts) if n not in left]
        self.assertEqual(by_hand, expected)
        end = self.end_state()
        self.revert(rollback)
        self.assertBooksRestored(begun)
        return end

    def end_state(self):
        """What everybody has in the end, without the identities of records."""
        register = [line[:-1] for line in self.register_of()]
        people = self.alice.partner_id | self.bruno.partner_id | self.flora.partner_id
        holdings = [
            self.holding_of(one)._replace(
                shares=[line[:-1] for line in self.shares_of(one)]
            )
            for one in people
        ]
        payments = [
            (r.payment_state, r.amount_residual, r.subscription_request.state)
            for r in (self.request, self.bruno.capital_release_request)
        ]
        return register, holdings, payments, self.next_numbers()

    def expect_end(self, right):
        """The end if nobody had begun."""
        with undone(self.env):
            rollback = self.start_rollback(self.request, right)
            self.run_jobs(rollback)
            self.assertDone(rollback)
            return self.end_state()

    def check_way(self, acts, right, expected):
        """The end is the same as if nobody had begun."""
        with undone(self.env):
            end = self.roll_back_begun(acts, right, lambda: self.request)
            self.assertEqual(end, expected)


@tagged("post_install", "-at_install", "slow")
class TestManualInterrupted(InterruptedCase):
    """The manual procedure, left after each of its steps."""

    WAYS = ([3], [3, 4], [3, 4, 5], [3, 5, 4], [3, 5], [3, 4, 5, 6], [3, 4, 5, 6, 7])

    def check_all(self, right):
        expected = self.expect_end(right)
        for acts in self.WAYS:
            with self.subTest(acts=acts):
                self.check_way(acts, right, expected)

    def test_last_operation_with_right_request(self):
        self.check_all(self.bruno)

    def test_last_operation_not_for_shares(self):
        self.check_all(None)

    def test_later_operations_with_right_request(self):
        self.join(CLARA, 2, self.share_y)
        self.check_all(self.bruno)

    def test_later_operations_not_for_shares(self):
        self.join(CLARA, 2, self.share_y)
        self.check_all(None)

    def test_from_each_record(self):
        """From the payment, the register line and the person alike."""
        expected = self.expect_end(self.bruno)
        starts = {
            "payment": lambda: self.payment,
            "entry": lambda: self.payment.move_id,
            "register": self.find_operation,
            "person": lambda: self.alice.partner_id,
        }
        for name, start in starts.items():
            with self.subTest(start=name), undone(self.env):
                end = self.roll_back_begun([3], self.bruno, start)
                self.assertEqual(end, expected)


@tagged("post_install", "-at_install")
class TestBegun(InterruptedCase):
    """What somebody has begun is found, whatever it was."""

    def test_step_five_before_step_four(self):
        self.check_way([3, 5, 4], self.bruno, self.expect_end(self.bruno))

    def test_payment_is_proposed(self):
        """The open payment of that day and amount, before any other."""
        self.book_payment(self.flora.partner_id, 75, date=self.days_ago(3))
        self.act(3)
        rollback = self.draft_rollback(self.request, self.bruno)
        line = rollback.line_ids
        self.assertFalse(line.wrong_match_id)
        self.assertEqual(line.situation, "unmatched")
        self.assertEqual(line.payment_move_id, self.payment.move_id)
        self.assertEqual(line.operation_number, 1002)

    def test_payment_is_chosen(self):
        """Two payments of that day and amount: a person chooses."""
        self.act(3)
        other = self.book_payment(self.flora.partner_id, 75)
        rollback = self.draft_rollback(self.request, self.bruno)
        line = rollback.line_ids
        self.assertFalse(line.payment_line_id)
        self.assertRefused("choose the open payment", rollback.action_plan)
        line.payment_line_id = self.item_of(self.payment.move_id)
        self.assertEqual(line.payment_move_id, self.payment.move_id)
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertPaid(self.bruno)
        self.assertFalse(self.item_of(other.move_id).reconciled)

    def test_nothing_but_the_membership_is_left(self):
        """All seven steps were done: the person is a member still, with a number."""
        for number in range(3, 8):
            self.act(number)
        self.roll_back(self.request)
        self.assertCandidate(self.alice.partner_id)
        self.assertEqual(self.next_numbers(), NextNumbers(1002, 502))

    def test_nothing_is_left(self):
        """All of it was done: that is said, and nothing is made of it."""
        for number in range(3, 8):
            self.act(number)
        membership = self.membership_of(self.alice.partner_id)
        membership.write({"member": False, "cooperator_register_number": False})
        membership._clear_cooperator_register_number()
        self.alice.state = "done"
        self.assertRefused(
            f"{self.request.name}.*nothing to roll back",
            self.draft_rollback,
            self.request,
        )


@tagged("post_install", "-at_install")
class TestMatchedByHand(ByHand, MistakeCase):
    """The match was removed by hand, and made again: rightly, or once more."""

    def match_rightly(self):
        self.match(self.payment, self.bruno)

    def check_wrong_goes(self, bruno_number, numbers):
        """The wrong operation goes, the right one stays as it is."""
        begun = self.books()
        rollback = self.start_rollback(self.request)
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertCandidate(self.alice.partner_id)
        self.assertNoOperation(1002)
        self.assertPaid(self.bruno)
        self.assertMember(self.bruno.partner_id, bruno_number, [(self.share_y, 3)])
        self.assertEqual(self.next_numbers(), numbers)
        self.revert(rollback)
        self.assertBooksRestored(begun)

    def test_matched_rightly_afterwards(self):
        self.act(3)
        self.match_rightly()
        self.check_wrong_goes(503, NextNumbers(1004, 504))

    def test_matched_rightly_with_a_later_operation_between(self):
        self.act(3)
        self.join(CLARA, 2, self.share_y)
        self.match_rightly()
        self.check_wrong_goes(504, NextNumbers(1005, 505))

    def test_gap_is_closed_on_request(self):
        self.act(3)
        self.match_rightly()
        rollback = self.start_rollback(
            self.request, numbering="close_gap", note="The right one moves down"
        )
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])
        self.assertEqual(self.next_numbers(), NextNumbers(1003, 503))

    def test_from_the_payment(self):
        """It pays the right request now; what it did wrongly is meant."""
        self.act(3)
        self.match_rightly()
        rollback = self.draft_rollback(self.payment)
        self.assertEqual(rollback.line_ids.wrong_move_id, self.request)

    def make_surplus(self, times, by=None, date=None):
        for _time in range(times):
            self.act(3)
            if date:
                self.payment = self.book_payment(
                    by or self.bruno.partner_id, 75, date=date
                )
            self.match(self.payment, self.alice)

    def check_surplus(self, times, **options):
        self.make_surplus(times, **options)
        begun = self.books()
        before = self.matches_of(self.request)
        rollback = self.draft_rollback(self.request)
        self.assertEqual(len(rollback.line_ids), times)
        self.assertEqual(set(rollback.line_ids.mapped("situation")), {"surplus"})
        self.assertEqual(
            rollback.line_ids.mapped("operation_number"),
            list(range(1003, 1003 + times)),
        )
        rollback.action_plan()
        self.assertTriedOut(rollback)
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertPaid(self.alice)
        self.assertEqual(self.matches_of(self.request), before)
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])
        self.assertOperation(1002, self.alice.partner_id, [(self.share_y, 3)])
        self.assertEqual(self.next_numbers(), NextNumbers(1003, 503))
        self.revert(rollback)
        self.assertBooksRestored(begun)

    def test_matched_twice(self):
        self.check_surplus(1)

    def test_matched_three_times(self):
        self.check_surplus(2)

    def test_matched_twice_at_another_date(self):
        self.check_surplus(1, date=self.days_ago(2))

    def test_one_surplus_operation_of_the_register(self):
        """The register line tells which one goes, be it the first."""
        self.make_surplus(1)
        first = self.find_operation().sorted("id")[0]
        rollback = self.start_rollback(first)
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertNoOperation(1002)
        self.assertOperation(1003, self.alice.partner_id, [(self.share_y, 3)])

    def test_twice_and_unmatched_again(self):
        """Nothing is paid any more: both operations are wrong."""
        self.make_surplus(1)
        self.act(3)
        rollback = self.start_rollback(self.request)
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertCandidate(self.alice.partner_id)
        self.assertEqual(self.next_numbers(), NextNumbers(1002, 502))


@tagged("post_install", "-at_install", "slow")
class TestStatementLineUndone(ByHand, MistakeCase):
    """The bank statement line was undone by hand, as the manual has it as well."""

    @classmethod
    def make_mistake(cls):
        cls.line = cls.pay_from_statement(cls.alice, by=cls.alice.partner_id)

    def check(self, right):
        undo_statement_line(self.line)
        flush(self.env)
        begun = self.books()
        rollback = self.draft_rollback(self.request, right)
        correction = rollback.line_ids
        self.assertEqual(correction.situation, "unmatched")
        self.assertEqual(correction.payment_move_id, self.line.move_id)
        self.assertFalse(correction.payment_line_id)
        rollback.action_plan()
        self.assertTriedOut(rollback)
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertCandidate(self.alice.partner_id)
        if right:
            self.assertPaid(right)
            self.assertMember(right.partner_id, 502, [(self.share_y, 3)])
            self.assertEqual(self.line.partner_id, right.partner_id)
            self.assertLedger(right.partner_id, 0, 0)
        self.revert(rollback)
        self.assertBooksRestored(begun)

    def test_with_right_request(self):
        self.check(self.bruno)

    def test_not_for_shares(self):
        self.check(None)


@tagged("post_install", "-at_install")
class TestMoneyBack(ByHand, MistakeCase):
    """The money went back: the operation has no ground any more."""

    @classmethod
    def make_mistake(cls):
        """Alice paid herself; her payment bounces."""
        cls.payment = cls.pay(cls.alice)

    def check(self, start=None):
        begun = self.books()
        rollback = self.draft_rollback(start or self.request)
        self.assertFalse(rollback.line_ids.payment_line_id)
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertOpen(self.alice)
        self.assertCandidate(self.alice.partner_id)
        self.assertEqual(self.next_numbers(), NextNumbers(1002, 502))
        self.revert(rollback)
        self.assertBooksRestored(begun)

    def test_reason_is_proposed(self):
        self.payment.action_draft()
        self.payment.action_cancel()
        manager = self.env["reconciliation.rollback"].with_user(self.manager)
        rollback = manager.create_from(self.request.with_user(self.manager))
        self.assertEqual(rollback.reason, "payment_returned")

    def test_cancelled(self):
        self.payment.action_draft()
        self.payment.action_cancel()
        self.check()

    def test_cancelled_from_the_payment(self):
        self.payment.action_draft()
        self.payment.action_cancel()
        self.check(self.payment)

    def test_back_to_draft(self):
        self.payment.action_draft()
        self.check()

    def test_reversed(self):
        self.payment.move_id._reverse_moves([{}], cancel=True)
        self.assertEqual(self.request.payment_state, "not_paid")
        self.check()


@tagged("post_install", "-at_install")
class TestSeveral(ByHand, MistakeCase):
    """Different states in one rollback."""

    def test_begun_and_wrong_and_surplus(self):
        """Alice's match is removed; Clara's is wrong; Flora was registered twice."""
        clara = self.subscribe(CLARA, 2, self.share_y)
        self.pay(clara, by=self.bruno.partner_id)
        flora = self.subscribe(BRUNO, 1, self.share_y, partner=self.flora.partner_id)
        payment = self.pay(flora)
        request = flora.capital_release_request
        request.js_remove_outstanding_partial(self.matches_of(request).id)
        self.match(payment, flora)
        self.act(3)
        begun = self.books()
        records = self.request | clara.capital_release_request | request
        rollback = self.start_rollback(records, {self.alice: self.bruno})
        self.assertEqual(
            sorted(rollback.line_ids.mapped("situation")),
            ["matched", "surplus", "unmatched"],
        )
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertCandidate(self.alice.partner_id)
        self.assertCandidate(clara.partner_id)
        self.assertPaid(self.bruno)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])
        self.assertMember(
            self.flora.partner_id, 501, [(self.share_y, 4), (self.share_y, 1)]
        )
        self.revert(rollback)
        self.assertBooksRestored(begun)
