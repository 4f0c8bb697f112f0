"""What was wrong before stays as it was, and stops no rollback."""

from collections import Counter

from odoo.tests import tagged

from ..ledger import finding as kinds
from ..ledger.plan import DOUBLE_OPERATION
from .builders import ALICE, BRUNO, CLARA, DAVID, EMMA
from .common import MistakeCase, RollbackCase
from .old_register import OldRegister
from .series import flush
from .snapshots import NextNumbers
from .undone import undone

# what a rollback may change about people whom it does not concern: nothing
TABLES = ("subscription_register", "share_line", "cooperative_membership")


class FaultsCase(OldRegister, RollbackCase):
    """Compares what is wrong before and after."""

    def find_faults(self):
        """What the register check finds, but for the payment that is rolled back."""
        return [
            finding
            for finding in self.company._check_register()
            if finding.request != self.request.id
        ]

    def count_faults(self):
        return Counter(one.kind for one in self.find_faults())

    def read_others(self):
        """All rows of the people whom the correction does not concern."""
        flush(self.env)
        concerned = (self.alice.partner_id | self.bruno.partner_id).ids
        rows = {}
        for table in TABLES:
            self.env.cr.execute(
                f"SELECT * FROM {table} WHERE partner_id != ALL(%s) ORDER BY id",
                [concerned],
            )
            rows[table] = self.env.cr.fetchall()
        return rows


@tagged("post_install", "-at_install")
class TestOldRegister(FaultsCase):
    """Three thousand operations with forty faults, and a mistake in their midst.

    750 people bought shares twice. Then Alice was made a member by Bruno's payment. Since
    then each of the 750 has sold a share, and 750 others have joined.
    """

    PEOPLE = 750
    EARLIER = range(1002, 2502)
    WRONG = 2502
    LATER = range(2503, 4003)

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.allow_double_numbers()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)
        cls.request = cls.alice.capital_release_request
        flush(cls.env)
        cls.make_earlier_operations()
        cls.set_next_numbers(cls.company, NextNumbers(cls.WRONG, 502 + cls.PEOPLE))
        cls.payment = cls.pay(cls.alice, by=cls.bruno.partner_id)
        flush(cls.env)
        cls.make_later_operations()
        cls.set_next_numbers(cls.company, NextNumbers(4003, 503 + 2 * cls.PEOPLE))
        cls.plant_faults()

    @classmethod
    def make_earlier_operations(cls):
        cls.old = cls.make_people(range(502, 502 + cls.PEOPLE))
        buyers = cls.old + cls.old
        quantities = [4] * cls.PEOPLE + [2] * cls.PEOPLE
        cls.make_operations(
            [
                (number, buyer, "subscription", quantity)
                for number, buyer, quantity in zip(cls.EARLIER, buyers, quantities)
            ]
        )
        # of the two that they bought later they have sold one
        cls.make_share_lines([(one, 4) for one in cls.old])
        cls.make_share_lines([(one, 1) for one in cls.old])

    @classmethod
    def make_later_operations(cls):
        first = 503 + cls.PEOPLE
        cls.new = cls.make_people(range(first, first + cls.PEOPLE))
        operations = []
        for seller, buyer in zip(cls.old, cls.new):
            operations += [(seller, "sell_back", 1), (buyer, "subscription", 3)]
        cls.make_operations(
            [(number, *one) for number, one in zip(cls.LATER, operations)]
        )
        cls.make_share_lines([(one, 3) for one in cls.new])

    @classmethod
    def plant_faults(cls):
        """Forty of them, each on people of its own."""
        old = iter(cls.old[10::17])
        new = iter(cls.new[10::17])
        for _time in range(3):
            cls.double_next(cls.EARLIER, next(old), "subscription")
        for _time in range(2):
            cls.double_next(cls.LATER, next(new), "subscription")
        for _time in range(5):
            one = next(new)
            cls.number_member(one, 503 + cls.PEOPLE + cls.new.index(one) + 1)
        for _time in range(5):
            cls.forget_person(next(new))
        for _time in range(5):
            cls.oversell(next(old))
        for _time in range(5):
            cls.delete_share_lines(next(old))
        for _time in range(5):
            cls.number_member(next(new), None)
        for _time in range(4):
            cls.end_membership(next(old))
        for _time in range(4):
            cls.change_share_lines(next(new))
        # two more: both sequences have run ahead
        cls.set_next_numbers(cls.company, NextNumbers(4013, 520 + 2 * cls.PEOPLE))
        cls.following = {cls.company: NextNumbers(4013, 520 + 2 * cls.PEOPLE)}

    @classmethod
    def double_next(cls, numbers, partner, kind):
        """Give a person's newest operation the number of the one after it."""
        if numbers is cls.EARLIER:
            number = numbers[cls.PEOPLE + cls.old.index(partner)]
        else:
            number = numbers[2 * cls.new.index(partner) + 1]
        cls.number_operation(partner, kind, number + 1)

    def test_faults_are_there(self):
        """They are found before; else they would prove nothing."""
        found = self.count_faults()
        self.assertEqual(found[kinds.DOUBLE_OPERATION_NUMBER], 5)
        self.assertEqual(found[kinds.DOUBLE_COOPERATOR_NUMBER], 5)
        self.assertEqual(found[kinds.MEMBER_WITHOUT_NUMBER], 5)
        self.assertEqual(found[kinds.OPERATION_WITHOUT_GROUND], 5)
        self.assertGreaterEqual(found[kinds.SHARES_UNLIKE_REGISTER], 8)
        self.assertEqual(found[kinds.OPERATION_SEQUENCE_OFF], 1)
        self.assertEqual(found[kinds.COOPERATOR_SEQUENCE_OFF], 1)
        self.assertGreaterEqual(found[kinds.OPERATION_GAP], 5)

    def test_they_stay(self):
        """Plan, start, verify and revert of a rollback that has nothing to do with them."""
        begun = self.books()
        others, faults = self.read_others(), self.find_faults()
        rollback = self.roll_back(self.request, self.bruno)
        self.assertFalse(rollback._find_tampering())
        plan = rollback._get_plan()
        near = [one.numbers[0] for one in plan.faults if one.kind == DOUBLE_OPERATION]
        self.assertEqual(len(near), 2)
        for number in near:
            self.assertIn(
                f"Operation number {number} is in the register more than once",
                rollback.warnings,
            )
        self.assertEqual(self.read_others(), others)
        self.assertEqual(self.find_faults(), faults)
        self.assertMember(self.bruno.partner_id, 502 + self.PEOPLE, [(self.share_y, 3)])
        self.assertCandidate(self.alice.partner_id)
        self.revert(rollback)
        self.assertEqual(self.read_others(), others)
        self.assertBooksRestored(begun)

    def test_they_move_with_their_numbers(self):
        """Without a right request, and the gap closed: 1,500 numbers move down by one."""
        begun = self.books()
        faults = self.count_faults()
        rollback = self.roll_back(
            self.request, numbering="close_gap", note="No gaps in our register"
        )
        self.assertEqual(self.count_faults(), faults)
        self.assertEqual(self.next_numbers(), NextNumbers(4012, 519 + 2 * self.PEOPLE))
        self.revert(rollback)
        self.assertBooksRestored(begun)


@tagged("post_install", "-at_install", "slow")
class TestEachFault(FaultsCase, MistakeCase):
    """Each kind of fault alone: of people not concerned, and of the person concerned."""

    # options by name, and whether there is a right request
    WAYS = {
        "reuse": ({}, True),
        "close_gap": ({"numbering": "close_gap", "note": "No gaps"}, False),
        "all": ({"cascade": "all"}, True),
    }

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.allow_double_numbers()
        # 1003 to 1005
        cls.clara = cls.join(CLARA, 3, cls.share_y)
        cls.david = cls.join(DAVID, 3, cls.share_y)
        cls.sale = cls.sell_back(cls.clara.partner_id, cls.share_y, 1)

    def check_stays(self, plant, ways=tuple(WAYS)):
        """The fault is there afterwards as before, whichever way is taken."""
        for way in ways:
            options, has_right = self.WAYS[way]
            with self.subTest(way=way), undone(self.env):
                plant()
                begun, faults = self.books(), self.count_faults()
                right = self.bruno if has_right else None
                rollback = self.roll_back(self.request, right, **options)
                self.assertEqual(self.count_faults(), faults)
                self.revert(rollback)
                self.assertBooksRestored(begun)

    def test_double_operation_number(self):
        clara = self.clara.partner_id.id
        self.check_stays(lambda: self.number_operation(clara, "subscription", 1004))

    def test_double_cooperator_number(self):
        clara = self.clara.partner_id.id
        self.check_stays(lambda: self.number_member(clara, 504))

    def test_gap(self):
        self.check_stays(lambda: self.forget_person(self.david.partner_id.id))

    def test_groundless_sale(self):
        self.check_stays(lambda: self.oversell(self.clara.partner_id.id))

    def test_share_lines_deleted(self):
        clara = self.clara.partner_id.id
        self.check_stays(lambda: self.delete_share_lines(clara))

    def test_share_lines_changed(self):
        clara = self.clara.partner_id.id
        self.check_stays(lambda: self.change_share_lines(clara))

    def test_members_without_number(self):
        """Two of them, and later somebody who has one."""

        def plant():
            self.join(EMMA, 1, self.share_y)
            for one in (self.clara, self.david):
                self.number_member(one.partner_id.id, None)

        self.check_stays(plant)

    def test_no_member_with_shares(self):
        clara = self.clara.partner_id.id
        self.check_stays(lambda: self.end_membership(clara))

    def test_sequences_ahead(self):
        ahead = NextNumbers(1020, 510)
        self.check_stays(lambda: self.set_next_numbers(self.company, ahead))

    def test_sequences_behind(self):
        """The freed numbers are given, so that nobody needs the next ones."""
        behind = NextNumbers(1004, 504)
        self.check_stays(
            lambda: self.set_next_numbers(self.company, behind), ways=["reuse"]
        )

    # ------------------------------------------------- faults of the person concerned

    def assertNotPlanned(self, sentence, right=None, **options):
        rollback = self.draft_rollback(self.request, right, **options)
        self.assertRefused(sentence, rollback.action_plan)

    def test_next_operation_number_is_in_use(self):
        """The plan needs it: that stops the plan, and the sentence says where to go."""
        self.set_next_numbers(self.company, NextNumbers(1004, 504))
        self.assertNotPlanned(
            "(?i)1004.*register check", self.bruno, numbering="keep_gap"
        )

    def test_next_cooperator_number_is_in_use(self):
        """She keeps hers, and he needs the next one."""
        more = self.subscribe(ALICE, 1, self.share_y, partner=self.alice.partner_id)
        self.pay(more)
        self.set_next_numbers(self.company, NextNumbers(1007, 503))
        self.assertNotPlanned("(?i)503.*register check", self.bruno)

    def test_wrong_operation_has_the_number_of_another(self):
        """Clara's stays hers; the right operation gets the next number."""
        self.number_operation(self.clara.partner_id.id, "subscription", 1002)
        begun = self.books()
        for cascade in ("block", "all"):
            with self.subTest(cascade=cascade):
                rollback = self.roll_back(self.request, self.bruno, cascade=cascade)
                self.assertOperation(1002, self.clara.partner_id, [(self.share_y, 3)])
                self.assertOperation(1006, self.bruno.partner_id, [(self.share_y, 3)])
                self.revert(rollback)
                self.assertBooksRestored(begun)

    def test_wrong_person_has_the_number_of_another(self):
        """Clara's stays hers; Bruno gets the next number."""
        self.number_member(self.clara.partner_id.id, 502)
        begun, others = self.books(), self.read_others()
        rollback = self.roll_back(self.request, self.bruno)
        self.assertEqual(self.read_others(), others)
        self.assertCandidate(self.alice.partner_id)
        self.assertMember(self.bruno.partner_id, 505, [(self.share_y, 3)])
        self.revert(rollback)
        self.assertBooksRestored(begun)

    def test_wrong_person_has_no_number(self):
        self.number_member(self.alice.partner_id.id, None)
        begun = self.books()
        rollback = self.roll_back(self.request, self.bruno)
        self.assertCandidate(self.alice.partner_id)
        self.assertMember(self.bruno.partner_id, 505, [(self.share_y, 3)])
        self.revert(rollback)
        self.assertBooksRestored(begun)

    def test_wrong_person_has_other_shares(self):
        """Nobody knows why: that stops the plan and names both."""
        self.change_share_lines(self.alice.partner_id.id)
        self.assertNotPlanned("Alice.*30 ×.*3 ×", self.bruno)

    def test_wrong_person_has_no_shares(self):
        """As if somebody had begun by hand."""
        self.alice.partner_id.share_ids.unlink()
        begun = self.books()
        rollback = self.roll_back(self.request, self.bruno)
        self.assertCandidate(self.alice.partner_id)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])
        self.revert(rollback)
        self.assertBooksRestored(begun)

    def test_wrong_person_sold_what_was_never_there(self):
        """A groundless sale of hers, with and without the wrong operation."""
        self.sell_back(self.alice.partner_id, self.share_y, 1)
        self.oversell(self.alice.partner_id.id)
        self.assertNotPlanned("Alice", self.bruno)

    def test_right_person_has_no_number(self):
        """A member already, whose number somebody has deleted: she gets one.

        The right operation is the older one now, so the sale took of the other's shares.
        """
        more = self.subscribe(CLARA, 3, self.share_y, partner=self.clara.partner_id)
        self.number_member(self.clara.partner_id.id, None)
        begun = self.books()
        rollback = self.roll_back(self.request, more)
        self.assertCandidate(self.alice.partner_id)
        self.assertMember(
            self.clara.partner_id, 502, [(self.share_y, 3), (self.share_y, 2)]
        )
        self.revert(rollback)
        self.assertBooksRestored(begun)

    def test_right_person_has_a_number_and_was_never_a_member(self):
        """Given by hand: it stays, and nobody draws another."""
        self.number_member(self.bruno.partner_id.id, 77)
        begun = self.books()
        rollback = self.roll_back(self.request, self.bruno)
        self.assertMember(self.bruno.partner_id, 77, [(self.share_y, 3)])
        self.assertEqual(self.next_numbers(), NextNumbers(1006, 505))
        self.revert(rollback)
        self.assertBooksRestored(begun)
