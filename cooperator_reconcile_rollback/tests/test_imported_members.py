"""Members whom the cooperative imported: what is theirs stays, whatever is rolled back."""

from odoo.tests import tagged

from .builders import ALICE, CLARA
from .common import MistakeCase
from .series import flush
from .snapshots import NextNumbers

IMPORTED = 77


class Imports:
    """Members imported with shares, a number and a membership; mixed into cases."""

    @classmethod
    def import_member(cls, partner, number, *shares, member=True):
        """Give a partner what an import gives: shares and a number without an operation.

        :param shares: ``(share, quantity)``
        """
        membership = cls.membership_of(partner)
        membership.write(
            {
                "cooperator": True,
                "member": member,
                "old_member": not member,
                "cooperator_register_number": number,
            }
        )
        for share, quantity in shares:
            cls.import_shares(partner, share, quantity)
        flush(cls.env)

    @classmethod
    def import_shares(cls, partner, share, quantity, days=400):
        return cls.env["share.line"].create(
            {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "share_product_id": share.id,
                "share_number": quantity,
                "share_unit_price": share.list_price,
                "effective_date": cls.days_ago(days),
            }
        )


@tagged("post_install", "-at_install")
class TestImportedMember(Imports, MistakeCase):
    """Alice was imported with seven shares, then Bruno's payment was taken for hers."""

    @classmethod
    def make_mistake(cls):
        cls.import_member(cls.alice.partner_id, IMPORTED, (cls.share_y, 7))
        super().make_mistake()

    def check(self, right, seven=((7,)), **options):
        """Alice has what she had; all of it comes back with a revert."""
        begun = self.books()
        rollback = self.start_rollback(self.request, right, **options)
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertMember(
            self.alice.partner_id, IMPORTED, [(self.share_y, n) for n in seven]
        )
        self.revert(rollback)
        self.assertBooksRestored(begun)
        return rollback

    def test_shares_from_before_stay(self):
        rollback = self.check(self.bruno)
        self.assertRegex(rollback.warnings, "Alice.*7 shares from before the register")

    def test_not_for_shares(self):
        self.check(None)
        self.assertEqual(self.next_numbers(), NextNumbers(1003, 502))

    def test_number_is_not_given_to_the_right_person(self):
        """She keeps it: Bruno gets the next one."""
        self.roll_back(self.request, self.bruno)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])

    def test_some_sold_since(self):
        """The newest go first, so that one of hers went as well."""
        self.sell_back(self.alice.partner_id, self.share_y, 4)
        self.check(None, (3,))

    def test_sold_before(self):
        """Some of the imported ones were sold before the mistake."""
        clara = self.subscribe(CLARA, 2, self.share_y)
        self.import_member(clara.partner_id, 78, (self.share_y, 5))
        self.sell_back(clara.partner_id, self.share_y, 2)
        self.pay(clara, by=self.bruno.partner_id)
        self.roll_back(clara.capital_release_request)
        self.assertMember(clara.partner_id, 78, [(self.share_y, 3)])

    def test_handed_over_since(self):
        """Clara got four: those Alice has, with or without the wrong three."""
        clara = self.join(CLARA, 1, self.share_y)
        self.transfer(self.alice.partner_id, clara.partner_id, self.share_y, 4)
        self.check(None, (3,))
        self.assertMember(clara.partner_id, 502, [(self.share_y, 1), (self.share_y, 4)])

    def test_all_take_back_and_apply_again(self):
        """Later people who were imported are left to the last row."""
        clara = self.subscribe(CLARA, 2, self.share_y)
        self.import_member(clara.partner_id, 78, (self.share_x, 5))
        self.pay(clara)
        self.sell_back(clara.partner_id, self.share_x, 1)
        before = self.shares_of(clara.partner_id)
        self.check(self.bruno, cascade="all")
        self.roll_back(self.request, self.bruno, cascade="all")
        self.assertEqual(self.shares_of(clara.partner_id), before)

    def test_imported_and_regular_shares(self):
        second = self.subscribe(ALICE, 2, self.share_y, partner=self.alice.partner_id)
        self.pay(second)
        self.check(self.bruno, (7, 2))

    def test_imported_after_the_mistake(self):
        """The import came late; the shares are hers all the same."""
        self.import_shares(self.alice.partner_id, self.share_x, 4)
        begun = self.books()
        rollback = self.start_rollback(self.request, self.bruno)
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertMember(
            self.alice.partner_id, IMPORTED, [(self.share_y, 7), (self.share_x, 4)]
        )
        self.revert(rollback)
        self.assertBooksRestored(begun)

    def test_shares_deleted_by_hand(self):
        """Begun by hand: the imported ones stay."""
        self.env["share.line"].search(
            [("capital_release_request_id", "=", self.request.id)]
        ).unlink()
        self.check(self.bruno)

    def test_wrong_sale_of_imported_shares(self):
        self.sell_back(self.alice.partner_id, self.share_y, 5)
        line = self.env["subscription.register"].search([("type", "=", "sell_back")])
        begun = self.books()
        rollback = self.start_rollback(line)
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertEqual(
            sum(one.quantity for one in self.shares_of(self.alice.partner_id)), 10
        )
        self.revert(rollback)
        self.assertBooksRestored(begun)


@tagged("post_install", "-at_install")
class TestImportedOldMember(Imports, MistakeCase):
    """Alice left before the cooperative began with Odoo: a number, no shares."""

    @classmethod
    def make_mistake(cls):
        cls.import_member(cls.alice.partner_id, IMPORTED, member=False)
        super().make_mistake()

    def test_is_an_old_member_again(self):
        self.roll_back(self.request, self.bruno)
        holding = self.holding_of(self.alice.partner_id)
        self.assertEqual(
            (holding.member, holding.old_member, holding.number),
            (False, True, IMPORTED),
        )
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])


@tagged("post_install", "-at_install")
class TestUnexplained(Imports, MistakeCase):
    """Alice has less than the register gives, for a reason that nobody knows."""

    @classmethod
    def make_mistake(cls):
        first = cls.subscribe(ALICE, 5, cls.share_y, partner=cls.alice.partner_id)
        cls.pay(first)
        super().make_mistake()
        cls.share_lines = cls.env["share.line"].search(
            [("partner_id", "=", cls.alice.partner_id.id)], order="id"
        )
        cls.share_lines[0].share_number = 4
        flush(cls.env)

    def decide(self, rollback, **values):
        rollback.difference_ids = [
            (0, 0, {"partner_id": self.alice.partner_id.id, **values})
        ]

    def test_stops_the_plan_and_names_the_difference(self):
        rollback = self.draft_rollback(self.request, self.bruno)
        self.assertRefused("Alice.*4 ×.*5 ×.*Override", rollback.action_plan)

    def test_is_kept_by_choice(self):
        begun = self.books()
        rollback = self.draft_rollback(self.request, self.bruno)
        self.decide(rollback, reason="A share was lost before 2020")
        rollback.action_plan()
        self.assertRegex(rollback.warnings, "Alice.*keeps what is there")
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 4)])
        self.assertMember(self.bruno.partner_id, 503, [(self.share_y, 3)])
        self.assertFalse(rollback._find_tampering())
        self.revert(rollback)
        self.assertBooksRestored(begun)

    def test_is_brought_to_the_register_by_choice(self):
        rollback = self.draft_rollback(self.request, self.bruno)
        self.decide(rollback, reason="A slip of the pen", choice="register")
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 5)])

    def test_all_keeps_it_too(self):
        self.join(CLARA, 2, self.share_y)
        rollback = self.draft_rollback(self.request, self.bruno, cascade="all")
        self.decide(rollback, reason="A share was lost before 2020")
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 4)])

    def test_only_a_manager_decides(self):
        rollback = self.draft_rollback(self.request, self.bruno, user=self.user)
        with self.assertRaisesRegex(Exception, "."):
            self.decide(rollback, reason="No")

    def test_wants_a_reason(self):
        rollback = self.draft_rollback(self.request, self.bruno)
        self.assertRefused("reason", self.decide, rollback, reason=" ")
