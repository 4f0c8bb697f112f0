"""Rollbacks in lists, columns, tables and charts."""

from odoo.tests import tagged

from .builders import ALICE, BRUNO, CLARA, DAVID
from .common import RollbackCase
from .series import flush, get_view_arch


@tagged("post_install", "-at_install")
class TestViews(RollbackCase):
    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)
        cls.pay(cls.alice, by=cls.bruno.partner_id)
        cls.clara = cls.subscribe(CLARA, 2, cls.share_x)
        cls.pay(cls.clara)

    def setUp(self):
        super().setUp()
        self.done = self.roll_back(self.alice.capital_release_request, self.bruno)
        self.draft = self.draft_rollback(self.clara.capital_release_request)
        flush(self.env)

    def groups(self, by, user=None):
        """Amounts by what the analysis is grouped by."""
        analysis = self.env["reconciliation.rollback.analysis"]
        found = analysis.with_user(user or self.user).read_group(
            [("rollback_id", "in", (self.done | self.draft).ids)], ["amount"], [by]
        )
        return {group[by]: group["amount"] for group in found}

    def test_views_load(self):
        for model, kinds in {
            "reconciliation.rollback": ("tree", "kanban", "pivot", "graph", "form"),
            "reconciliation.rollback.analysis": ("tree", "pivot", "graph", "search"),
            "reconciliation.rollback.register": ("form",),
        }.items():
            records = self.env[model].with_user(self.user)
            for kind in kinds:
                with self.subTest(model=model, kind=kind):
                    self.assertIn("<%s" % kind, get_view_arch(records, kind))

    def test_by_reason(self):
        self.assertEqual(self.groups("reason"), {"wrong_person": 75, "not_shares": 100})

    def test_by_state(self):
        self.assertEqual(self.groups("state"), {"done": 75, "draft": 100})

    def test_by_month(self):
        month = self.done.done_at.strftime("%B %Y")
        self.assertEqual(self.groups("done_at:month"), {month: 75, False: 100})
        self.assertEqual(self.groups("started_at:month"), {month: 75, False: 100})

    def test_by_person(self):
        alice, bruno, clara = (
            subscription.partner_id.id
            for subscription in (self.alice, self.bruno, self.clara)
        )
        wrong = self.groups("wrong_partner_id")
        right = self.groups("right_partner_id")
        self.assertEqual(
            {key[0]: amount for key, amount in wrong.items()}, {alice: 75, clara: 100}
        )
        self.assertEqual(
            {key and key[0]: amount for key, amount in right.items()},
            {bruno: 75, False: 100},
        )

    def test_each_person_of_a_rollback(self):
        """A rollback of two corrections counts under each of its people."""
        david = self.subscribe(DAVID, 1, self.share_x)
        self.pay(david)
        self.draft.action_cancel()
        both = (self.clara | david).capital_release_request
        self.draft = self.draft_rollback(both)
        flush(self.env)
        amounts = self.groups("wrong_partner_id").values()
        self.assertEqual(sorted(amounts), [50, 75, 100])

    def test_rollbacks_by_reason_and_month(self):
        """The table and the chart of the rollbacks themselves."""
        rollbacks = self.env["reconciliation.rollback"].with_user(self.user)
        groups = rollbacks.read_group(
            [("id", "in", (self.done | self.draft).ids)],
            [],
            ["reason", "started_at:month"],
            lazy=False,
        )
        self.assertEqual(
            {group["reason"]: group["__count"] for group in groups},
            {"wrong_person": 1, "not_shares": 1},
        )

    def test_columns_in_order(self):
        """The kanban view has the states that there are, as a rollback goes through."""
        groups = self.env["reconciliation.rollback"].read_group(
            [("id", "in", (self.done | self.draft).ids)], [], ["state"]
        )
        self.assertEqual([group["state"] for group in groups], ["draft", "done"])

    def test_companies(self):
        second = self.make_company("Second cooperative")
        stranger = self.make_user(
            "stranger", "cooperator.cooperator_group_user", companies=second
        )
        self.assertEqual(self.groups("reason", user=stranger), {})
