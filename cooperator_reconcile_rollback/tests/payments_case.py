"""Payments of several requests, or for several people, and the books after a rollback."""

from .builders import ALICE, BRUNO, CLARA, DAVID
from .common import RollbackCase
from .series import flush, invalidate


class PaymentsCase(RollbackCase):
    """Alice and Clara became members by money of others.

    Bruno has two requests, David has one. Each of the five requests is of 75.
    """

    # trying out draws documents, which takes longer than all else
    is_tried_out = True

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.day = cls.days_ago(40)
        cls.alice = cls.subscribe_long_ago(ALICE)
        cls.clara = cls.subscribe_long_ago(CLARA)
        cls.bruno = cls.subscribe_long_ago(BRUNO)
        cls.second = cls.subscribe_long_ago(BRUNO, partner=cls.bruno.partner_id)
        cls.david = cls.subscribe_long_ago(DAVID)

    @classmethod
    def subscribe_long_ago(cls, person, quantity=3, partner=None):
        """Subscribe before the payments of these tests."""
        return cls.subscribe(
            person, quantity, cls.share_y, partner=partner, date=cls.days_ago(60)
        )

    @classmethod
    def pay_from_line(cls, *subscriptions, by=None, amount=None):
        """A bank statement line on the cooperators' account, added to requests.

        :param by: whom the line is booked on; nobody by default
        """
        requests = [one.capital_release_request for one in subscriptions]
        total = sum(request.amount_residual for request in requests)
        partner = by.partner_id if by else cls.env["res.partner"]
        line = cls.bank_statement_line(partner, amount or total, date=cls.day)
        cls.bookkeeper().book_statement_line(line.id)
        cls.match(line.move_id, *subscriptions)
        return line

    @classmethod
    def without_journal(cls):
        cls.company.reclassification_journal_id = False

    @classmethod
    def lock(cls):
        """Close the period of the payments."""
        cls.company.fiscalyear_lock_date = cls.days_ago(30)

    # ------------------------------------------------------------------- the books

    def correct(self, records, right, ledgers):
        """Roll back, and see what is left of each person, and of nobody, in the books.

        :param right: right subscription by wrong one
        :param ledgers: what is open of each person who does not come to nothing
        """
        invalidate(self.env)
        self.before = self.books()
        self.drafts = self.find_drafts()
        self.trial_balance = self.balances()
        rollback = self.draft_rollback(records, right)
        return self.finish(rollback, ledgers)

    def finish(self, rollback, ledgers):
        """Plan a draft, try it out and carry it out; see :meth:`correct`."""
        rollback.action_plan()
        if self.is_tried_out:
            self.assertTriedOut(rollback)
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertOpenAmounts(ledgers)
        self.assertEqual(self.find_drafts(), self.drafts)
        return rollback

    def find_drafts(self):
        return self.env["account.move"].search([("state", "=", "draft")])

    def balances(self):
        """The trial balance without accounts that come to nothing."""
        flush(self.env)
        self.env.cr.execute(
            "SELECT account_id, sum(balance) FROM account_move_line"
            " WHERE parent_state = 'posted' AND company_id = %s"
            " GROUP BY account_id HAVING sum(balance) != 0",
            (self.company.id,),
        )
        return dict(self.env.cr.fetchall())

    def assertOpenAmounts(self, expected):
        """Each person has that balance, all of it open; everybody else has none."""
        items = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.company.property_cooperator_account.id),
                ("parent_state", "=", "posted"),
            ]
        )
        for name in ("balance", "amount_residual"):
            amounts = {}
            for item in items:
                amounts.setdefault(item.partner_id, []).append(item[name])
            found = {one: round(sum(all_), 2) for one, all_ in amounts.items()}
            self.assertEqual(
                {
                    one.name or "nobody": amount
                    for one, amount in found.items()
                    if amount
                },
                {one.partner_id.name: amount for one, amount in expected.items()},
                name,
            )

    def assertBookedOn(self, source, person):
        """A payment or bank statement line is that person's, wherever it says whose."""
        move = source.move_id
        partner = person.partner_id
        self.assertEqual(source.partner_id, partner)
        self.assertEqual(move.partner_id, partner)
        self.assertEqual(set(move.line_ids.mapped("partner_id")), set(partner))

    def assertBookedOver(self, rollback, debits, credits_):
        """One entry takes amounts from people and gives them to others.

        :param debits: amount by subscription; ``None`` for nobody
        """
        entry = rollback.line_ids.reclassification_move_id
        self.assertEqual(len(entry), 1)
        self.assertEqual(entry.state, "posted")
        for name, expected in (("debit", debits), ("credit", credits_)):
            found = {}
            for item in entry.line_ids.filtered(name):
                found[item.partner_id] = found.get(item.partner_id, 0) + item[name]
            nobody = self.env["res.partner"]
            self.assertEqual(
                found,
                {
                    one.partner_id if one else nobody: sum_
                    for one, sum_ in expected.items()
                },
            )
        self.assertEqual(
            entry.line_ids.account_id, self.company.property_cooperator_account
        )
        return entry

    def assertNotBookedOver(self, rollback):
        self.assertFalse(rollback.line_ids.reclassification_move_id)
        self.assertEqual(self.balances(), self.trial_balance)

    def assertGoesBack(self, rollback):
        """The revert leads back to the books before; an entry that booked over is reversed."""
        entry = rollback.line_ids.reclassification_move_id
        self.revert(rollback)
        self.assertEqual(self.balances(), self.trial_balance)
        self._forget_reversal(entry)
        added = ("account_move", "account_move_line") if entry else ()
        self.assertBooksRestored(self.before, added)

    def _forget_reversal(self, entry):
        """Each item of a reversed entry is settled with its own reversal; forget that."""
        items = entry.line_ids
        matches = items.matched_debit_ids | items.matched_credit_ids
        self.assertEqual(len(matches), len(items))
        for match in matches:
            sides = match.debit_move_id | match.credit_move_id
            self.assertEqual(len({side.partner_id for side in sides}), 1)
            self.assertEqual(sides.move_id - entry, entry.reversal_move_id)
            self.assertEqual(sides.mapped("amount_residual"), [0, 0])
        settled = matches.full_reconcile_id
        invalidate(self.env)
        for records in (matches, settled):
            if records:
                self.env.cr.execute(
                    f"DELETE FROM {records._table} WHERE id IN %s", (records._ids,)
                )
        invalidate(self.env)
