from datetime import timedelta

from odoo import fields

from odoo.addons.queue_job.job import DONE, ENQUEUED, PENDING, STARTED

from ..health import run_lock
from ..health.queue_job_internals import get_runner_lock, revives_jobs
from .common import JobCase


class TestWaiting(JobCase):
    """Jobs that nobody runs are noticed, and it is said what to do."""

    def setUp(self):
        super().setUp()
        self.jobs.search([]).unlink()
        self.job = self._make_job()

    def _wait(self, job, minutes):
        job.due_since = fields.Datetime.now() - timedelta(minutes=minutes)

    def test_job_that_waits_for_long(self):
        self._wait(self.job, 10)
        problem = self.jobs._get_runner_problem()
        self.assertIn("A job has been waiting since", problem)
        self.assertIn("server_wide_modules = base,web,queue_job", problem)
        self.assertIn("channels = root:2", problem)
        self.assertEqual(self.job._get_waiting_problem(), problem)
        self.assertEqual(self.job.waiting_problem, problem)

    def test_several_jobs(self):
        others = self._make_job() | self._make_job()
        for job in self.job | others:
            self._wait(job, 10)
        self.assertIn("3 jobs have been waiting", self.jobs._get_runner_problem())
        self.assertIn("2 jobs have been waiting", others._get_waiting_problem())

    def test_enqueued_job_that_nobody_takes(self):
        self.job.state = ENQUEUED
        self._wait(self.job, 10)
        self.assertTrue(self.jobs._get_runner_problem())

    def test_time_is_the_users(self):
        self.job.due_since = now = fields.Datetime.now() - timedelta(minutes=10)
        for zone, hours in (("UTC", 0), ("Asia/Tokyo", 9)):
            jobs = self.jobs.with_context(tz=zone)
            time = (now + timedelta(hours=hours)).strftime("%H:%M")
            self.assertIn("%s, and no job" % time, jobs._get_runner_problem())

    def test_day_is_said_where_it_is_not_today(self):
        self._wait(self.job, 2 * 24 * 60)
        day = self.job.due_since.strftime("%m/%d/%Y")
        self.assertIn("since %s" % day, self.jobs._get_runner_problem())

    def test_healthy(self):
        self.assertFalse(self.jobs._get_runner_problem(), "it was only just made")
        self.assertFalse(self.jobs._get_waiting_problem(), "no job")
        self._wait(self.job, 1)
        self.assertFalse(self.job._get_waiting_problem())
        self.job.state = DONE
        self._wait(self.job, 10)
        self.assertFalse(self.job._get_waiting_problem())

    def test_administrator_sets_the_patience(self):
        self._wait(self.job, 10)
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("queue_job_config.waiting_patience", "900")
        self.assertFalse(self.jobs._get_runner_problem())

    def test_job_for_later(self):
        later = self._make_job(eta=fields.Datetime.now() + timedelta(hours=1))
        self.assertGreater(later.due_since, fields.Datetime.now())
        self.assertFalse(later._get_waiting_problem())
        self.job.eta = later.eta
        self.assertEqual(self.job.due_since, later.due_since)

    def test_requeued_job_waits_from_then_on(self):
        self._fail(self.job)
        self.job.write({"date_started": fields.Datetime.now() - timedelta(hours=3)})
        self._wait(self.job, 180)
        self.job.requeue()
        self.assertFalse(self.jobs._get_runner_problem())

    def test_busy_runner(self):
        """Others have started meanwhile: this one is just not in turn."""
        self._wait(self.job, 10)
        other = self._make_job()
        self._work_on(other)
        self.assertFalse(self.job._get_waiting_problem())
        five_minutes_ago = fields.Datetime.now() - timedelta(minutes=5)
        other.date_started = fields.Datetime.now() - timedelta(hours=1)
        self.assertFalse(
            self.job._get_waiting_problem(), "the other was only just done"
        )
        other.date_done = five_minutes_ago
        problem = self.job.with_context(tz="UTC")._get_waiting_problem()
        self.assertIn(five_minutes_ago.strftime("since %H:%M"), problem)

    def test_long_job_that_is_being_run(self):
        self._wait(self.job, 10)
        other = self._make_job()
        hour_ago = fields.Datetime.now() - timedelta(hours=1)
        other.write({"state": STARTED, "date_started": hour_ago, "has_run_lock": True})
        self.assertTrue(self.job._get_waiting_problem(), "its worker is dead")
        with self.registry.cursor() as worker:
            self._hold_lock(worker, other)
            self.assertFalse(self.job._get_waiting_problem())

    def _hold_lock(self, cr, job):
        if revives_jobs():
            cr.execute("SELECT pg_advisory_xact_lock(%s)", (get_runner_lock(),))
        else:
            run_lock.take_free(cr, job.ids)

    def test_banner(self):
        self.assertNotIn("alert", self.jobs._get_runner_banner())
        self._wait(self.job, 10)
        banner = self.jobs._get_runner_banner()
        self.assertIn("alert-warning", banner)
        self.assertIn("A job has been waiting", banner)

    def test_form_asks_only_about_its_own_job(self):
        self._wait(self.job, 10)
        other = self._make_job()
        self.assertEqual(other.state, PENDING)
        self.assertFalse(other.waiting_problem)
        self.assertTrue(self.job.waiting_problem)
