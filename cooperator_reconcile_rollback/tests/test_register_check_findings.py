"""What becomes of findings: they are mended, told, known again, or accepted."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..ledger.finding import (
    DONE_WITHOUT_OPERATION,
    OPERATION_SEQUENCE_OFF,
    OTHER_PAYER,
)
from .builders import CLARA, DAVID, EMMA
from .register_check_case import RegisterCheckCase
from .series import invalidate
from .snapshots import NextNumbers


@tagged("post_install", "-at_install")
class TestMending(RegisterCheckCase):
    """From a finding to the rollback that mends it."""

    def setUp(self):
        super().setUp()
        self.clara = self.subscribe(CLARA, 2, self.share_y)
        self.david = self.subscribe(DAVID, 2, self.share_y)
        self.payment = self.book_payment(self.david.partner_id, 50)
        self.payment.move_id.ref = self.david.capital_release_request.name
        self.match(self.payment, self.clara)
        self.finding = self.find()
        self.assertEqual(self.finding.kind, OTHER_PAYER)

    def mend(self):
        action = self.finding.with_user(self.user).action_mend()
        self.assertEqual(action["res_model"], "reconciliation.rollback")
        return self.env["reconciliation.rollback"].browse(action["res_id"])

    def test_draft(self):
        """The draft proposes the request that the payment names."""
        rollback = self.mend()
        self.assertEqual(rollback.state, "draft")
        line = rollback.line_ids
        self.assertEqual(line.wrong_move_id, self.clara.capital_release_request)
        self.assertEqual(line.payment_move_id, self.payment.move_id)
        self.assertEqual(line.right_move_id, self.david.capital_release_request)

    def test_draft_is_made_once(self):
        self.assertEqual(self.mend(), self.mend())

    def test_named_request_is_paid_already(self):
        self.pay(self.david)
        self.assertFalse(self.mend().line_ids.right_move_id)

    def test_rolled_back(self):
        """The finding is gone when it is mended."""
        rollback = self.mend().with_user(self.manager)
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertFinds()

    def test_paid_in_part(self):
        """The match alone is wrong: no operation came of it."""
        emma = self.subscribe(EMMA, 4, self.share_y)
        self.pay(emma, amount=50, by=self.bruno.partner_id)
        request = emma.capital_release_request
        self.finding = self.find().filtered(lambda one: one.request_id == request)
        self.assertRefused(
            f"{request.name} of Emma.*remove that match in the request",
            self.finding.with_user(self.user).action_mend,
        )

    def test_right_payment_stays(self):
        """Of two payments of one request, one of which is of somebody else."""
        emma = self.subscribe(EMMA, 4, self.share_y)
        self.pay(emma, amount=50)
        wrong = self.pay(emma, by=self.bruno.partner_id)
        self.finding = self.find().filtered(
            lambda finding: finding.request_id == emma.capital_release_request
        )
        self.assertEqual(self.mend().line_ids.payment_move_id, wrong.move_id)


@tagged("post_install", "-at_install")
class TestKnownFindings(RegisterCheckCase):
    """Findings stay as long as they stand, and are told once."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        # whoever else is a manager of this company is not the subject here
        group = cls.env.ref("cooperator.cooperator_group_manager")
        (group.users - cls.manager).write({"groups_id": [(3, group.id)]})

    def setUp(self):
        super().setUp()
        self.clara = self.subscribe(CLARA, 2, self.share_y)
        self.pay(self.clara, by=self.bruno.partner_id)

    def news(self):
        """What the scheduled action tells the manager, as HTML texts."""
        model = self.env["mail.message"]
        known = model.search([])
        invalidate(self.env)
        self.env["cooperator.register.check"]._cron_check()
        told = model.search([]) - known
        for message in told:
            self.assertEqual(message.partner_ids, self.manager.partner_id)
        return told.mapped("body")

    def test_known_again(self):
        finding = self.find()
        self.set_next_numbers(self.company, NextNumbers(1020, 505))
        findings = self.find()
        self.assertEqual(len(findings), 2)
        self.assertLess(finding, findings)
        self.set_next_numbers(self.company, NextNumbers(1008, 505))
        self.assertEqual(self.find(), finding)

    def test_words_change_with_what_is_wrong(self):
        """A finding that stands is known again, with what is wrong today."""
        self.set_next_numbers(self.company, NextNumbers(1020, 505))
        finding = self.find().filtered(lambda f: f.kind == OPERATION_SEQUENCE_OFF)
        self.set_next_numbers(self.company, NextNumbers(1003, 505))
        self.find()
        self.assertIn("1003", finding.description)
        self.assertEqual(finding.severity, "error")

    def test_only_news_are_told(self):
        (body,) = self.news()
        self.assertIn("of Clara Cole is paid with", body)
        self.assertEqual(self.news(), [])
        self.set_next_numbers(self.company, NextNumbers(1020, 505))
        (body,) = self.news()
        self.assertIn("1020", body)
        self.assertNotIn("Clara Cole", body)
        self.assertEqual(self.news(), [])

    def test_told_in_the_language_of_each(self):
        """A manager reads it in French, whatever the scheduler's language is."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.manager.lang = "fr_FR"
        model = type(self.env["cooperator.register.finding"])
        read_in = []
        sentences = model._get_sentences

        def watched(finding):
            read_in.append(finding.env.lang)
            return sentences(finding)

        with patch.object(model, "_get_sentences", watched):
            self.assertEqual(len(self.news()), 1)
        self.assertEqual(set(read_in), {"fr_FR"})

    def test_found_by_hand_and_told_after(self):
        """Who presses the button is not everyone who has to know."""
        self.find()
        self.assertEqual(len(self.news()), 1)

    def test_nothing_is_told_of_a_clean_register(self):
        self.roll_back(self.clara.capital_release_request)
        self.assertEqual(self.news(), [])

    def test_accepted(self):
        """What is right so is told nobody and stays so."""
        finding = self.find()
        finding.with_user(self.manager).action_accept()
        self.assertEqual(finding.accepted_by, self.manager)
        self.assertEqual(self.news(), [])
        self.assertTrue(self.find().is_accepted)
        check = self.check_of()
        self.assertFalse(check.problem_ids)
        self.assertEqual(check.warning_count, 0)
        finding.with_user(self.manager).action_reopen()
        self.assertEqual(check.problem_ids, finding)
        self.assertEqual(check.warning_count, 1)

    def test_only_managers_accept(self):
        finding = self.find()
        with self.assertRaisesRegex(AccessError, "Rollback user"):
            finding.with_user(self.user).action_accept()

    def test_locked_register(self):
        """While a rollback changes the register, nothing can be said of it."""
        rollback = self.start_rollback(self.clara.capital_release_request)
        with self.assertRaisesRegex(UserError, rollback.name):
            self.check_of().action_check()
        self.assertEqual(self.news(), [])
        self.run_jobs(rollback)
        self.assertFinds()

    def test_records_that_are_gone(self):
        """A finding about something that was deleted since can still be read."""
        request = self.sale.copy({"state": "done", "quantity": 2})
        finding = self.find().filtered(lambda f: f.kind == DONE_WITHOUT_OPERATION)
        request.unlink()
        invalidate(self.env)
        self.assertIn("Alice Adam", finding.description)
