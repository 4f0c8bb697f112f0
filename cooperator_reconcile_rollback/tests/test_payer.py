"""Whose a payment is after a rollback, and how much of it, however it was booked."""

from odoo.tests import tagged

from .builders import ALICE, BRUNO
from .payments_case import PaymentsCase
from .undone import undone


class WaysToBook(PaymentsCase):
    """The ways in which a payment of one person gets into the books."""

    def way_payment(self, subscription, amount, by):
        payment = self.book_payment(by.partner_id, amount, date=self.day)
        self.match(payment, subscription)
        return payment

    def way_confirmed(self, subscription, amount, by):
        """A payment that the bank has confirmed."""
        payment = self.way_payment(subscription, amount, by)
        self.confirm_by_bank(payment)
        return payment

    def way_locked(self, subscription, amount, by):
        """A payment whose period is closed."""
        payment = self.way_payment(subscription, amount, by)
        self.lock()
        return payment

    def way_entry(self, subscription, amount, by):
        """A journal entry that the accountant wrote."""
        entry = self.payment_entry(by.partner_id, amount, date=self.day)
        self.match(entry, subscription)
        return entry

    def way_line(self, subscription, amount, by):
        """A bank statement line that is matched with the request itself."""
        return self.pay_from_line(subscription, by=by, amount=amount)

    # the payment itself is put right: no entry is needed
    CHANGED = ("payment", "entry", "line")

    def book(self, way, subscription, amount, by):
        return getattr(self, f"way_{way}")(subscription, amount, by)

    def in_each_way(self, *ways):
        """Each of some ways to book, as a subtest that is taken back."""
        for way in ways:
            with self.subTest(way=way), undone(self.env):
                self.is_tried_out = way == ways[0]
                # numbers that are drawn from now on are taken back with this
                self.set_next_numbers(self.company, self.next_numbers())
                yield way


@tagged("post_install", "-at_install", "slow")
class TestAmounts(WaysToBook):
    """The payment, the wrong request and the right one differ in amount."""

    def check(self, ways, payer, amount, right, ledgers):
        """Alice's request of 75 was paid with a payment of Bruno's.

        :param payer: whom it was booked on
        """
        for way in self.in_each_way(*ways):
            payment = self.book(way, self.alice, amount, payer)
            rollback = self.correct(payment, right, ledgers)
            is_changed = way in self.CHANGED or payer == self.bruno
            if is_changed:
                self.assertNotBookedOver(rollback)
            else:
                self.assertBookedOver(rollback, {payer: amount}, {self.bruno: amount})
            self.assertGoesBack(rollback)

    def test_same_amount(self):
        self.check(
            ("entry", "confirmed"),
            self.alice,
            75,
            self.bruno,
            {self.alice: 75, self.clara: 75, self.bruno: 75, self.david: 75},
        )

    def test_overpaid(self):
        """The 25 that Alice's request left open are Bruno's credit now."""
        self.check(
            ("line", "confirmed"),
            self.alice,
            100,
            self.bruno,
            {self.alice: 75, self.clara: 75, self.bruno: 50, self.david: 75},
        )

    def test_overpaid_and_needed(self):
        """Bruno's request takes what was matched and what was left."""
        large = self.subscribe_long_ago(BRUNO, 4, self.bruno.partner_id)
        self.check(
            ("payment", "confirmed", "locked"),
            self.alice,
            100,
            large,
            {self.alice: 75, self.clara: 75, self.bruno: 150, self.david: 75},
        )

    def test_right_request_is_smaller(self):
        small = self.subscribe_long_ago(BRUNO, 1, self.bruno.partner_id)
        self.check(
            ("line", "locked"),
            self.alice,
            75,
            small,
            {self.alice: 75, self.clara: 75, self.bruno: 100, self.david: 75},
        )

    def test_right_request_is_larger(self):
        """It stays open in part; no operation follows."""
        large = self.subscribe_long_ago(BRUNO, 6, self.bruno.partner_id)
        self.check(
            ("payment", "confirmed"),
            self.alice,
            75,
            large,
            {self.alice: 75, self.clara: 75, self.bruno: 225, self.david: 75},
        )

    def test_booked_on_the_right_person(self):
        """Nothing is booked anew, not even in a locked period without a journal."""
        self.without_journal()
        self.check(
            ("locked", "line"),
            self.bruno,
            100,
            self.bruno,
            {self.alice: 75, self.clara: 75, self.bruno: 50, self.david: 75},
        )


@tagged("post_install", "-at_install", "slow")
class TestOneTransferForTwoPeople(WaysToBook):
    """A couple's transfer of 150 was taken for Alice's two requests, or her large one."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.large = cls.subscribe_long_ago(ALICE, 6, cls.alice.partner_id)

    def draft(self, payment):
        """Bruno's and David's requests are right, both for the one match."""
        self.before, self.drafts = self.books(), self.find_drafts()
        self.trial_balance = self.balances()
        rollback = self.draft_rollback(payment, self.bruno)
        request = self.david.capital_release_request
        rollback.line_ids.right_ids = [(0, 0, {"move_id": request.id})]
        return rollback

    def test_booked_on_a_third_person(self):
        for way in self.in_each_way("payment", "line"):
            payment = self.book(way, self.large, 150, self.alice)
            rollback = self.finish(
                self.draft(payment), {self.alice: 225, self.clara: 75, self.bruno: 75}
            )
            self.assertPaid(self.bruno)
            self.assertPaid(self.david)
            self.assertBookedOver(
                rollback, {self.alice: 150}, {self.bruno: 75, self.david: 75}
            )
            self.assertGoesBack(rollback)

    def test_booked_on_one_of_them(self):
        """Only David's part is booked over; what is left is Bruno's."""
        for way in self.in_each_way("confirmed", "entry"):
            payment = self.book(way, self.large, 160, self.bruno)
            rollback = self.finish(
                self.draft(payment), {self.alice: 225, self.clara: 75, self.bruno: 65}
            )
            self.assertPaid(self.david)
            self.assertBookedOver(rollback, {self.bruno: 75}, {self.david: 75})
            self.assertGoesBack(rollback)

    def test_without_a_journal(self):
        self.without_journal()
        for way in self.in_each_way("payment", "line"):
            rollback = self.draft(self.book(way, self.large, 150, self.bruno))
            self.assertRefused(
                f"{self.bruno.partner_id.name} to {self.david.partner_id.name}.*"
                "reclassification journal",
                rollback.action_plan,
            )


@tagged("post_install", "-at_install", "slow")
class TestTwoPaymentsForOneRequest(WaysToBook):
    """Two payments of 40 paid Alice's request of 75."""

    def test_right_request_of_the_same_amount(self):
        for way in self.in_each_way("payment", "confirmed"):
            first = self.book(way, self.alice, 40, self.alice)
            second = self.book(way, self.alice, 40, self.alice)
            rollback = self.correct(
                self.alice.capital_release_request,
                self.bruno,
                {self.alice: 75, self.clara: 75, self.bruno: 70, self.david: 75},
            )
            self.assertEqual(
                rollback.line_ids.payment_move_id, self.moves(first, second)
            )
            self.assertPaid(self.bruno)
            entries = rollback.line_ids.reclassification_move_id
            if way in self.CHANGED:
                self.assertFalse(entries)
            else:
                self.assertEqual(entries.mapped("amount_total"), [40, 40])
            self.revert(rollback)
            self.assertPaid(self.alice)

    def moves(self, *payments):
        entries = self.env["account.move"]
        for payment in payments:
            entries |= payment if payment._name == entries._name else payment.move_id
        return entries

    def test_payments_meet_in_the_second_request(self):
        """One pays Bruno's first request and a part of the second, the other the rest."""
        wrong = self.subscribe_long_ago(ALICE, 6, self.alice.partner_id)
        first = self.book("payment", wrong, 100, self.bruno)
        second = self.book("payment", wrong, 50, self.bruno)
        self.before, self.drafts = self.books(), self.find_drafts()
        self.trial_balance = self.balances()
        rollback = self.draft_rollback(wrong.capital_release_request, self.second)
        line = rollback.line_ids.filtered(lambda one: one.amount == 100)
        self.assertEqual(line.payment_move_id, first.move_id)
        line.right_move_id = self.bruno.capital_release_request
        request = self.second.capital_release_request
        line.right_ids = [(0, 0, {"move_id": request.id})]
        rollback = self.finish(
            rollback, {self.alice: 225, self.clara: 75, self.david: 75}
        )
        self.assertPaid(self.bruno)
        self.assertPaid(self.second)
        matches = self.matches_of(request)
        self.assertEqual(
            {match.credit_move_id.move_id: match.amount for match in matches},
            {first.move_id: 25, second.move_id: 50},
        )
        self.assertGoesBack(rollback)


@tagged("post_install", "-at_install", "slow")
class TestChangedEverywhere(WaysToBook):
    """What says whose the payment is, says Bruno."""

    def test_register_payment(self):
        """The entry's header follows, and the labels that Odoo has written."""
        payment = self.register_payment(self.alice, date=self.day)
        memo = payment.ref
        labels = payment.move_id.line_ids.mapped("name")
        rollback = self.correct(
            payment,
            self.bruno,
            {self.alice: 75, self.clara: 75, self.bruno: 75, self.david: 75},
        )
        self.assertBookedOn(payment, self.bruno)
        self.assertEqual(payment.ref, memo)
        for before, after in zip(labels, payment.move_id.line_ids.mapped("name")):
            self.assertEqual(
                after,
                before.replace(self.alice.partner_id.name, self.bruno.partner_id.name),
            )
        self.assertGoesBack(rollback)
        self.assertBookedOn(payment, self.alice)

    def test_label_in_another_language(self):
        """It was registered by somebody who works in French."""
        self.env["res.lang"]._activate_lang("fr_FR")
        payment = self.book_payment(self.alice.partner_id, 75, date=self.day)
        french = payment.with_context(lang="fr_FR")
        names = [one["name"] for one in french._prepare_move_line_default_vals()]
        payment.move_id.line_ids[0].name = names[0]
        payment.move_id.line_ids[1].name = "Parts sociales"
        self.match(payment, self.alice)
        self.roll_back(payment, self.bruno)
        names = [one["name"] for one in french._prepare_move_line_default_vals()]
        self.assertEqual(
            payment.move_id.line_ids.mapped("name"), [names[0], "Parts sociales"]
        )

    def test_write_off(self):
        """A payment with a write-off is Bruno's with all its items."""
        account = self.env["account.account"].search(
            [("company_id", "=", self.company.id), ("code", "=like", "6%")], limit=1
        )
        request = self.alice.capital_release_request
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=request.ids
        )
        wizard = wizard.create(
            {
                "payment_date": self.day,
                "amount": 73,
                "payment_difference_handling": "reconcile",
                "writeoff_account_id": account.id,
            }
        )
        wizard.action_create_payments()
        payment = self.matches_of(request).credit_move_id.move_id.payment_id
        self.assertEqual(len(payment.move_id.line_ids), 3)
        rollback = self.correct(
            payment,
            self.bruno,
            {self.alice: 75, self.clara: 75, self.bruno: 75, self.david: 75},
        )
        self.assertBookedOn(payment, self.bruno)
        self.assertNotBookedOver(rollback)
        self.assertGoesBack(rollback)

    def test_entry_of_two_payers(self):
        """An entry with money of Alice and of Clara: only Alice's item is Bruno's."""
        journal = self.journal_of(self.company)
        account = self.company.property_cooperator_account
        entry = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": self.day,
                "line_ids": [
                    (0, 0, {"account_id": journal.default_account_id.id, "debit": 150}),
                    (
                        0,
                        0,
                        {
                            "account_id": account.id,
                            "credit": 75,
                            "partner_id": self.alice.partner_id.id,
                        },
                    ),
                    (
                        0,
                        0,
                        {
                            "account_id": account.id,
                            "credit": 75,
                            "partner_id": self.clara.partner_id.id,
                        },
                    ),
                ],
            }
        )
        entry.action_post()
        for person in (self.alice, self.clara):
            item = self.item_of(entry).filtered(
                lambda i, p=person: i.partner_id == p.partner_id
            )
            self.bookkeeper().match(item.id, person.capital_release_request.id)
        rollback = self.correct(
            self.alice.capital_release_request,
            self.bruno,
            {self.alice: 75, self.bruno: 75, self.david: 75},
        )
        self.assertPaid(self.clara)
        self.assertBookedOver(rollback, {self.alice: 75}, {self.bruno: 75})
        self.assertGoesBack(rollback)


@tagged("post_install", "-at_install", "slow")
class TestBookedOverBefore(WaysToBook):
    """A rollback booked Alice's payment over to Bruno, wrongly: it was David's."""

    def check(self, way, start):
        payment = self.book(way, self.alice, 75, self.alice)
        rollback = self.roll_back(payment, self.bruno)
        entry = rollback.line_ids.reclassification_move_id
        self.assertTrue(entry)
        again = self.correct(
            start(payment),
            self.david,
            {self.alice: 75, self.clara: 75, self.bruno: 150},
        )
        self.assertEqual(again.line_ids.payment_move_id, entry)
        self.assertEqual(again.line_ids.payment_partner_id, self.bruno.partner_id)
        self.assertPaid(self.david)
        self.assertBookedOver(again, {self.bruno: 75}, {self.david: 75})
        self.assertGoesBack(again)

    def test_from_the_payment(self):
        self.check("locked", lambda payment: payment)

    def test_from_the_entry(self):
        self.check("locked", lambda payment: payment.move_id)

    def test_from_the_bank_line(self):
        self.check(
            "confirmed",
            lambda payment: self.env["account.bank.statement.line"].search(
                [("amount", "=", 75), ("date", "=", self.day)]
            ),
        )

    def test_from_a_line_that_was_booked_over(self):
        line = self.pay_from_line(self.alice, by=self.alice)
        self.lock()
        self.roll_back(line, self.bruno)
        rollback = self.draft_rollback(line, self.david)
        self.assertEqual(
            rollback.line_ids.wrong_move_id, self.bruno.capital_release_request
        )

    def test_journal_removed_after_the_start(self):
        """The step says so and nothing is done; with a journal it goes on."""
        payment = self.book("locked", self.alice, 75, self.alice)
        rollback = self.start_rollback(payment, self.bruno)
        journal = self.company.reclassification_journal_id
        self.without_journal()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "failed")
        failed = rollback.step_ids.filtered("error")
        self.assertIn("reclassification journal", failed.error)
        self.company.reclassification_journal_id = journal
        rollback.action_retry()
        self.run_jobs(rollback)
        self.assertDone(rollback)
