"""Payments that are booked on the wrong person."""

from odoo.tests import tagged

from .builders import ALICE, BRUNO
from .common import RollbackCase


class WrongPayerCase(RollbackCase):
    """Bruno's money was booked on Alice and matched with her request."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.payment_day = cls.days_ago(40)
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y, date=cls.days_ago(60))
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y, date=cls.days_ago(60))

    def assertCorrected(self):
        """Members, numbers, dates and both ledgers are as if booked on Bruno at once."""
        self.assertCandidate(self.alice.partner_id)
        self.assertOpen(self.alice)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])
        self.assertPaid(self.bruno)
        (line,) = self.assertOperation(1002, self.bruno.partner_id, [(self.share_y, 3)])
        self.assertEqual(line.date, self.payment_day)
        holding = self.holding_of(self.bruno.partner_id)
        self.assertEqual(holding.effective_date, self.payment_day)
        self.assertEqual(holding.shares[0].date, self.payment_day)
        self.assertEqual(self.next_numbers(), (1003, 503))
        self.assertLedger(self.alice.partner_id, 75, 75)
        self.assertLedger(self.bruno.partner_id, 0, 0)

    def reclassifications(self):
        """The entries in the journal for reclassifications, founder's day to now."""
        return self.env["account.move"].search(
            [("journal_id", "=", self.company.reclassification_journal_id.id)]
        )

    def assertReclassified(self, amount):
        """One posted entry moves that amount from Alice to Bruno, both items matched."""
        entry = self.reclassifications()
        self.assertEqual(len(entry), 1)
        self.assertEqual(entry.state, "posted")
        account = self.company.property_cooperator_account
        self.assertEqual(
            sorted(
                (item.debit, item.credit, item.account_id, item.partner_id)
                for item in entry.line_ids
            ),
            [
                (0, amount, account, self.bruno.partner_id),
                (amount, 0, account, self.alice.partner_id),
            ],
        )
        self.assertEqual(entry.line_ids.mapped("amount_residual"), [0, 0])
        return entry


@tagged("post_install", "-at_install")
class TestStatementLineOnWrongPerson(WrongPayerCase):
    """The statement line says Alice; Bruno paid."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.line = cls.pay_from_statement(cls.alice, date=cls.payment_day)

    def test_start_is_wrong(self):
        self.assertTrue(self.line.is_reconciled)
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])
        self.assertLedger(self.alice.partner_id, 0, 0)

    def test_from_the_statement_line(self):
        self.roll_back(self.line, self.bruno)
        self.assertCorrected()

    def test_from_the_request(self):
        self.roll_back(self.alice.capital_release_request, self.bruno)
        self.assertCorrected()

    def test_line_is_booked_on_the_right_person(self):
        """The line stays on its statement, matched, with Bruno in all its items."""
        bank_item = self.line.move_id.line_ids - self.item_of(self.line.move_id)
        bank_account = bank_item.account_id
        name = self.line.move_id.name
        self.roll_back(self.line, self.bruno)
        self.assertTrue(self.line.is_reconciled)
        self.assertEqual(self.line.partner_id, self.bruno.partner_id)
        self.assertEqual(self.line.amount, 75)
        self.assertEqual(self.line.move_id.name, name)
        self.assertEqual(self.line.move_id.state, "posted")
        self.assertEqual(self.line.move_id.line_ids.partner_id, self.bruno.partner_id)
        self.assertEqual(
            sum(
                self.line.move_id.line_ids.filtered(
                    lambda item: item.account_id == bank_account
                ).mapped("balance")
            ),
            75,
        )
        match = self.matches_of(self.bruno.capital_release_request)
        self.assertEqual(match.credit_move_id.move_id, self.line.move_id)
        self.assertFalse(self.reclassifications())

    def test_not_for_shares(self):
        """Without a right request Alice owes her shares and nothing is hers."""
        self.roll_back(self.line)
        self.assertCandidate(self.alice.partner_id)
        self.assertOpen(self.alice)
        self.assertFalse(self.matches_of(self.alice.capital_release_request))
        self.assertEqual(self.next_numbers(), (1002, 502))

    def test_right_person_on_the_line(self):
        """Booked on Bruno, matched with Alice's request: the line's person stays."""
        clara = self.subscribe(BRUNO, 1, self.share_x, partner=self.bruno.partner_id)
        line = self.pay_from_statement(
            clara, by=self.alice.partner_id, date=self.payment_day
        )
        other = self.subscribe(ALICE, 1, self.share_x, partner=self.alice.partner_id)
        self.roll_back(line, other)
        self.assertEqual(line.partner_id, self.alice.partner_id)
        self.assertTrue(line.is_reconciled)
        self.assertPaid(other)
        self.assertOpen(clara)
        self.assertLedger(self.bruno.partner_id, 125, 125)
        self.assertLedger(self.alice.partner_id, 0, 0)


@tagged("post_install", "-at_install")
class TestPaymentOnWrongPerson(WrongPayerCase):
    """The payment was entered on Alice; Bruno paid."""

    def test_partner_is_changed(self):
        """Where that breaks nothing, the payment itself is put right."""
        payment = self.pay(self.alice, date=self.payment_day)
        name, account = payment.name, payment.destination_account_id
        self.roll_back(payment, self.bruno)
        self.assertCorrected()
        self.assertEqual(payment.partner_id, self.bruno.partner_id)
        self.assertEqual(payment.name, name)
        self.assertEqual(payment.state, "posted")
        self.assertEqual(payment.amount, 75)
        self.assertEqual(payment.date, self.payment_day)
        self.assertEqual(payment.destination_account_id, account)
        self.assertEqual(payment.move_id.line_ids.partner_id, self.bruno.partner_id)
        self.assertEqual(sorted(payment.move_id.line_ids.mapped("balance")), [-75, 75])
        self.assertFalse(self.reclassifications())

    def test_register_payment(self):
        """The same for a payment from Odoo's own "Register Payment"."""
        payment = self.register_payment(self.alice, date=self.payment_day)
        self.roll_back(self.alice.capital_release_request, self.bruno)
        self.assertCorrected()
        self.assertEqual(payment.partner_id, self.bruno.partner_id)
        self.assertFalse(self.reclassifications())

    def test_journal_entry(self):
        """The same for a payment that was written as a journal entry."""
        entry = self.payment_entry(self.alice.partner_id, 75, date=self.payment_day)
        self.match(entry, self.alice)
        name = entry.name
        self.roll_back(entry, self.bruno)
        self.assertCorrected()
        self.assertEqual(entry.name, name)
        self.assertEqual(entry.state, "posted")
        self.assertEqual(self.item_of(entry).partner_id, self.bruno.partner_id)
        self.assertFalse(self.reclassifications())

    def test_booked_on_a_third_person(self):
        """Booked on neither of them: afterwards nobody has a credit that is not his."""
        mother = self.env["res.partner"].create({"name": "Martha Mother"})
        payment = self.pay(self.alice, by=mother, date=self.payment_day)
        self.roll_back(payment, self.bruno)
        self.assertCorrected()
        self.assertLedger(mother, 0, 0)


@tagged("post_install", "-at_install", "slow")
class TestReclassification(WrongPayerCase):
    """Where the payment can't be written on, an entry moves the money to Bruno."""

    def test_locked_period(self):
        """The payment's period is closed: it stays, the entry is in an open period."""
        payment = self.pay(self.alice, date=self.payment_day)
        before = self.payment_columns_of(payment)
        self.company.fiscalyear_lock_date = self.days_ago(30)
        self.roll_back(payment, self.bruno)
        self.assertCorrected()
        self.assertEqual(self.payment_columns_of(payment), before)
        entry = self.assertReclassified(75)
        self.assertGreater(entry.date, self.days_ago(30))

    def test_locked_period_for_accountants(self):
        """The lock date for users who are no advisers counts as well."""
        payment = self.pay(self.alice, date=self.payment_day)
        self.company.period_lock_date = self.days_ago(30)
        before = self.payment_columns_of(payment)
        self.roll_back(payment, self.bruno)
        self.assertCorrected()
        self.assertEqual(self.payment_columns_of(payment), before)
        self.assertReclassified(75)

    def test_hashed_journal(self):
        """The journal's entries are sealed: nothing of the payment is written on."""
        journal = self.journal_of(self.company)
        journal.restrict_mode_hash_table = True
        payment = self.pay(self.alice, date=self.payment_day, journal=journal)
        self.assertTrue(payment.move_id.inalterable_hash)
        before = self.payment_columns_of(payment)
        sealed = payment.move_id.inalterable_hash
        self.roll_back(payment, self.bruno)
        self.assertCorrected()
        self.assertEqual(self.payment_columns_of(payment), before)
        self.assertEqual(payment.move_id.inalterable_hash, sealed)
        self.assertReclassified(75)

    def test_matched_with_the_bank(self):
        """The payment's match with the bank statement survives."""
        payment = self.pay(self.alice, date=self.payment_day)
        bank_line = self.confirm_by_bank(payment)
        outstanding = payment.move_id.line_ids - self.item_of(payment.move_id)
        bank_match = outstanding.matched_debit_ids | outstanding.matched_credit_ids
        self.assertEqual(len(bank_match), 1)
        before = self.match_columns_of(bank_match)
        self.roll_back(payment, self.bruno)
        self.assertCorrected()
        self.assertEqual(self.match_columns_of(bank_match), before)
        self.assertTrue(payment.is_matched)
        self.assertTrue(bank_line.is_reconciled)
        self.assertEqual(payment.partner_id, self.alice.partner_id)
        self.assertReclassified(75)

    def test_also_pays_another_request(self):
        """Only the wrong half is moved; the payment's other match survives."""
        first = self.subscribe(ALICE, 5, self.share_z, partner=self.alice.partner_id)
        payment = self.book_payment(self.alice.partner_id, 150, date=self.payment_day)
        self.match(payment, first, self.alice)
        kept = self.matches_of(first.capital_release_request)
        before = self.match_columns_of(kept)
        columns = self.payment_columns_of(payment)
        self.roll_back(self.alice.capital_release_request, self.bruno)
        self.assertEqual(self.match_columns_of(kept), before)
        self.assertEqual(self.payment_columns_of(payment), columns)
        self.assertReclassified(75)
        self.assertPaid(first)
        self.assertPaid(self.bruno)
        self.assertMember(self.alice.partner_id, 502, [(self.share_z, 5)])
        self.assertMember(self.bruno.partner_id, 503, [(self.share_y, 3)])
        (line,) = self.assertOperation(1003, self.bruno.partner_id, [(self.share_y, 3)])
        self.assertEqual(line.date, self.payment_day)
        self.assertLedger(self.alice.partner_id, 75, 75)
        self.assertLedger(self.bruno.partner_id, 0, 0)

    def test_journal_entry_in_a_locked_period(self):
        """The same for a payment that was written as a journal entry."""
        entry = self.payment_entry(self.alice.partner_id, 75, date=self.payment_day)
        self.match(entry, self.alice)
        self.company.fiscalyear_lock_date = self.days_ago(30)
        self.roll_back(entry, self.bruno)
        self.assertCorrected()
        self.assertEqual(self.item_of(entry).partner_id, self.alice.partner_id)
        self.assertReclassified(75)

    def test_statement_line_in_a_locked_period(self):
        """The same for a bank statement line."""
        line = self.pay_from_statement(self.alice, date=self.payment_day)
        self.company.fiscalyear_lock_date = self.days_ago(30)
        self.roll_back(line, self.bruno)
        self.assertCorrected()
        self.assertEqual(line.partner_id, self.alice.partner_id)
        self.assertTrue(line.is_reconciled)
        self.assertReclassified(75)

    def test_entry_tells_why(self):
        """Whoever finds the entry sees the payment that it moves and the rollback."""
        payment = self.pay(self.alice, date=self.payment_day)
        self.company.fiscalyear_lock_date = self.days_ago(30)
        rollback = self.roll_back(payment, self.bruno)
        entry = self.assertReclassified(75)
        words = f"{entry.ref} {' '.join(entry.line_ids.mapped('name'))}"
        self.assertIn(payment.name, words)
        self.assertIn(rollback.name, words)

    def test_no_reclassification_where_the_person_is_right(self):
        """A locked payment that is booked on Bruno needs no entry at all."""
        payment = self.pay(self.alice, by=self.bruno.partner_id, date=self.payment_day)
        self.company.fiscalyear_lock_date = self.days_ago(30)
        self.roll_back(payment, self.bruno)
        self.assertCorrected()
        self.assertFalse(self.reclassifications())
