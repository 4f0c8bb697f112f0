from datetime import timedelta

from odoo import fields

from odoo.addons.queue_job.job import (
    DONE,
    ENQUEUED,
    FAILED,
    PENDING,
    STARTED,
    WAIT_DEPENDENCIES,
    Job,
)

from ..health import run_lock
from ..health.queue_job_internals import revives_jobs
from .common import JobCase


class TestDeadWorkers(JobCase):
    """A started job that nobody runs is put back; one that somebody runs never is."""

    def setUp(self):
        super().setUp()
        if revives_jobs():
            self.skipTest("queue_job brings back the jobs of dead workers itself")
        self.job = self._make_job()

    def _start(self, job):
        """Store what a worker stores that holds the lock of a job."""
        now = fields.Datetime.now()
        job.has_run_lock = True
        job.write({"state": STARTED, "date_started": now, "worker_pid": 1})

    def test_dead_worker(self):
        self._start(self.job)
        self._revive()
        self.assertEqual(self.job.state, PENDING)
        self.assertEqual(self.job.retry, 1)
        self.assertFalse(self.job.date_started)
        self.assertFalse(self.job.worker_pid)

    def test_living_worker(self):
        self._start(self.job)
        with self.registry.cursor() as worker:
            self.assertTrue(run_lock.take_free(worker, self.job.ids))
            self._revive()
        self.assertEqual(self.job.state, STARTED)

    def test_worker_of_which_nothing_is_known(self):
        """It began before the add-on was there, or where it is not loaded."""
        self._start(self.job)
        self._fail(self.job)
        self.job.requeue()
        self.job.write({"state": STARTED, "date_started": fields.Datetime.now()})
        self._revive()
        self.assertEqual(self.job.state, STARTED)

    def test_job_that_kills_its_workers(self):
        self._make_policy(max_attempts=9)
        for retry in range(1, 5):
            self._start(self.job)
            self._revive()
            self.assertEqual((self.job.state, self.job.retry), (PENDING, retry))
        self._start(self.job)
        self._revive()
        self.assertEqual(self.job.state, FAILED)
        self.assertEqual(self.job.exc_name, "JobFoundDead")
        self.assertIn("ended 5 times", self.job.exc_message)
        self.assertTrue(self.job.given_up)
        self.assertEqual(self._get_heard(), ["_on_job_failed"])

    def test_enqueued_job_that_nobody_picked_up(self):
        now = fields.Datetime.now()
        fresh = self._make_job()
        fresh.write({"state": ENQUEUED, "date_enqueued": now})
        self.job.write({"state": ENQUEUED, "date_enqueued": now - timedelta(minutes=2)})
        self.job.attempt_count = 1
        self._revive()
        self.assertEqual(fresh.state, ENQUEUED)
        self.assertEqual(self.job.state, PENDING)
        self.assertFalse(self.job.date_enqueued)
        self.assertEqual((self.job.retry, self.job.attempt_count), (0, 1))


class TestLeftBehind(JobCase):
    """Jobs whose parents are done do not wait for ever."""

    def setUp(self):
        super().setUp()
        parents = [Job(self.partner.run_in_test) for _ in range(2)]
        child = Job(self.partner.run_in_test)
        child.add_depends(set(parents))
        for job in (*parents, child):
            job.graph_uuid = "in test"
            job.store()
        self.parents = self.jobs.browse([job.db_record().id for job in parents])
        self.child = child.db_record()
        self.assertEqual(self.child.state, WAIT_DEPENDENCIES)

    def _end(self, parent, minutes_ago):
        """Store that a job is done and die before its dependents are released."""
        self._work_on(parent)
        parent.date_done = fields.Datetime.now() - timedelta(minutes=minutes_ago)

    def test_all_parents_done(self):
        for parent in self.parents:
            self._end(parent, 2)
        self.assertEqual(self.child.state, WAIT_DEPENDENCIES)
        self._revive()
        self.assertEqual(self.child.state, PENDING)

    def test_worker_may_still_be_about_to_do_it(self):
        self._end(self.parents[0], 2)
        self._end(self.parents[1], 0)
        self._revive()
        self.assertEqual(self.child.state, WAIT_DEPENDENCIES)

    def test_one_parent_not_done(self):
        self._end(self.parents[0], 2)
        self._fail(self.parents[1])
        self._revive()
        self.assertEqual(self.child.state, WAIT_DEPENDENCIES)
        self.assertEqual(self.parents[0].state, DONE)

    def test_graph_in_which_a_job_runs(self):
        """Its end comes first, but a job that may be dead holds up nothing."""
        for parent in self.parents:
            self._end(parent, 2)
        other = self._make_job()
        now = fields.Datetime.now()
        other.write({"graph_uuid": "in test", "state": STARTED, "date_enqueued": now})
        self._revive()
        self.assertEqual(self.child.state, WAIT_DEPENDENCIES)
        other.date_enqueued = now - timedelta(hours=2)
        self._revive()
        self.assertEqual(self.child.state, PENDING)
