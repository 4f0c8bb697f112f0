"""The drafts that the action makes of whatever record a person has before him."""

from odoo.tests import tagged

from .builders import ALICE, BRUNO, CLARA
from .common import RollbackCase
from .series import flush, invalidate


@tagged("post_install", "-at_install")
class TestCreateFrom(RollbackCase):
    """Requests, payments, entries, statement lines and register lines."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.request = cls.alice.capital_release_request

    def assertOffers(self, records, subscription=None, payment_move=None):
        """One draft with one line: that match of that request."""
        request = (subscription or self.alice).capital_release_request
        match = self.matches_of(request)
        self.assertEqual(len(match), 1)
        rollback = self.draft_rollback(records)
        self.assertRegex(rollback.name, r"^Draft \d+$")
        self.assertEqual(rollback.company_id, self.company)
        self.assertEqual(rollback.user_id, self.manager)
        self.assertEqual(rollback.numbering, "reuse")
        self.assertEqual(rollback.mail_scope, "affected")
        self.assertFalse(rollback.step_ids)
        line = rollback.line_ids
        self.assertEqual(line.wrong_match_id, match)
        self.assertEqual(line.wrong_move_id, request)
        self.assertEqual(line.payment_line_id, match.credit_move_id)
        if payment_move:
            self.assertEqual(line.payment_line_id.move_id, payment_move)
        self.assertEqual(line.amount, match.amount)
        self.assertEqual(line.operation_number, 1002)
        self.assertFalse(line.right_move_id)
        return rollback

    def test_request(self):
        payment = self.pay(self.alice)
        self.assertOffers(self.request, payment_move=payment.move_id)

    def test_payment(self):
        payment = self.pay(self.alice)
        self.assertOffers(payment, payment_move=payment.move_id)

    def test_entry_of_a_payment(self):
        payment = self.pay(self.alice)
        self.assertOffers(payment.move_id, payment_move=payment.move_id)

    def test_registered_payment(self):
        payment = self.register_payment(self.alice)
        self.assertOffers(payment, payment_move=payment.move_id)

    def test_manual_journal_entry(self):
        entry = self.payment_entry(self.alice.partner_id, 75)
        self.match(entry, self.alice)
        self.assertOffers(entry, payment_move=entry)

    def test_bank_statement_line(self):
        line = self.pay_from_statement(self.alice)
        self.assertOffers(line, payment_move=line.move_id)

    def test_bank_statement_line_of_a_booked_payment(self):
        """The statement line confirms a payment, and that one pays the request."""
        payment = self.pay(self.alice)
        line = self.confirm_by_bank(payment)
        self.assertOffers(line, payment_move=payment.move_id)

    def test_register_line(self):
        self.pay(self.alice)
        line = self.env["subscription.register"].search(
            [("register_number_operation", "=", 1002)]
        )
        self.assertEqual(line.capital_release_request_id, self.request)
        self.assertOffers(line)

    def test_records_know_their_request(self):
        """From now on register and share lines say which request made them."""
        self.pay(self.alice)
        shares = self.env["share.line"].search(
            [("partner_id", "=", self.alice.partner_id.id)]
        )
        self.assertEqual(shares.capital_release_request_id, self.request)

    def without_links(self):
        """As it was before this module: nobody wrote down which request it was."""
        flush(self.env)
        for table in ("subscription_register", "share_line"):
            self.env.cr.execute(f"UPDATE {table} SET capital_release_request_id = NULL")
        invalidate(self.env)

    def test_operations_of_before(self):
        """Where exactly one operation fits the request, that is the one."""
        self.subscribe(ALICE, 3, self.share_y, partner=self.alice.partner_id)
        self.pay(self.alice)
        self.join(BRUNO, 3, self.share_y)
        self.without_links()
        rollback = self.assertOffers(self.request)
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertCandidate(self.alice.partner_id)
        self.assertNoOperation(1002)

    def test_register_line_of_before(self):
        self.pay(self.alice)
        self.without_links()
        self.assertOffers(
            self.env["subscription.register"].search(
                [("register_number_operation", "=", 1002)]
            )
        )

    def test_right_share_line_of_before(self):
        """Two share lines that look alike, on two days: the wrong one goes."""
        self.pay(self.alice, date=self.days_ago(9))
        again = self.subscribe(ALICE, 3, self.share_y, partner=self.alice.partner_id)
        self.pay(again, date=self.days_ago(2))
        first, _second = self.shares_of(self.alice.partner_id)
        self.without_links()
        self.roll_back(again.capital_release_request)
        self.assertEqual(self.shares_of(self.alice.partner_id), [first])
        self.assertNoOperation(1003)

    def test_many_records(self):
        """Several requests make one draft with a line for each match."""
        bruno = self.subscribe(BRUNO, 2, self.share_x)
        self.pay(self.alice)
        self.pay(bruno)
        requests = self.request | bruno.capital_release_request
        rollback = self.draft_rollback(requests)
        self.assertEqual(rollback.line_ids.wrong_move_id, requests)
        self.assertEqual(
            sorted(rollback.line_ids.mapped("operation_number")), [1002, 1003]
        )
        self.assertEqual(sorted(rollback.line_ids.mapped("amount")), [75, 100])

    def test_each_match_once(self):
        """One payment over two requests, both chosen with it: two lines, not four."""
        second = self.subscribe(ALICE, 5, self.share_z, partner=self.alice.partner_id)
        payment = self.book_payment(self.alice.partner_id, 150)
        self.match(payment, self.alice, second)
        requests = self.request | second.capital_release_request
        rollback = self.draft_rollback(requests | payment.move_id)
        self.assertEqual(len(rollback.line_ids), 2)
        self.assertEqual(
            rollback.line_ids.wrong_match_id, self.matches_of(payment.move_id)
        )

    def test_nothing_is_touched(self):
        """A draft is a question: nothing of the books is changed by it."""
        self.pay(self.alice)
        before = self.books()
        self.draft_rollback(self.request)
        self.assertBooksEqual(before)

    def test_names_are_unique(self):
        self.pay(self.alice)
        clara = self.subscribe(CLARA, 1, self.share_y)
        self.pay(clara)
        first = self.draft_rollback(self.request)
        second = self.draft_rollback(clara.capital_release_request)
        self.assertNotEqual(first.name, second.name)


@tagged("post_install", "-at_install")
class TestServerAction(RollbackCase):
    """The action "Roll back reconciliation" in the menu of four models."""

    def run_action(self, records):
        """Choose the action on the records, as the web client does."""
        action = self.env["ir.actions.server"].search(
            [
                ("binding_model_id.model", "=", records._name),
                ("name", "=", "Roll back reconciliation"),
            ]
        )
        self.assertEqual(len(action), 1)
        return (
            action.with_user(self.manager)
            .with_context(
                active_model=records._name,
                active_ids=records.ids,
                active_id=records[:1].id,
            )
            .run()
        )

    def test_one_draft_opens_as_form(self):
        """On each of the four models, one record opens the form of one draft."""
        alice = self.subscribe(ALICE, 3, self.share_y)
        line = self.pay_from_statement(alice)
        bruno = self.subscribe(BRUNO, 3, self.share_y)
        payment = self.pay(bruno)
        clara = self.subscribe(CLARA, 3, self.share_y)
        self.pay(clara)
        david = self.join(CLARA, 1, self.share_x)
        register_line = self.env["subscription.register"].search(
            [("register_number_operation", "=", 1005)]
        )
        self.assertEqual(register_line.partner_id, david.partner_id)
        for records in (line, payment, clara.capital_release_request, register_line):
            action = self.run_action(records)
            self.assertEqual(action["res_model"], "reconciliation.rollback")
            rollback = self.env["reconciliation.rollback"].browse(action["res_id"])
            self.assertEqual(rollback.state, "draft")
            self.assertEqual(len(rollback.line_ids), 1)

    def test_drafts_of_two_companies_open_as_list(self):
        second = self.make_company("Second cooperative")
        self.manager.company_ids |= second
        requests = (
            self.join(ALICE, 3, self.share_y)
            | self.join(BRUNO, 1, self.share_x, second)
        ).capital_release_request
        action = self.run_action(requests)
        self.assertEqual(action["res_model"], "reconciliation.rollback")
        self.assertFalse(action.get("res_id"))
        rollbacks = self.env["reconciliation.rollback"].search(action["domain"])
        self.assertEqual(rollbacks.company_id, self.company | second)
