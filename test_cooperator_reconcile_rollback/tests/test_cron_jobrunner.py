from datetime import timedelta
from unittest import SkipTest

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.cooperator_reconcile_rollback.tests.common import MistakeCase
from odoo.addons.cooperator_reconcile_rollback.tests.series import invalidate

RUNNER_LOG = "odoo.addons.queue_job_cron_jobrunner.models.queue_job"


@tagged("post_install", "-at_install")
class TestCronJobrunner(MistakeCase):
    """Jobs that OCA's queue_job_cron_jobrunner runs: Odoo's scheduled actions do.

    It runs each job in a savepoint of one transaction, and of an error it stores the
    traceback alone.
    """

    def setUp(self):
        super().setUp()
        if "queue_job_runner" not in self.env["ir.cron"]:
            raise SkipTest("queue_job_cron_jobrunner is not installed")

    def run_scheduled_action(self):
        """Run all jobs that wait, as the scheduled action does but for its commits."""
        self.env["queue.job"]._job_runner(commit=False)
        invalidate(self.env)

    def start(self):
        return self.start_rollback(self.request, self.bruno)

    def test_forwards_and_back(self):
        before = self.books()
        rollback = self.start()
        self.run_scheduled_action()
        self.assertEqual(rollback.state, "done", rollback.error)
        self.assertBooksAsPlanned(rollback)
        self.assertEqual(rollback._find_tampering(), [])
        rollback.action_revert()
        self.run_scheduled_action()
        self.assertEqual(rollback.state, "reverted", rollback.error)
        self.assertBooksRestored(before)

    @mute_logger(RUNNER_LOG)
    def test_business_error(self):
        """It is not tried again: a person is told what to do, in words."""
        rollback = self.start()
        self.bruno.capital_release_request.button_draft()
        self.run_scheduled_action()
        self.assertEqual(rollback.state, "failed")
        job = self.jobs_of(rollback).filtered(lambda job: job.state == "failed")
        self.assertEqual(job.exc_name, "odoo.exceptions.UserError")
        self.assertEqual(rollback.error, job.exc_message)
        self.assertNotIn("Traceback", rollback.error)
        note = rollback.activity_ids.note
        self.assertIn(self.bruno.capital_release_request.name, note)
        self.assertNotIn(job.uuid, note)
        self.bruno.capital_release_request.action_post()
        rollback.action_retry()
        self.run_scheduled_action()
        self.assertEqual(rollback.state, "done", rollback.error)

    @mute_logger(RUNNER_LOG, "odoo.sql_db")
    def test_passing_error(self):
        """It is tried again by itself, and what the step had done is not there."""
        rollback = self.start()
        self.env.cr.execute(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$;
            CREATE TRIGGER refuse BEFORE DELETE ON subscription_register
            FOR EACH ROW EXECUTE FUNCTION refuse()
            """
        )
        self.run_scheduled_action()
        self.assertEqual(rollback.state, "running")
        self.assertIn("the disk is full", rollback.waiting_problem)
        self.env.cr.execute("DROP TRIGGER refuse ON subscription_register")
        failed = self.jobs_of(rollback).filtered(lambda job: job.state == "failed")
        failed.next_attempt = fields.Datetime.now()
        self.env["queue.job"]._cron_retry_failed_jobs()
        self.run_scheduled_action()
        self.assertEqual(rollback.state, "done", rollback.error)

    def test_nobody_runs_the_jobs(self):
        """The form names the scheduled action, not a configuration that is not used."""
        rollback = self.start()
        jobs = self.jobs_of(rollback)
        jobs.write({"due_since": fields.Datetime.now() - timedelta(minutes=5)})
        invalidate(self.env)
        self.env.cr.execute("UPDATE queue_job SET date_started = NULL")
        invalidate(self.env)
        self.assertIn("Queue Job Runner", rollback.waiting_problem)
        self.assertNotIn("server_wide_modules", rollback.waiting_problem)
