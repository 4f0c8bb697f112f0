"""One value says what a rollback changes; all documents draw it."""

from dataclasses import replace

from odoo.tests import tagged

from ..ledger.holding import Holding
from ..ledger.plan import Change
from ..services.change_report import load_register_rows, report_changes
from ..services.change_rows import Person
from ..services.plan_rows import PlanRows
from .builders import ALICE, BRUNO, CLARA, DAVID
from .common import RollbackCase


@tagged("post_install", "-at_install")
class TestChangeReport(RollbackCase):
    """A planned cascade that takes the operations of two people back."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)
        cls.pay(cls.alice, by=cls.bruno.partner_id)
        cls.clara = cls.join(CLARA, 2, cls.share_x)
        cls.david = cls.join(DAVID, 1, cls.share_x)

    def setUp(self):
        super().setUp()
        self.rollback = self.draft_rollback(
            self.alice.capital_release_request, self.bruno, cascade="all"
        )

    def report(self, **options):
        return report_changes(self.rollback, **options)[self.rollback]

    def test_draft(self):
        """Without a plan there are matches, and nothing that would change."""
        changes = self.report()
        self.assertFalse(changes.has_plan)
        (match,) = changes.matches.rows
        alice = self.alice.partner_id
        self.assertEqual(match.wrong_person, Person(alice.id, alice.display_name))
        self.assertEqual(match.operation_number, 1002)
        self.assertEqual((changes.people.total, changes.numbers), (0, ()))
        self.assertFalse(self.rollback.plan_html)

    def test_rows(self):
        self.rollback.action_plan()
        changes = self.report(reapplied=10)
        self.assertEqual(
            [(row.person.name, row.number_after) for row in changes.people.rows],
            [("Alice Adam", None), ("Bruno Bell", 502)],
        )
        self.assertEqual(
            [(row.number, row.happens) for row in changes.operations.rows],
            [(1002, "removed"), (1002, "made")],
        )
        self.assertEqual(
            [(row.number, row.people) for row in changes.reapplied.rows],
            [(1003, "Clara Cole"), (1004, "David Dunn")],
        )
        self.assertEqual((changes.passing, changes.staying), (0, 0))
        self.assertEqual(
            changes.next_numbers,
            {"next_operation": (1005, 1005), "next_cooperator": (505, 505)},
        )

    def test_limits(self):
        """A list that is cut tells how long it is."""
        self.rollback.action_plan()
        changes = self.report(limit=1, reapplied=1)
        for name in ("people", "operations", "reapplied"):
            shown = getattr(changes, name)
            self.assertEqual((len(shown.rows), shown.total), (1, 2), name)
        self.assertEqual(self.report().reapplied.rows, ())

    def test_people_affected_on_the_way(self):
        """People who hold in the end what they held before have rows when asked for."""
        self.rollback.action_plan()
        plan = self.rollback._get_plan()
        clara = self.clara.partner_id.id
        holding = Holding(clara, number=503)
        passing = Change(clara, holding, Holding(clara), holding)
        plan = replace(plan, changes=(passing, *plan.changes))
        for asked, total in ((False, 2), (True, 3)):
            rows = PlanRows(self.env, passing=asked)
            rows.load([plan])
            parts = rows.report(self.rollback.name, plan)
            self.assertEqual((parts["people"].total, parts["passing"]), (total, 1))
            self.assertEqual(len(parts["people"].rows), total)

    def test_plan_and_register(self):
        """The plan tab draws all people; the register only what came true."""
        self.rollback.action_plan()
        for row in self.report(passing=True).people.rows:
            self.assertIn(row.person.name, self.rollback.plan_html)
            self.assertIn(row.after, self.rollback.plan_html)
        (row,) = load_register_rows(self.rollback)
        self.assertEqual(
            (row.changes.has_plan, row.operations_before), (False, (1002,))
        )
