"""What a person reads when a rollback does not go on."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .builders import ALICE, BRUNO
from .common import RollbackCase
from .series import flush, invalidate


@tagged("post_install", "-at_install")
class TestFailures(RollbackCase):
    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)
        cls.pay(cls.alice, by=cls.bruno.partner_id)

    def setUp(self):
        super().setUp()
        self.rollback = self.start_rollback(
            self.alice.capital_release_request, self.bruno
        )

    def break_shares(self):
        """Let PostgreSQL refuse to delete shares, as when its disk is full."""
        self.env.cr.execute(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$;
            CREATE TRIGGER refuse BEFORE DELETE ON share_line
            FOR EACH ROW EXECUTE FUNCTION refuse()
            """
        )

    def mend_shares(self):
        self.env.cr.execute("DROP TRIGGER refuse ON share_line")

    def job(self):
        """The job of the step that removes the shares."""
        step = self.rollback.step_ids.filtered(lambda s: s.kind == "remove_shares")
        return self.jobs_of(self.rollback).filtered(lambda j: j.uuid == step.job_uuid)

    def retry_failed_jobs(self):
        """What the scheduled action does once the next attempt is due."""
        self.job().next_attempt = fields.Datetime.now()
        flush(self.env)
        self.env["queue.job"]._cron_retry_failed_jobs()

    @mute_logger("odoo.sql_db")
    def test_passing_failure(self):
        """It is tried again by itself, and nobody is asked for anything."""
        self.break_shares()
        self.run_jobs(self.rollback)
        self.assertEqual(self.rollback.state, "running")
        self.assertFalse(self.rollback.activity_ids)
        self.assertRegex(
            self.rollback.waiting_problem,
            r"Step 4 \(Remove the shares\) is tried again .* at .*: the disk is full",
        )
        self.mend_shares()
        self.retry_failed_jobs()
        self.run_jobs(self.rollback)
        self.assertDone(self.rollback)
        self.assertFalse(self.rollback.waiting_problem)

    @mute_logger("odoo.sql_db")
    def test_lasting_failure(self):
        """After the last attempt the responsible person is told, and can go on."""
        self.break_shares()
        self.run_jobs(self.rollback)
        attempts = 1
        while self.rollback.state == "running":
            self.retry_failed_jobs()
            self.run_jobs(self.rollback)
            attempts += 1
        self.assertEqual(attempts, 4)
        self.assertEqual(self.rollback.state, "failed")
        self.assertTrue(self.rollback.mail_held)
        self.assertEqual(self.company._get_locking_rollback(), self.rollback)
        activity = self.rollback.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn(self.rollback.name, activity.summary)
        for words in ("step 4 (Remove the shares)", "the disk is full", "press Retry"):
            self.assertIn(words, activity.note)
        self.assertIn(self.job().uuid, activity.note)
        self.mend_shares()
        self.rollback.action_retry()
        self.assertFalse(self.rollback.activity_ids)
        self.run_jobs(self.rollback)
        self.assertDone(self.rollback)

    def test_business_error_is_not_retried(self):
        """Only a person can put it right: that person is told at once."""
        self.run_jobs(self.rollback, until="reset_membership")
        self.bruno.capital_release_request.button_draft()
        self.run_jobs(self.rollback)
        self.assertEqual(self.rollback.state, "failed")
        self.assertRegex(
            self.rollback.activity_ids.note,
            f"{self.rollback.name}.*step 8.*{self.bruno.partner_id.name}.*not posted",
        )
        self.assertFalse(self.jobs_of(self.rollback).filtered("next_attempt"))

    def test_requeued_from_the_list_of_jobs(self):
        """Whoever looks after the jobs may requeue one instead of pressing Retry."""
        self.run_jobs(self.rollback, until="reset_membership")
        self.bruno.capital_release_request.button_draft()
        self.run_jobs(self.rollback)
        self.bruno.capital_release_request.action_post()
        self.jobs_of(self.rollback).filtered(lambda j: j.state == "failed").requeue()
        self.run_jobs(self.rollback)
        self.assertDone(self.rollback)
        self.assertFalse(self.rollback.activity_ids)

    def test_nobody_runs_the_jobs(self):
        """The form says since when, and what to start."""
        self.assertFalse(self.rollback.waiting_problem)
        jobs = self.jobs_of(self.rollback)
        jobs.write({"due_since": fields.Datetime.now() - timedelta(minutes=5)})
        flush(self.env)
        self.env.cr.execute("UPDATE queue_job SET date_started = NULL")
        invalidate(self.env)
        for rollback in (self.rollback, self.rollback.with_user(self.user)):
            self.assertIn("nobody runs them", rollback.waiting_problem)
            self.assertIn("server_wide_modules", rollback.waiting_problem)
        self.run_jobs(self.rollback)
        self.assertDone(self.rollback)
        self.assertFalse(self.rollback.waiting_problem)

    @mute_logger("odoo.sql_db")
    def test_failed_while_reverting(self):
        """The same holds for undoing."""
        self.run_jobs(self.rollback, until="remove_shares")
        self.rollback.action_revert()
        self.env.cr.execute(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON share_line
            FOR EACH ROW EXECUTE FUNCTION refuse()
            """
        )
        self.run_jobs(self.rollback)
        self.assertEqual(self.rollback.state, "reverting")
        self.assertIn("the disk is full", self.rollback.waiting_problem)
        self.mend_shares()
        failed = self.jobs_of(self.rollback).filtered(lambda j: j.state == "failed")
        failed.next_attempt = fields.Datetime.now()
        flush(self.env)
        self.env["queue.job"]._cron_retry_failed_jobs()
        self.run_jobs(self.rollback)
        self.assertEqual(self.rollback.state, "reverted")
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])
