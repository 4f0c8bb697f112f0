"""What is found out once is kept: register lines by the draft, the plan by the rollback."""

from unittest.mock import patch

from odoo.tests import tagged

from ..services.planner import Planner
from .builders import ALICE, BRUNO
from .common import RollbackCase
from .series import flush, invalidate


class KeptPlanCase(RollbackCase):
    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)
        cls.pay(cls.alice, by=cls.bruno.partner_id)
        cls.request = cls.alice.capital_release_request

    def run_sql(self, statement, *arguments):
        flush(self.env)
        self.env.cr.execute(statement, arguments)
        invalidate(self.env)


@tagged("post_install", "-at_install")
class TestKeptPlan(KeptPlanCase):
    def plan(self, **options):
        rollback = self.draft_rollback(self.request, self.bruno, **options)
        rollback.action_plan()
        return rollback

    def test_made_for_the_plan_and_the_start(self):
        """No step makes it again: nothing can change while the register is held."""
        make_plan = Planner.make_plan
        with patch.object(Planner, "make_plan", autospec=True) as spy:
            spy.side_effect = make_plan
            rollback = self.plan()
            self.assertEqual(spy.call_count, 1)
            rollback.action_start()
            self.assertEqual(spy.call_count, 2)
            self.run_jobs(rollback)
            self.assertEqual(spy.call_count, 2)
        self.assertDone(rollback)

    def test_read_once(self):
        """However often it is asked for, also after the cache was emptied."""
        rollback = self.plan()
        invalidate(self.env)
        plan = rollback._get_plan()
        invalidate(self.env)
        self.assertIs(rollback._get_plan(), plan)

    def test_undone(self):
        """A plan whose transaction was undone is not that of the rollback."""
        rollback = self.plan()
        invalidate(self.env)
        kept = rollback._get_plan()
        self.env.cr.execute("SAVEPOINT planned")
        rollback.write({"mail_scope": "all"})
        rollback.action_draft()
        rollback.line_ids.right_move_id = False
        rollback.action_plan()
        self.assertNotEqual(rollback._get_plan(), kept)
        flush(self.env)
        invalidate(self.env)
        self.env.cr.execute("ROLLBACK TO SAVEPOINT planned")
        self.env.clear()
        self.assertEqual(rollback._get_plan(), kept)

    def test_lock_is_taken_again(self):
        """Somebody has released the register behind the rollback's back."""
        rollback = self.plan()
        rollback.action_start()
        self.run_jobs(rollback, until="hold_mail")
        self.run_sql("UPDATE cooperator_register_lock SET rollback_id = NULL")
        self.run_jobs(rollback, until="record_numbers")
        self.assertEqual(
            self.company._get_locking_rollback().with_env(self.env), rollback
        )
        self.run_jobs(rollback)
        self.assertDone(rollback)


@tagged("post_install", "-at_install")
class TestKeptRegisterLines(KeptPlanCase):
    def register_lines(self):
        return self.env["subscription.register"].search(
            [("partner_id", "=", self.alice.partner_id.id)]
        )

    def test_kept_by_the_draft(self):
        rollback = self.draft_rollback(self.request, self.bruno)
        self.assertEqual(
            list(rollback.line_ids._get_register_lines().values()),
            [self.register_lines()],
        )
        with patch.object(
            type(self.request), "_find_register_lines", autospec=True
        ) as search:
            rollback.action_plan()
            rollback.action_start()
        search.assert_not_called()

    def test_line_is_another_record_now(self):
        """Found again, where another rollback has applied the operation again."""
        rollback = self.draft_rollback(self.request, self.bruno)
        self.run_sql(
            "UPDATE subscription_register SET id = nextval('subscription_register_id_seq')"
            " WHERE id = %s",
            self.register_lines().id,
        )
        rollback.action_plan()
        self.assertEqual(
            rollback._get_plan().removed_lines, tuple(self.register_lines().ids)
        )

    def test_second_operation_after_the_draft(self):
        """The request has two by now: which one goes is not for the rollback to guess."""
        rollback = self.draft_rollback(self.request, self.bruno)
        second = self.register_lines().copy({"register_number_operation": 1003})
        second.capital_release_request_id = self.request
        self.assertRefused("1002, 1003", rollback.action_plan)

    def test_linked_after_the_draft(self):
        """Several fitted, and none was kept; the one that is linked since is taken."""
        first = self.register_lines()
        second = first.copy({"register_number_operation": 1003})
        (first | second).write({"capital_release_request_id": False})
        match = self.matches_of(self.request)
        rollback = self.env["reconciliation.rollback"].create(
            {"line_ids": [(0, 0, {"wrong_match_id": match.id})]}
        )
        line = rollback.line_ids
        self.assertFalse(line.register_lines)
        self.assertRefused("1002, 1003", rollback.action_plan)
        second.capital_release_request_id = self.request
        self.assertEqual(line._get_register_lines(), {line: second})
