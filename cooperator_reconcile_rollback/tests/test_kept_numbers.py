"""A number that was given away is not given to anybody else: ``append`` and ``keep_gap``."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .builders import CLARA, DAVID
from .common import MistakeCase
from .series import render_html
from .test_begun_by_hand import ByHand
from .undone import undone

WAYS = ("append", "keep_gap")
REPORT = "cooperator_reconcile_rollback.reconciliation_rollback_report"


@tagged("post_install", "-at_install")
class TestKeptNumbers(ByHand, MistakeCase):
    """Alice is operation 1002 and cooperator 502 by mistake, and nobody came after her."""

    def correct(self, right=None, **options):
        return self.roll_back(self.request, right, **options)

    def assertNothingFound(self):
        self.assertEqual(self.company._check_register(), ())

    def test_right_person_gets_the_next_numbers(self):
        for numbering in WAYS:
            with self.subTest(numbering=numbering), undone(self.env):
                self.correct(self.bruno, numbering=numbering)
                self.assertCandidate(self.alice.partner_id)
                self.assertNoOperation(1002)
                self.assertOperation(1003, self.bruno.partner_id, [(self.share_y, 3)])
                self.assertMember(self.bruno.partner_id, 503, [(self.share_y, 3)])
                self.assertEqual(self.next_numbers(), (1004, 504))
                self.assertNothingFound()

    def test_not_for_shares(self):
        """The sequences do not go back."""
        for numbering in WAYS:
            with self.subTest(numbering=numbering), undone(self.env):
                self.correct(numbering=numbering)
                self.assertEqual(self.next_numbers(), (1003, 503))
                self.assertNothingFound()
                clara = self.join(CLARA, 1, self.share_x)
                self.assertOperation(1003, clara.partner_id, [(self.share_x, 1)])
                self.assertMember(clara.partner_id, 503, [(self.share_x, 1)])
                self.assertNothingFound()

    def test_a_later_rollback_does_not_give_them_again(self):
        """Though that one lets the sequences go back."""
        self.correct(numbering="append")
        clara = self.join(CLARA, 1, self.share_x)
        self.roll_back(clara.capital_release_request, numbering="reuse")
        self.assertEqual(self.next_numbers(), (1003, 503))
        self.assertNothingFound()
        david = self.join(DAVID, 1, self.share_x)
        self.assertMember(david.partner_id, 503, [(self.share_x, 1)])
        self.assertNothingFound()

    def test_each_kind_of_number_on_its_own(self):
        for numbering, member_numbering, numbers in (
            ("append", "reuse", (1003, 502)),
            ("reuse", "append", (1002, 503)),
        ):
            with self.subTest(numbering=numbering), undone(self.env):
                self.correct(
                    self.bruno, numbering=numbering, member_numbering=member_numbering
                )
                operation, cooperator = numbers
                partner, shares = self.bruno.partner_id, [(self.share_y, 3)]
                self.assertOperation(operation, partner, shares)
                self.assertMember(partner, cooperator, shares)
                self.assertNothingFound()

    def test_a_request_that_gets_its_own_payment(self):
        """It takes its number again with ``keep_gap``, and the next one with ``append``."""
        other = self.pay(self.bruno, by=self.alice.partner_id)
        both = {self.alice: self.bruno, self.bruno: self.alice}
        self.assertEqual(len(other), 1)
        for numbering, expected in (
            ("keep_gap", {self.alice: 1002, self.bruno: 1003}),
            ("append", {self.alice: 1004, self.bruno: 1005}),
        ):
            requests = (self.alice | self.bruno).capital_release_request
            with self.subTest(numbering=numbering), undone(self.env):
                self.roll_back(requests, both, numbering=numbering)
                found = {
                    subscription: list(
                        subscription.capital_release_request._find_operations()
                    )
                    for subscription in both
                }
                self.assertEqual(found, {one: [n] for one, n in expected.items()})
                self.assertEqual(len(self.matches_of(other.move_id)), 1)
                self.assertNothingFound()

    def test_begun_by_hand(self):
        """Whatever of the manual's steps somebody has done, the sequences set back too."""
        for acts in ([3], [3, 4, 5], [3, 4, 5, 6, 7]):
            with self.subTest(acts=acts), undone(self.env):
                for number in acts:
                    self.act(number)
                begun = self.books()
                rollback = self.correct(self.bruno, numbering="append")
                self.assertOperation(1003, self.bruno.partner_id, [(self.share_y, 3)])
                self.assertMember(self.bruno.partner_id, 503, [(self.share_y, 3)])
                self.assertNothingFound()
                self.revert(rollback)
                self.assertBooksRestored(begun)

    def test_revert(self):
        before = self.books()
        rollback = self.correct(self.bruno, numbering="append")
        self.revert(rollback)
        self.assertBooksRestored(before)
        self.assertEqual(self.next_numbers(), (1003, 503))

    def test_plan_and_paper_say_whom_a_number_means(self):
        rollback = self.draft_rollback(self.request, self.bruno, numbering="append")
        rollback.action_plan()
        alice, bruno = self.alice.partner_id.name, self.bruno.partner_id.name
        for text in (rollback.plan_html, render_html(REPORT, rollback)):
            self.assertRegex(text, f"Operation 1002 of {alice}, effective on .*, was")
            self.assertIn("struck through, and its number is not given again", text)
            self.assertRegex(text, f"operation, of {bruno}, gets number 1003 and is")
            self.assertIn(f"Cooperator number 502 of {alice} is not given again", text)

    def test_plan_and_paper_say_whom_a_number_meant(self):
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.action_plan()
        alice, bruno = self.alice.partner_id.name, self.bruno.partner_id.name
        self.assertRegex(
            rollback.plan_html,
            f"Operation number 1002, that of {alice} since .*, becomes that of {bruno}",
        )
        self.assertIn(
            f"Cooperator number 502 of {alice} becomes that of {bruno}",
            rollback.plan_html,
        )
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertRegex(
            render_html(REPORT, rollback),
            f"Operation number 1002 meant {alice} from .* to .* and means {bruno} since",
        )


@tagged("post_install", "-at_install")
class TestNumberingOfCompany(MistakeCase):
    """What a company has chosen is what new rollbacks propose."""

    def test_defaults(self):
        rollback = self.draft_rollback(self.request)
        self.assertEqual(
            (rollback.numbering, rollback.member_numbering), ("reuse", "reuse")
        )
        rollback.numbering = "keep_gap"
        self.assertEqual(rollback.member_numbering, "append")
        rollback.member_numbering = "reuse"
        self.assertEqual(rollback.numbering, "keep_gap")

    def test_company_decides(self):
        self.company.rollback_member_numbering = "append"
        rollback = self.draft_rollback(self.request)
        self.assertEqual(
            (rollback.numbering, rollback.member_numbering), ("reuse", "append")
        )
        rollback.action_cancel()
        self.company.rollback_numbering = "append"
        rollback = self.draft_rollback(self.request)
        self.assertEqual(
            (rollback.numbering, rollback.member_numbering), ("append", "append")
        )

    def test_moving_numbers_down_is_for_managers(self):
        draft = self.draft_rollback(self.request, user=self.user)
        with self.assertRaises(AccessError):
            draft.numbering = "close_gap"
        with self.assertRaises(AccessError):
            draft.with_context(default_numbering="close_gap").create({})

    def test_moving_numbers_down_needs_a_reason(self):
        draft = self.draft_rollback(self.request, numbering="close_gap", note=False)
        self.assertRefused(f"{draft.name}.*write in the note why", draft.action_plan)
        draft.note = "No gaps in our register"
        draft.action_plan()
        self.assertEqual(draft.state, "planned")
