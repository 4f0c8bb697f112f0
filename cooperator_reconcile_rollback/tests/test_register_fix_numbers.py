"""Numbers that are wrong are set right, or their gaps explained."""

from odoo.tests import tagged

from ..ledger.finding import (
    COOPERATOR_GAP,
    COOPERATOR_SEQUENCE_OFF,
    DOUBLE_COOPERATOR_NUMBER,
    DOUBLE_OPERATION_NUMBER,
    MEMBER_WITHOUT_NUMBER,
    OPERATION_GAP,
    OPERATION_SEQUENCE_OFF,
)
from .builders import CLARA, DAVID, EMMA
from .register_fix_case import RegisterFixCase
from .series import flush
from .snapshots import NextNumbers


@tagged("post_install", "-at_install")
class TestSequences(RegisterFixCase):
    """A sequence goes on after the highest number."""

    def test_operation_sequence_behind(self):
        """Somebody has set it back, as the manual says, and taken nothing away."""
        self.set_next_numbers(self.company, NextNumbers(1004, 504))
        finding = self.assertFinds(OPERATION_SEQUENCE_OFF)
        self.assertEqual(finding.fix_label, "Set to 1007")
        fix = self.assertFixed(finding, "sequences")
        self.assertEqual(
            fix.choice, "The next operation gets number 1007 instead of 1004."
        )
        self.assertIn('"next number": 1004', fix.before)
        self.assertIn('"next number": 1007', fix.after)
        self.assertEqual(self.next_numbers(), NextNumbers(1007, 504))

    def test_cooperator_sequence_ahead(self):
        """Failed transactions have burnt numbers."""
        self.set_next_numbers(self.company, NextNumbers(1007, 509))
        finding = self.assertFinds(COOPERATOR_SEQUENCE_OFF)
        self.assertFixed(finding, "sequences")
        self.join(CLARA, 1, self.share_y)
        self.assertFinds()

    def test_fixed_meanwhile(self):
        self.set_next_numbers(self.company, NextNumbers(1020, 504))
        wizard = self.open_fix(self.assertFinds(OPERATION_SEQUENCE_OFF))
        self.set_next_numbers(self.company, NextNumbers(1007, 504))
        self.refuse("not so any more: .*1020 instead of 1007", wizard)

    def test_changed_meanwhile(self):
        self.set_next_numbers(self.company, NextNumbers(1020, 504))
        wizard = self.open_fix(self.assertFinds(OPERATION_SEQUENCE_OFF))
        self.set_next_numbers(self.company, NextNumbers(1030, 504))
        self.refuse("has changed: .*1030 instead of 1007", wizard)

    def test_while_a_rollback_runs(self):
        self.set_next_numbers(self.company, NextNumbers(1020, 504))
        finding = self.assertFinds(OPERATION_SEQUENCE_OFF)
        rollback = self.start_rollback(self.bruno.capital_release_request)
        self.assertNotFixed(f"locked by {rollback.name}", finding)


@tagged("post_install", "-at_install", "slow")
class TestGaps(RegisterFixCase):
    """An unused number is explained, and known from then on."""

    def test_operation_gap(self):
        self.renumber(1006, 1009, following=1010)
        finding = self.assertFinds(OPERATION_GAP)
        self.assertEqual(finding.fix_label, "Explain the gap")
        self.assertNotFixed("Give a reason for “Explain the gap”", finding, reason=" ")
        fix = self.assertFixed(finding, reason="Burnt while importing")
        self.assertIn('"unused numbers": "1006–1008"', fix.after)
        self.assertEqual(
            fix.choice,
            "The operation numbers 1006 to 1008 stay unused, for the reason given.",
        )

    def test_cooperator_gap(self):
        self.renumber_bruno(504, following=505)
        fix = self.assertFixed(self.assertFinds(COOPERATOR_GAP), reason="Left in 1999")
        self.assertIn("Cooperator number 503 stays unused", fix.choice)

    def test_gap_beside_an_explained_one(self):
        self.renumber(1006, 1008, following=1009)
        self.fix(self.assertFinds(OPERATION_GAP), reason="Burnt while importing")
        self.join(CLARA, 1, self.share_y)
        self.renumber(1009, 1010, following=1011)
        self.set_next_numbers(self.company, NextNumbers(1011, 505))
        finding = self.assertFinds(OPERATION_GAP)
        self.assertIn("Operation number 1009 is unused", finding.description)

    def test_numbers_move_down(self):
        """A later rollback moves the explained number, and its revert moves it back."""
        clara = self.join(CLARA, 1, self.share_y)
        self.join(DAVID, 1, self.share_y)
        self.join(EMMA, 1, self.share_y)
        self.execute(
            "UPDATE subscription_register SET register_number_operation = 1011,"
            " name = '1011' WHERE id = %s",
            self.line_of(1009).id,
        )
        self.set_next_numbers(self.company, NextNumbers(1012, 507))
        self.fix(self.assertFinds(OPERATION_GAP), reason="Burnt while importing")
        self.assertFinds()
        rollback = self.roll_back(
            clara.capital_release_request,
            numbering="close_gap",
            note="Nobody has seen the numbers yet",
        )
        self.assertTrue(self.line_of(1010))
        self.assertFinds()
        rollback.action_revert()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "reverted")
        self.assertTrue(self.line_of(1011))
        self.assertFinds()

    def test_explained_between_rollback_and_revert(self):
        clara = self.join(CLARA, 1, self.share_y)
        self.join(DAVID, 1, self.share_y)
        self.join(EMMA, 1, self.share_y)
        self.execute(
            "UPDATE subscription_register SET register_number_operation = 1011,"
            " name = '1011' WHERE id = %s",
            self.line_of(1009).id,
        )
        self.set_next_numbers(self.company, NextNumbers(1012, 507))
        rollback = self.roll_back(
            clara.capital_release_request,
            numbering="close_gap",
            note="Nobody has seen the numbers yet",
        )
        fix = self.fix(self.assertFinds(OPERATION_GAP), reason="Burnt while importing")
        self.assertIn("1008 to 1009", fix.choice)
        self.assertFinds()
        rollback.action_revert()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "reverted")
        self.assertTrue(self.line_of(1011))
        self.assertFinds()


@tagged("post_install", "-at_install")
class TestDoubleNumbers(RegisterFixCase):
    """One of those who share a number gets another one."""

    def setUp(self):
        super().setUp()
        self.allow_double_numbers()
        flush(self.env)

    def test_double_operation_number(self):
        """An older release has given a number twice; the later operation gets the next."""
        self.renumber(1006, 1005, following=1006)
        finding = self.assertFinds(DOUBLE_OPERATION_NUMBER)
        wizard = self.open_fix(finding)
        self.assertEqual(len(wizard.option_ids), 2)
        self.assertTrue(wizard.has_choice)
        self.assertTrue(wizard.needs_number)
        self.assertTrue(wizard.needs_reason)
        self.assertEqual(wizard.number, 1006)
        self.assertFalse(wizard.unused_numbers)
        fix = self.assertFixed(
            finding,
            "subscription_register",
            "sequences",
            words="Conversion of Alice Adam",
            reason="The transfer was first",
        )
        self.assertRegex(fix.choice, r"Operation 1005 \(.*\) gets number 1006\.")
        line = self.line_of(1006)
        self.assertEqual((line.type, line.name), ("convert", "1006"))
        self.assertEqual(self.next_numbers().operation, 1007)

    def test_unused_number(self):
        """The sequence stays where it is."""
        self.renumber(1006, 1005, following=1006)
        clara = self.join(CLARA, 1, self.share_y)
        david = self.join(DAVID, 1, self.share_y)
        self.execute(
            "UPDATE subscription_register SET register_number_operation = 1008"
            " WHERE capital_release_request_id IN %s",
            tuple((clara | david).capital_release_request.ids),
        )
        self.set_next_numbers(self.company, NextNumbers(1009, 506))
        findings = self.assertFinds(
            DOUBLE_OPERATION_NUMBER, DOUBLE_OPERATION_NUMBER, OPERATION_GAP
        )
        finding = findings.filtered(lambda f: f.number == 1005)
        wizard = self.open_fix(finding)
        self.assertEqual(wizard.unused_numbers, "1006–1007")
        self.assertEqual(wizard.number, 1009)
        self.assertNotFixed(
            "Number 1011 cannot be given: choose 1009",
            finding,
            words="Conversion",
            number=1011,
            reason="The transfer was first",
        )
        self.assertNotFixed(
            "Number 1003 cannot be given",
            finding,
            words="Conversion",
            number=1003,
            reason="The transfer was first",
        )
        self.fix(
            finding, words="Conversion", number=1006, reason="The transfer was first"
        )
        self.assertFinds(DOUBLE_OPERATION_NUMBER, OPERATION_GAP)
        self.assertEqual(self.next_numbers().operation, 1009)

    def test_wrong_choice(self):
        """The conversion cannot come before the transfer: it would take too many shares."""
        self.renumber(1006, 1005, following=1006)
        self.assertNotFixed(
            "Choose another possibility, since this would be wrong then: .*Alice Adam",
            self.assertFinds(DOUBLE_OPERATION_NUMBER),
            words="Transfer",
            reason="The conversion was first",
        )

    def test_double_cooperator_number(self):
        self.renumber_bruno(502, following=503)
        finding = self.assertFinds(DOUBLE_COOPERATOR_NUMBER)
        fix = self.assertFixed(
            finding,
            "cooperative_membership",
            "sequences",
            words="Bruno Bell",
            reason="Alice had it first",
        )
        self.assertEqual(fix.choice, "Bruno Bell gets cooperator number 503.")
        self.assertEqual(self.holding_of(self.bruno.partner_id).number, 503)
        self.assertEqual(self.next_numbers().cooperator, 504)

    def test_member_without_number(self):
        self.renumber_bruno(None, following=503)
        fix = self.assertFixed(
            self.assertFinds(MEMBER_WITHOUT_NUMBER),
            "cooperative_membership",
            "sequences",
        )
        self.assertIn('"number": null', fix.before)
        self.assertEqual(self.holding_of(self.bruno.partner_id).number, 503)

    def test_member_gets_an_unused_number(self):
        self.join(CLARA, 1, self.share_y)
        self.renumber_bruno(None, following=505)
        self.set_next_numbers(self.company, NextNumbers(1008, 505))
        findings = self.assertFinds(MEMBER_WITHOUT_NUMBER, COOPERATOR_GAP)
        self.assertFixed(findings[0], "cooperative_membership", number=503)
