"""Later operations that need the wrong one."""

import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .builders import ALICE, BRUNO, CLARA, DAVID, EMMA
from .common import RollbackCase
from .series import invalidate
from .undone import undone

FIELDS_OF_THE_FIRST_RELEASE = (
    "id",
    "name",
    "register_number_operation",
    "type",
    "partner_id",
    "partner_id_to",
    "date",
    "quantity",
    "quantity_to",
    "share_product_id",
    "share_to_product_id",
    "share_unit_price",
    "share_to_unit_price",
    "user_id",
    "company_id",
    "capital_release_request_id",
    "operation_request_id",
)


class CascadeCase(RollbackCase):
    """Alice was made member 502 by operation 1002, with the payment of Bruno."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)
        cls.emma = cls.subscribe(EMMA, 1, cls.share_y)
        cls.pay(cls.alice, by=cls.bruno.partner_id, date=cls.days_ago(9))
        cls.clara = cls.join(CLARA, 3, cls.share_y)

    def correct(self, right=True, **options):
        return self.roll_back(
            self.alice.capital_release_request, self.bruno if right else None, **options
        )

    def state(self):
        """All that a way of executing must not differ in."""
        invalidate(self.env)
        partners = (
            self.env["cooperative.membership"]
            .search([("company_id", "=", self.company.id)])
            .partner_id
        )
        requests = self.env["account.move"].search(
            [
                ("release_capital_request", "=", True),
                ("company_id", "=", self.company.id),
            ],
            order="id",
        )
        return {
            "register": [line._replace(id=None) for line in self.register_of()],
            "holdings": {
                partner: holding._replace(
                    shares=[line._replace(id=None) for line in holding.shares]
                )
                for partner in partners
                for holding in [self.holding_of(partner)]
            },
            "numbers": self.next_numbers(),
            "requests": [
                (r, r.payment_state, r.subscription_request.state) for r in requests
            ],
            "matches": sorted(
                (match.debit_move_id.id, match.credit_move_id.id, match.amount)
                for match in requests._get_request_matches()
            ),
        }

    def assertAgree(self, **options):
        """``dependents`` and ``all`` come to the same.

        :return: the state that they come to
        """
        numbers = self.next_numbers()
        states = []
        for cascade in ("dependents", "all"):
            with undone(self.env):
                self.set_next_numbers(self.company, numbers)
                self.correct(cascade=cascade, **options)
                states.append(self.state())
        self.assertEqual(states[0], states[1])
        return states[1]


@tagged("post_install", "-at_install", "slow")
class TestDependents(CascadeCase):
    """What the wrong member did with shares that were never hers."""

    def assertBlocked(self, *numbers):
        rollback = self.draft_rollback(self.alice.capital_release_request, self.bruno)
        with self.assertRaises(UserError) as refusal:
            rollback.action_plan()
        rollback.action_cancel()
        for number in numbers:
            self.assertIn("Operation %s of" % number, str(refusal.exception))

    def test_sold_some(self):
        """The sale of two of her three shares goes; Clara's operation stays."""
        sale = self.sell_back(self.alice.partner_id, self.share_y, 2)
        self.assertBlocked(1004)
        rollback = self.correct(cascade="dependents")
        self.assertEqual(sale.state, "cancelled")
        self.assertCandidate(self.alice.partner_id)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])
        self.assertEqual(
            [(line.number, line.partner) for line in self.register_of()[1:]],
            [(1002, self.bruno.partner_id), (1003, self.clara.partner_id)],
        )
        self.assertEqual(self.next_numbers(), (1004, 504))
        self.assertIn("1004", rollback.warnings)

    def test_sold_all(self):
        """She was an old member with a number: neither remains."""
        self.sell_back(self.alice.partner_id, self.share_y, 3)
        self.assertTrue(self.holding_of(self.alice.partner_id).old_member)
        self.assertBlocked(1004)
        self.assertAgree()
        self.correct(cascade="all")
        self.assertCandidate(self.alice.partner_id)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])

    def test_handed_on_twice(self):
        """Emma became a member by her shares and handed them on to David."""
        david = self.join(DAVID, 1, self.share_y)
        self.transfer(self.alice.partner_id, self.emma.partner_id, self.share_y, 2)
        self.transfer(self.emma.partner_id, david.partner_id, self.share_y, 1)
        self.assertBlocked(1005, 1006)
        self.assertAgree()
        self.correct(cascade="dependents")
        self.assertCandidate(self.emma.partner_id)
        self.assertMember(david.partner_id, 504, [(self.share_y, 1)])
        self.assertEqual(self.next_numbers(), (1005, 505))

    def test_handed_on_by_somebody_with_shares_of_his_own(self):
        """David's transfer stands: he had enough without hers."""
        david = self.join(DAVID, 4, self.share_y)
        self.transfer(self.alice.partner_id, david.partner_id, self.share_y, 2)
        self.transfer(david.partner_id, self.emma.partner_id, self.share_y, 3)
        self.assertBlocked(1005)
        state = self.assertAgree()
        self.assertEqual(
            [line.number for line in state["register"]], [1001, 1002, 1003, 1004, 1006]
        )
        holding = state["holdings"][david.partner_id]
        self.assertEqual([line.quantity for line in holding.shares], [1])

    def test_converted(self):
        """Nothing is left to convert."""
        self.convert(self.alice.partner_id, self.share_y, 3, self.share_z)
        self.assertBlocked(1004)
        self.assertAgree()
        self.correct(cascade="all")
        self.assertCandidate(self.alice.partner_id)

    def test_bought_more_rightly(self):
        """What she paid for herself stays hers, with the number that she has."""
        more = self.subscribe(ALICE, 2, self.share_x, partner=self.alice.partner_id)
        self.pay(more)
        self.assertAgree()
        self.correct(cascade="all")
        self.assertMember(self.alice.partner_id, 502, [(self.share_x, 2)])
        self.assertMember(self.bruno.partner_id, 504, [(self.share_y, 3)])
        self.assertOpen(self.alice)

    def test_promoted_again_after_leaving(self):
        """She sold all, then bought again: only the purchase remains."""
        self.sell_back(self.alice.partner_id, self.share_y, 3)
        again = self.subscribe(ALICE, 1, self.share_x, partner=self.alice.partner_id)
        self.pay(again)
        self.assertBlocked(1004)
        self.assertAgree()
        self.correct(cascade="dependents")
        self.assertMember(self.alice.partner_id, 502, [(self.share_x, 1)])
        self.assertFalse(self.holding_of(self.alice.partner_id).old_member)


@tagged("post_install", "-at_install")
class TestAll(CascadeCase):
    """``all``: every later operation is taken back and applied again."""

    def test_others_are_what_they_were(self):
        """Same numbers, dates, payments and shares, for operations of every kind."""
        david = self.join(DAVID, 2, self.share_x)
        self.sell_back(self.clara.partner_id, self.share_y, 1)
        self.transfer(self.clara.partner_id, self.emma.partner_id, self.share_y, 1)
        self.convert(david.partner_id, self.share_x, 2, self.share_y)
        before = self.state()
        rollback = self.correct(cascade="all")
        after = self.state()
        later = rollback.action_view_later_operations()
        self.assertEqual(
            len(self.env["subscription.register"].search(later["domain"])), 5
        )
        others = (self.clara | self.emma | david | self.flora).partner_id
        for partner in others:
            self.assertEqual(
                after["holdings"][partner], before["holdings"][partner], partner.name
            )
        self.assertEqual(
            [line for line in after["register"] if line.number > 1002],
            [line for line in before["register"] if line.number > 1002],
        )
        self.assertEqual(after["numbers"], before["numbers"])

    def test_dates_and_responsible_are_kept(self):
        """Also those that a person has changed since."""
        (line,) = [line for line in self.register_of() if line.number == 1003]
        record = self.env["subscription.register"].browse(line.id)
        share_line = self.env["share.line"].search(
            [("partner_id", "=", self.clara.partner_id.id)]
        )
        record.write({"date": self.days_ago(77), "user_id": self.user.id})
        share_line.effective_date = self.days_ago(77)
        self.correct(cascade="all")
        (line,) = [line for line in self.register_of() if line.number == 1003]
        self.assertEqual(line.date, self.days_ago(77))
        record = self.env["subscription.register"].browse(line.id)
        self.assertEqual(record.user_id, self.user)
        self.assertEqual(
            self.shares_of(self.clara.partner_id)[0].date, self.days_ago(77)
        )

    def test_batches(self):
        """A tail goes in batches, newest first and back, each with its place."""
        self.env["ir.config_parameter"].set_param(
            "cooperator_reconcile_rollback.batch_size", 2
        )
        self.join(DAVID, 2, self.share_x)
        self.sell_back(self.clara.partner_id, self.share_y, 1)
        before = self.state()
        rollback = self.correct(cascade="all")
        self.assertEqual(
            [(step.place, step.kind) for step in rollback.step_ids][1:5],
            [
                ("2", "record_numbers"),
                ("2.1", "take_back"),
                ("2.2", "take_back"),
                ("3", "remove_match"),
            ],
        )
        taken_back, first = (
            [line["number"] for line in json.loads(step.before)["operations"]]
            for step in rollback.step_ids
            if step.kind == "take_back"
        )
        self.assertEqual((taken_back, first), ([1005], [1003, 1004]))
        self.assertEqual(self.state()["register"][2:], before["register"][2:])

    def test_register_line_without_a_request_is_the_same_record(self):
        """Who refers to the line of a sell-back finds it again."""
        self.sell_back(self.clara.partner_id, self.share_y, 1)
        (line,) = [line for line in self.register_of() if line.number == 1004]
        self.correct(cascade="all")
        (again,) = [line for line in self.register_of() if line.number == 1004]
        self.assertEqual(again, line)

    def test_batch_of_the_first_release(self):
        """It kept values of fields; rollbacks outlive an update of this module."""
        self.sell_back(self.clara.partner_id, self.share_y, 1)
        before = self.state()
        rollback = self.start_rollback(
            self.alice.capital_release_request, self.bruno, cascade="all"
        )
        self.run_jobs(rollback, until="take_back")
        step = rollback.step_ids.filtered(lambda step: step.kind == "take_back")
        batch = json.loads(step.batch)
        values = [
            {name: row[name] or False for name in FIELDS_OF_THE_FIRST_RELEASE}
            for row in batch.pop("rows")
        ]
        del batch["version"]
        step._by_action().sudo().batch = json.dumps({**batch, "values": values})
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertEqual(self.state()["register"][2:], before["register"][2:])

    def test_mail(self):
        """Nobody whose certificate stays what it was gets another one."""
        self.company.send_certificate_email = True
        rollback = self.correct(cascade="all")
        certificates = rollback.mail_ids.filtered(lambda row: row.kind == "certificate")
        self.assertEqual(certificates.partner_id, self.bruno.partner_id)


@tagged("post_install", "-at_install")
class TestCloseGap(CascadeCase):
    """``close_gap``: later numbers move down."""

    def test_numbers_move_down(self):
        """Operation and cooperator after the wrong one, and both sequences."""
        for cascade in ("dependents", "all"):
            with self.subTest(cascade=cascade):
                numbers = self.next_numbers()
                with undone(self.env):
                    self.set_next_numbers(self.company, numbers)
                    rollback = self.correct(
                        right=False, cascade=cascade, numbering="close_gap"
                    )
                    self.assertOperation(
                        1002, self.clara.partner_id, [(self.share_y, 3)]
                    )
                    self.assertMember(self.clara.partner_id, 502, [(self.share_y, 3)])
                    self.assertEqual(self.next_numbers(), (1003, 503))
                    self.assertFalse(rollback.warnings)

    def test_certificates_are_offered(self):
        """Clara's number has changed: she gets a new certificate."""
        self.company.send_certificate_email = True
        rollback = self.correct(right=False, numbering="close_gap")
        row = rollback.mail_ids.filtered(lambda row: row.kind == "certificate")
        self.assertEqual(row.partner_id, self.clara.partner_id)
        self.assertEqual((row.choice, row.state), ("send", "sent"))
        self.assertEqual(row.sudo().mail_id.state, "outgoing")

    def test_right_operation_takes_the_freed_numbers(self):
        """Then there is no gap to close."""
        self.correct(numbering="close_gap")
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])
        self.assertMember(self.clara.partner_id, 503, [(self.share_y, 3)])
        self.assertEqual(self.next_numbers(), (1004, 504))


@tagged("post_install", "-at_install")
class TestDryRun(CascadeCase):
    """A trial runs every step and leaves nothing."""

    def test_leaves_no_trace(self):
        for options in (
            {},
            {"cascade": "all"},
            {"numbering": "keep_gap"},
            {"numbering": "close_gap"},
        ):
            with self.subTest(**options):
                rollback = self.draft_rollback(
                    self.alice.capital_release_request, self.bruno, **options
                )
                rollback.action_plan()
                before = self.books()
                rollback.action_dry_run()
                self.assertBooksEqual(before)
                self.assertEqual(rollback.state, "planned")
                self.assertFalse(rollback.step_ids)
                self.assertFalse(rollback.mail_held)
                self.assertIn("Verify", rollback.dry_run_html)
                self.assertNotIn("text-danger", rollback.dry_run_html)
                rollback.action_cancel()

    def test_says_what_would_fail(self):
        rollback = self.draft_rollback(self.alice.capital_release_request, self.bruno)
        rollback.action_plan()
        self.bruno.capital_release_request.button_draft()
        before = self.books()
        rollback.action_dry_run()
        self.assertBooksEqual(before)
        self.assertIn("text-danger", rollback.dry_run_html)
        self.assertIn("is not posted", rollback.dry_run_html)


@tagged("post_install", "-at_install")
class TestRegisterWins(CascadeCase):
    """A difference between register and holdings stops a plan, or a manager decides."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.env["share.line"].search(
            [("partner_id", "=", cls.alice.partner_id.id)]
        ).share_number = 7

    def test_difference_blocks(self):
        with self.assertRaisesRegex(
            UserError, "Alice Adam is not what the register gives: .*7 .*3 "
        ):
            self.draft_rollback(
                self.alice.capital_release_request, self.bruno
            ).action_plan()

    def test_user_cannot_override(self):
        rollback = self.draft_rollback(
            self.alice.capital_release_request, self.bruno, user=self.user
        )
        with self.assertRaisesRegex(AccessError, self.user.name):
            rollback.override_reason = "I say so"

    def test_manager_overrides(self):
        rollback = self.correct(override_reason="A typing error of 2019")
        self.assertIn("7", rollback.warnings)
        self.assertEqual(rollback.override_reason, "A typing error of 2019")
        self.assertCandidate(self.alice.partner_id)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])
