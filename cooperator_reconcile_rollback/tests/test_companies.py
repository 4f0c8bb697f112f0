"""Two cooperatives in one database (scenario 11)."""

from odoo.tests import tagged

from .builders import ALICE, BRUNO, CLARA, FLORA
from .common import RollbackCase
from .snapshots import NextNumbers


@tagged("post_install", "-at_install")
class TestSecondCompany(RollbackCase):
    """A rollback in one company, seen from the other, changes nothing of the other."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.second = cls.make_company("Second cooperative")
        both = cls.company | cls.second
        # one has the first company before her on the screen, the other the second
        cls.of_first = cls.make_user(
            "of_first", "cooperator.cooperator_group_manager", companies=both
        )
        cls.of_second = cls.make_user(
            "of_second", "cooperator.cooperator_group_manager", companies=both
        )
        cls.of_second.company_id = cls.second
        cls.set_next_numbers(cls.second, NextNumbers(operation=51, cooperator=31))
        cls.clara = cls.join(CLARA, 2, cls.share_x, company=cls.second)

    def wrong_match(self, company):
        """Alice's request in the company, paid with what Bruno paid for his."""
        alice = self.subscribe(ALICE, 3, self.share_y, company=company)
        bruno = self.subscribe(BRUNO, 3, self.share_y, company=company)
        payment = self.pay(alice, by=bruno.partner_id)
        return alice, bruno, payment

    def assertCorrected(self, alice, bruno, company, numbers):
        self.assertCandidate(alice.partner_id, company=company)
        self.assertMember(
            bruno.partner_id, numbers.cooperator, [(self.share_y, 3)], company=company
        )
        self.assertOperation(
            numbers.operation, bruno.partner_id, [(self.share_y, 3)], company=company
        )
        self.assertPaid(bruno)
        self.assertOpen(alice)
        self.assertEqual(
            self.next_numbers(company), (numbers.operation + 1, numbers.cooperator + 1)
        )
        self.assertLedger(alice.partner_id, 75, 75, company=company)
        self.assertLedger(bruno.partner_id, 0, 0, company=company)

    def test_in_the_second_company(self):
        """By a user whose current company is the second one."""
        alice, bruno, _payment = self.wrong_match(self.second)
        rollback = self.roll_back(
            alice.capital_release_request, bruno, user=self.of_second
        )
        self.assertEqual(rollback.company_id, self.second)
        self.assertCorrected(alice, bruno, self.second, NextNumbers(52, 32))

    def test_in_the_second_company_seen_from_the_first(self):
        """By a user whose current company is the first one: nothing of it changes."""
        alice, bruno, _payment = self.wrong_match(self.second)
        self.assertEqual(self.of_first.company_id, self.company)
        register = self.register_of(self.company)
        aged = self.age_everything_of(self.flora.partner_id)
        rollback = self.roll_back(
            alice.capital_release_request, bruno, user=self.of_first
        )
        self.assertEqual(rollback.company_id, self.second)
        self.assertCorrected(alice, bruno, self.second, NextNumbers(52, 32))
        self.assertUntouched(aged)
        self.assertEqual(self.register_of(self.company), register)
        self.assertEqual(self.next_numbers(self.company), (1002, 502))

    def test_in_the_first_company_seen_from_the_second(self):
        """The reverse: a rollback in the first company leaves the second alone."""
        alice, bruno, _payment = self.wrong_match(self.company)
        register = self.register_of(self.second)
        aged = self.age_everything_of(self.clara.partner_id, company=self.second)
        rollback = self.roll_back(
            alice.capital_release_request, bruno, user=self.of_second
        )
        self.assertEqual(rollback.company_id, self.company)
        self.assertCorrected(alice, bruno, self.company, NextNumbers(1002, 502))
        self.assertUntouched(aged)
        self.assertEqual(self.register_of(self.second), register)
        self.assertEqual(self.next_numbers(self.second), (52, 32))

    def test_same_people_in_both_companies(self):
        """Alice and Bruno are members of the second company, each in her own right."""
        self.join(ALICE, 5, self.share_z, company=self.second)
        self.join(BRUNO, 1, self.share_x, company=self.second)
        alice, bruno, _payment = self.wrong_match(self.company)
        in_second = [
            self.holding_of(subscription.partner_id, self.second)
            for subscription in (alice, bruno)
        ]
        # cooperator 14.0 itself writes a person's memberships of all companies anew
        # whenever one of her requests changes: those are compared as holdings
        aged = self.age_everything_of(
            alice.partner_id,
            bruno.partner_id,
            company=self.second,
            but=("cooperative.membership",),
        )
        self.roll_back(alice.capital_release_request, bruno, user=self.of_second)
        self.assertCorrected(alice, bruno, self.company, NextNumbers(1002, 502))
        self.assertUntouched(aged)
        self.assertEqual(
            [
                self.holding_of(subscription.partner_id, self.second)
                for subscription in (alice, bruno)
            ],
            in_second,
        )

    def test_payment_booked_on_the_wrong_person(self):
        """In the second company, seen from the first: its own accounts and journal."""
        alice = self.subscribe(ALICE, 3, self.share_y, company=self.second)
        bruno = self.subscribe(BRUNO, 3, self.share_y, company=self.second)
        payment = self.pay(alice, date=self.days_ago(40))
        self.second.fiscalyear_lock_date = self.days_ago(30)
        rollback = self.roll_back(payment, bruno, user=self.of_first)
        self.assertCorrected(alice, bruno, self.second, NextNumbers(52, 32))
        entry = self.matches_of(bruno.capital_release_request).credit_move_id.move_id
        self.assertEqual(entry.company_id, self.second)
        self.assertEqual(entry.journal_id, self.second.reclassification_journal_id)
        self.assertEqual(rollback.company_id, self.second)

    def test_records_of_both_companies(self):
        """Chosen together, they make one draft for each company."""
        alice, _bruno, _payment = self.wrong_match(self.company)
        flora = self.subscribe(FLORA, 3, self.share_y, company=self.second)
        self.pay(flora)
        requests = (alice | flora).capital_release_request
        rollbacks = (
            self.env["reconciliation.rollback"]
            .with_user(self.of_first)
            .create_from(requests.with_user(self.of_first))
        )
        self.assertEqual(len(rollbacks), 2)
        self.assertEqual(rollbacks.company_id, self.company | self.second)
        for rollback in rollbacks:
            self.assertEqual(
                rollback.line_ids.wrong_move_id.company_id, rollback.company_id
            )
            self.assertEqual(len(rollback.line_ids), 1)

    def test_both_run_together(self):
        """Two rollbacks of two companies are in nobody's way."""
        alice, bruno, _payment = self.wrong_match(self.company)
        clara = self.subscribe(
            CLARA, 3, self.share_y, partner=self.clara.partner_id, company=self.second
        )
        self.pay(clara)
        first = self.start_rollback(
            alice.capital_release_request, bruno, user=self.of_first
        )
        second = self.start_rollback(clara.capital_release_request, user=self.of_first)
        self.run_jobs(first, until="remove_match")
        self.run_jobs(second)
        self.run_jobs(first)
        self.assertDone(first)
        self.assertDone(second)
        self.assertCorrected(alice, bruno, self.company, NextNumbers(1002, 502))
        self.assertEqual(self.next_numbers(self.second), (52, 32))
        self.assertMember(
            self.clara.partner_id, 31, [(self.share_x, 2)], company=self.second
        )
