"""What somebody does in the list of jobs, and to the people behind them."""

from odoo import fields
from odoo.tests import tagged

from odoo.addons.queue_job.job import CANCELLED, DONE

from .acts_on_jobs import (
    JOB_ACTS,
    STARTER_ACTS,
    cancel_job,
    cancel_jobs,
    delete_job,
    delete_jobs,
    jobs_left,
    set_job_done,
)
from .common import MistakeCase
from .series import invalidate
from .undone import undone


class JobListCase(MistakeCase):
    """Alice's request was paid with Bruno's payment; the rollback has begun."""

    def start(self, until="remove_match"):
        rollback = self.start_rollback(self.request, self.bruno)
        self.run_jobs(rollback, until=until)
        return rollback

    def look_after(self):
        """What the scheduled action does."""
        self.env.ref(
            "cooperator_reconcile_rollback.ir_cron_find_lost_jobs"
        ).method_direct_trigger()
        invalidate(self.env)


@tagged("post_install", "-at_install", "slow")
class TestJobList(JobListCase):
    def assertStopped(self, rollback, place):
        """The form says which step nothing will run, and offers Retry."""
        invalidate(self.env)
        self.assertTrue(rollback.can_retry)
        self.assertRegex(
            rollback.waiting_problem, rf"Step {place} \(.*by hand: press Retry"
        )

    def test_every_way(self):
        """Retry queues what is missing, in order, whatever was done to the jobs."""
        before = self.books()
        for act in JOB_ACTS.values():
            with self.subTest(act=act.__name__):
                rollback = self.start()
                act(self, rollback)
                self.assertStopped(rollback, "4")
                rollback.action_retry()
                self.assertFalse(rollback.can_retry)
                self.assertFalse(rollback.waiting_problem)
                self.run_jobs(rollback)
                self.assertEqual(rollback.state, "done", rollback.error)
                self.assertBooksAsPlanned(rollback)
                self.assertEqual(rollback._find_tampering(), [])
                rollback.action_revert()
                self.run_jobs(rollback, until="reset_membership")
                act(self, rollback)
                self.assertStopped(rollback, "6")
                rollback.action_retry()
                self.run_jobs(rollback)
                self.assertEqual(rollback.state, "reverted", rollback.error)
                self.assertEqual(rollback._find_tampering(), [])
                self.assertBooksRestored(before)

    def test_somebody_is_told(self):
        """A scheduled action notices: the rollback has failed, and says so once."""
        rollback = self.start()
        self.look_after()
        self.assertEqual(rollback.state, "running")
        delete_job(self, rollback)
        for _time in range(2):
            self.look_after()
            self.assertEqual(rollback.state, "failed")
            activity = rollback.activity_ids
            self.assertEqual(activity.user_id, rollback.user_id)
            self.assertIn("press Retry", activity.note)
        self.assertIn("step 4", rollback.error.lower())
        self.assertTrue(rollback.mail_held)
        self.assertEqual(self.company._get_locking_rollback(), rollback)
        rollback.action_retry()
        self.assertFalse(rollback.activity_ids)
        self.run_jobs(rollback)
        self.assertDone(rollback)

    def test_told_while_reverting(self):
        rollback = self.start()
        rollback.action_revert()
        self.run_jobs(rollback, until="remove_shares")
        cancel_jobs(self, rollback)
        self.look_after()
        self.assertEqual(rollback.state, "failed")
        rollback.action_retry()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "reverted")

    def test_last_job_set_done(self):
        """Nothing waits any more, and yet the rollback has not ended."""
        rollback = self.start(until="clear_mail")
        set_job_done(self, rollback)
        self.assertStopped(rollback, "11")
        rollback.action_retry()
        self.run_jobs(rollback)
        self.assertDone(rollback)

    def test_set_done_and_gone_on(self):
        """The next step refuses; Retry begins with the one that was left out."""
        rollback = self.start()
        set_job_done(self, rollback)
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "failed")
        self.assertIn("step 5 has to wait for step 4", rollback.error)
        rollback.action_retry()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "done")

    def test_reverted_instead(self):
        before = self.books()
        rollback = self.start()
        delete_jobs(self, rollback)
        self.revert(rollback)
        self.assertBooksRestored(before)

    def test_nothing_is_lost_between_two_steps(self):
        """A job whose turn has not come, or that is retried, is no lost one."""
        rollback = self.start()
        while rollback.state == "running":
            self.assertFalse(rollback.can_retry)
            self.run_steps_of_jobs(rollback)
        self.assertEqual(rollback.state, "done")

    def run_steps_of_jobs(self, rollback):
        waiting = self.jobs_of(rollback).filtered(lambda job: job.state == "pending")
        self.run_job(waiting[0].uuid)
        invalidate(self.env)

    def test_what_it_waits_for_is_deleted(self):
        """The next step's job waits for one that is not there any more."""
        rollback = self.start()
        done = self.jobs_of(rollback).filtered(lambda job: job.state == DONE)[-1]
        done.requeue()
        left = jobs_left(self, rollback) - done
        left[0].requeue()
        self.assertEqual(left[0].state, "wait_dependencies")
        done.unlink()
        self.assertStopped(rollback, "4")
        rollback.action_retry()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "done")

    def test_due_again_is_not_lost(self):
        """A failure that is tried again by itself needs nobody."""
        rollback = self.start()
        job = self.jobs_of(rollback).filtered(lambda job: job.state == "pending")[0]
        job.sudo().write({"state": "failed", "exc_name": "ConnectionError"})
        self.assertTrue(job.next_attempt)
        self.look_after()
        self.assertEqual(rollback.state, "running")
        self.assertFalse(rollback.can_retry)
        job.next_attempt = fields.Datetime.now()
        self.env["queue.job"]._cron_retry_failed_jobs()
        self.run_jobs(rollback)
        self.assertDone(rollback)

    def test_retried_by_another_manager(self):
        """What is left runs for whoever presses Retry; nothing of it waits twice."""
        rollback = self.start()
        cancel_job(self, rollback)
        other = self.make_user("other", "cooperator.cooperator_group_manager")
        rollback.with_user(other).action_retry()
        left = rollback.step_ids.filtered(lambda step: step.state == "pending")
        self.assertEqual(left._get_jobs().user_id, other)
        jobs = self.env["queue.job"].search([("model_name", "=", left._name)])
        waiting = jobs.filtered(lambda job: job.state not in (DONE, CANCELLED))
        self.assertEqual(len(waiting), len(left))


@tagged("post_install", "-at_install", "slow")
class TestStarter(JobListCase):
    """The rights of whoever has started it were looked at then, and not again."""

    def test_every_change(self):
        for act in STARTER_ACTS.values():
            with self.subTest(act=act.__name__), undone(self.env):
                self.set_next_numbers(self.company, self.next_numbers())
                self.check_change(act)

    def check_change(self, act):
        second = self.make_user(act.__name__, "cooperator.cooperator_group_manager")
        third = self.make_user("third", "cooperator.cooperator_group_manager")
        rollback = self.start().with_user(third)
        act(self, rollback)
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "done", rollback.error)
        self.assertBooksAsPlanned(rollback)
        rollback.with_user(second).action_revert()
        self.run_jobs(rollback, until="make_match")
        act(self, rollback)
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "reverted", rollback.error)
        self.assertEqual(rollback._find_tampering(), [])
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])
        self.assertPaid(self.alice)
        self.assertOpen(self.bruno)

    def test_somebody_else_is_told(self):
        """Whoever has started it is responsible for it, and may not see it any more."""
        second = self.make_user("second", "cooperator.cooperator_group_manager")
        for act in STARTER_ACTS.values():
            with self.subTest(act=act.__name__), undone(self.env):
                # of the company that somebody was moved to before
                self.env.registry.clear_caches()
                self.set_next_numbers(self.company, self.next_numbers())
                rollback = self.start().with_user(second)
                act(self, rollback)
                delete_job(self, rollback)
                self.look_after()
                told = rollback.activity_ids.user_id
                self.assertNotEqual(told, self.manager)
                self.assertTrue(rollback.with_user(told).can_retry)
                rollback.with_user(second).action_retry()
                self.run_jobs(rollback)
                self.assertEqual(rollback.state, "done", rollback.error)
