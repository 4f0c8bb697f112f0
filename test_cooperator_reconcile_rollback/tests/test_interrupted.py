from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.cooperator_reconcile_rollback.ledger.finding import (
    OPERATION_SEQUENCE_OFF,
)
from odoo.addons.cooperator_reconcile_rollback.tests.builders import ALICE, BRUNO, CLARA
from odoo.addons.cooperator_reconcile_rollback.tests.common import RollbackCase
from odoo.addons.cooperator_reconcile_rollback.tests.register_fix_case import (
    RegisterFixCase,
)
from odoo.addons.cooperator_reconcile_rollback.tests.snapshots import NextNumbers
from odoo.addons.cooperator_reconcile_rollback.tests.undone import undone

from ..interruption import PARAMETER
from ..models.step_interrupt import NOTES

GUARD = "odoo.addons.cooperator_reconcile_rollback.services.commit_guard"
WAYS = ("commit", "rollback")


class Interrupted:
    """Ending transactions in the middle; mixed into the test case."""

    def interrupt(self, when):
        self.env["ir.config_parameter"].set_param(PARAMETER, when)


@tagged("post_install", "-at_install")
class TestInterrupted(Interrupted, RollbackCase):
    """A step of another add-on wants to commit in the middle, or to roll back.

    It is refused before anything is stored. What gets past the cursor's methods is tried
    on a running server: here it would end the test's own transaction.
    """

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)
        cls.pay(cls.alice, by=cls.bruno.partner_id)

    def plan(self):
        rollback = self.draft_rollback(self.alice.capital_release_request, self.bruno)
        rollback.action_plan()
        return rollback

    def notes(self):
        return self.env[NOTES].search([]).mapped("text")

    def step(self, rollback):
        return rollback.step_ids.filtered(lambda step: step.kind == "interrupt")

    def assertNamed(self, rollback, text):
        """The text names the rollback and the step, and what to do."""
        self.assertRegex(
            text,
            rf"interrupted “{rollback.name}, (undo )?step 9.3: Step: interrupt” with a "
            "commit or rollback.*find that add-on in the log",
        )

    @mute_logger(GUARD)
    def test_forward(self):
        """It fails for good, is named, and can be tried again once that is mended."""
        for way in WAYS:
            with self.subTest(way), undone(self.env):
                self.interrupt(f"run: {way}")
                rollback = self.plan()
                rollback.action_start()
                self.run_jobs(rollback)
                self.assertEqual(rollback.state, "failed")
                self.assertEqual(self.step(rollback).state, "failed")
                self.assertNamed(rollback, self.step(rollback).error)
                self.assertNotIn("first half", self.notes())
                self.interrupt("no more")
                rollback.action_retry()
                self.run_jobs(rollback)
                self.assertEqual(rollback.state, "done", rollback.error)
                self.assertIn("second half", self.notes())

    @mute_logger(GUARD)
    def test_forward_and_back(self):
        self.interrupt("run: commit")
        rollback = self.plan()
        rollback.action_start()
        self.run_jobs(rollback)
        rollback.action_revert()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "reverted", rollback.error)
        self.assertFalse(self.notes())

    @mute_logger(GUARD)
    def test_dry_run(self):
        """What came of it says so, and nothing of it remains."""
        for way in WAYS:
            with self.subTest(way), undone(self.env):
                self.interrupt(f"run: {way}")
                rollback = self.plan()
                rollback.action_dry_run()
                self.assertNamed(rollback, rollback.dry_run_html)
                self.assertEqual(rollback.state, "planned")
                self.assertFalse(rollback.step_ids)
                self.assertFalse(self.company._get_locking_rollback())
                self.assertFalse(self.notes())

    @mute_logger(GUARD)
    def test_revert(self):
        """It is refused before anything is undone."""
        for way in WAYS:
            with self.subTest(way), undone(self.env):
                self.interrupt(f"undo: {way}")
                rollback = self.plan()
                rollback.action_start()
                self.run_jobs(rollback)
                self.assertEqual(rollback.state, "done", rollback.error)
                with self.assertRaises(UserError) as refused:
                    rollback.action_revert()
                self.assertNamed(rollback, refused.exception.args[0])
                self.assertEqual(rollback.state, "done")
                self.assertNotIn("half undone", self.notes())
                self.interrupt("no more")
                rollback.action_revert()
                self.run_jobs(rollback)
                self.assertEqual(rollback.state, "reverted", rollback.error)

    @mute_logger(GUARD)
    def test_while_it_is_reverted(self):
        """The add-on is updated between the click and the job."""
        for way in WAYS:
            with self.subTest(way), undone(self.env):
                self.interrupt("not yet")
                rollback = self.plan()
                rollback.action_start()
                self.run_jobs(rollback)
                rollback.action_revert()
                self.interrupt(f"undo: {way}")
                self.run_jobs(rollback)
                self.assertEqual(rollback.state, "failed")
                self.assertNamed(rollback, self.step(rollback).error)
                self.assertNotIn("half undone", self.notes())
                self.interrupt("no more")
                rollback.action_retry()
                self.run_jobs(rollback)
                self.assertEqual(rollback.state, "reverted", rollback.error)
                self.assertFalse(self.notes())

    @mute_logger(GUARD)
    def test_right_match(self):
        """Not only a step of its own: what a payment sets in motion commits."""
        self.interrupt("payment: commit")
        rollback = self.plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "failed")
        self.assertIn("step 8: Make the right match”", rollback.error)
        self.assertCandidate(self.bruno.partner_id)
        self.interrupt("no more")
        rollback.action_retry()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "done", rollback.error)

    @mute_logger(GUARD)
    def test_payment_meanwhile(self):
        """A payment that has waited for the rollback is registered whole or not at all."""
        rollback = self.plan()
        rollback.action_start()
        clara = self.subscribe(CLARA, 2, self.share_y)
        self.pay(clara)
        postponed = rollback.postponed_ids
        request = clara.capital_release_request.display_name
        words = f"“Register the payment of {request} by .*” with a commit or rollback"
        self.run_jobs(rollback)
        self.interrupt("payment: commit")
        self.run_other_jobs()
        job = self.env["queue.job"].search([("model_name", "=", postponed._name)])
        self.assertEqual(job.state, "failed")
        self.assertRegex(job.exc_message, words)
        self.assertEqual(postponed.state, "failed")
        self.assertFalse(clara.capital_release_request._find_register_lines())
        self.interrupt("no more")
        job.requeue()
        self.run_other_jobs()
        self.assertEqual(postponed.state, "done")


@tagged("post_install", "-at_install")
class TestInterruptedFix(Interrupted, RegisterFixCase):
    @mute_logger(GUARD)
    def test_fix(self):
        """A fix of a finding is stored whole or not at all."""
        self.set_next_numbers(self.company, NextNumbers(1004, 504))
        finding = self.assertFinds(OPERATION_SEQUENCE_OFF)
        for way in WAYS:
            self.interrupt(f"fix: {way}")
            self.assertNotFixed("“Set to 1007” with a commit or rollback", finding)
        self.interrupt("no more")
        self.assertFixed(finding, "sequences")
