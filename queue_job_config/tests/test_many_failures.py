from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tools import mute_logger

from odoo.addons.queue_job.job import FAILED, PENDING

from ..models import queue_job
from .common import JobCase
from .series import SERIES, invalidate

LOGGER = "odoo.addons.queue_job_config.models.queue_job"
COPY = """
    INSERT INTO queue_job (uuid, state, exc_name, {columns})
    SELECT 'copy ' || number, 'failed', 'SomeError', {columns}
    FROM queue_job, generate_series(1, %s) AS number WHERE id = %s
"""


class TestManyFailures(JobCase):
    """However many jobs fail at once, each transaction settles a bounded number."""

    def setUp(self):
        super().setUp()
        self.policy = self._make_policy(max_attempts=2, first_delay=60)
        self.job = self._make_job()

    def _fail_many(self, number):
        """Store failures by SQL, as the runner does for jobs that it finds dead."""
        invalidate(self.env)
        self.env.cr.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = 'queue_job'"
            " AND column_name NOT IN ('id', 'uuid', 'state', 'exc_name')"
        )
        columns = ", ".join(column for (column,) in self.env.cr.fetchall())
        self.env.cr.execute(COPY.format(columns=columns), (number, self.job.id))
        invalidate(self.env)
        jobs = self.jobs.search([("state", "=", FAILED), ("uuid", "like", "copy %")])
        self.assertEqual(len(jobs), number)
        return jobs

    def _run_once(self):
        """Run the scheduled action, and count its queries."""
        invalidate(self.env)
        before = self.cr.sql_log_count
        self.jobs._cron_retry_failed_jobs()
        invalidate(self.env)
        return self.cr.sql_log_count - before

    def _count(self, jobs, **values):
        invalidate(self.env)
        return len(jobs.filtered(lambda job: all(job[n] == values[n] for n in values)))

    def _get_triggers(self):
        cron = self.env.ref("queue_job_config.ir_cron_retry_failed_jobs")
        return self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])

    def test_ten_thousand(self):
        jobs = self._fail_many(10_000)
        for done in (500, 1000):
            self._run_once()
            self.assertEqual(self._count(jobs, attempt_count=1), done)
            if SERIES >= 16:
                self.assertTrue(self._get_triggers(), "the rest follows at once")
        invalidate(self.env)
        self.env.cr.execute(
            "UPDATE queue_job SET next_attempt = now() - interval '1 day'"
            " WHERE id = ANY (%s)",
            (jobs.ids,),
        )
        self._run_once()
        self.assertEqual(self._count(jobs, state=PENDING), 500)

    def test_all_of_them_in_the_end(self):
        with patch.object(queue_job, "BATCH", 10):
            jobs = self._fail_many(25)
            for _run in range(3):
                self._run_once()
            self.assertEqual(self._count(jobs, attempt_count=1), 25)
            if SERIES >= 16:
                self._get_triggers().unlink()
                self._run_once()
                self.assertFalse(self._get_triggers(), "nothing is left to do")

    def test_same_queries_for_ten_and_for_a_hundred(self):
        """The hooks of the records are called on each job; they are no queries of ours."""
        self._assert_same_queries()
        self.policy.unlink()
        self._assert_same_queries()

    def _assert_same_queries(self):
        counts = []
        for number in (10, 100):
            jobs = self._fail_many(number)
            counts.append(self._run_once())
            self.assertEqual(self._count(jobs, attempt_count=1), number)
            jobs.unlink()
        self.assertEqual(counts[0], counts[1])

    def test_one_that_cannot_be_settled_does_not_hold_up_the_others(self):
        jobs = self._fail_many(9)
        deaf = jobs[4]

        def fail_to_listen(partners, job):
            if job == deaf:
                raise KeyError("not now")

        self._give_partners("_on_job_retry_planned", fail_to_listen)
        with mute_logger(LOGGER):
            self._run_once()
        self.assertEqual(self._count(jobs, attempt_count=1), 8)
        self.assertFalse(deaf.attempt_count)

    def test_due_jobs_are_put_back_in_batches(self):
        jobs = self._fail_many(25)
        self._run_once()
        jobs.write({"next_attempt": fields.Datetime.now() - timedelta(1)})
        with patch.object(queue_job, "BATCH", 10):
            for done in (10, 20, 25):
                self._run_once()
                self.assertEqual(self._count(jobs, state=PENDING), done)
