import traceback
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from odoo.addons.queue_job.job import DONE, FAILED, PENDING, WAIT_DEPENDENCIES, Job

from ..hooks import post_init_hook
from .common import JobCase
from .series import invalidate


class TestRetry(JobCase):
    """A failed job is tried again as its policy says, and given up in the end."""

    def setUp(self):
        super().setUp()
        self.policy = self._make_policy(
            max_attempts=3, first_delay=60, factor=5, longest_delay=3600
        )
        self.job = self._make_job()

    def assertNextAttemptIn(self, seconds, job=None):
        job = job or self.job
        expected = fields.Datetime.now() + timedelta(seconds=seconds)
        self.assertAlmostEqual(job.next_attempt, expected, delta=timedelta(seconds=10))
        self.assertEqual(job.state, FAILED)
        self.assertFalse(job.given_up)

    def test_failed_job_is_tried_again(self):
        self._fail(self.job)
        self.assertNextAttemptIn(60)
        self.assertEqual(self.job.attempt_count, 1)
        self.assertEqual(self._get_heard(), ["_on_job_retry_planned"])

        self._retry()
        self.assertEqual(self.job.state, FAILED, "it is not due yet")
        self._make_due(self.job)
        self._retry()
        self.assertEqual(self.job.state, PENDING)
        self.assertFalse(self.job.next_attempt)
        self.assertFalse(self.job.date_started)

        self._work_on(self.job)
        self.assertEqual(self.job.state, DONE)
        self.assertEqual(self.job.result, "done for Anna")
        self.assertFalse(self.job.next_attempt)
        self.assertFalse(self.job.given_up)

    def test_delays_grow_until_the_job_is_given_up(self):
        for delay in (60, 300):
            self._fail(self.job)
            self.assertNextAttemptIn(delay)
            self._make_due(self.job)
            self._retry()
        self._fail(self.job)
        self.assertEqual(self.job.state, FAILED)
        self.assertTrue(self.job.given_up)
        self.assertFalse(self.job.next_attempt)
        self.assertEqual(self.job.attempt_count, 3)
        self.assertEqual(
            self._get_heard(),
            ["_on_job_retry_planned", "_on_job_retry_planned", "_on_job_failed"],
        )
        self._retry()
        self.assertEqual(self.job.state, FAILED)

    def test_each_attempt_has_all_retries_of_its_own(self):
        """What queue_job itself counts begins anew with each attempt."""
        self.job.retry = 4
        self._fail(self.job)
        self._make_due(self.job)
        self._retry()
        self.assertEqual(self.job.retry, 0)

    def test_business_errors_need_a_person(self):
        for error in (UserError("Not paid"), ValidationError("Too much")):
            job = self._make_job()
            self._fail(job, error)
            self.assertTrue(job.given_up)
            self.assertEqual(job.attempt_count, 1)
        self.assertEqual(self._get_heard(), ["_on_job_failed", "_on_job_failed"])

    def test_runner_that_stores_the_traceback_alone(self):
        """What the exception was is read there: business errors need a person."""
        for error, given_up in ((UserError("Not\npaid"), True), (KeyError("x"), False)):
            job = self._make_job()
            try:
                raise error
            except type(error):
                text = traceback.format_exc()
            loaded = Job.load(self.env, job.uuid)
            loaded.set_failed(exc_info=text)
            loaded.store()
            self.assertEqual(job.given_up, given_up)
            self.assertEqual(job.exc_message, str(error))
        self.assertEqual(self._get_heard(), ["_on_job_failed", "_on_job_retry_planned"])

    def test_only_the_named_exceptions(self):
        self.policy.retried_exceptions = "OSError\nno.such.Error"
        self._fail(self.job, ConnectionError("no answer"))
        self.assertNextAttemptIn(60)
        other = self._make_job()
        self._fail(other, KeyError("name"))
        self.assertTrue(other.given_up)

    def test_job_without_policy(self):
        job = self._make_job(channel="root")
        self._fail(job)
        self.assertTrue(job.given_up)
        self.assertEqual(self._get_heard(), ["_on_job_failed"])
        self.assertFalse(job.activity_ids)

    def test_archived_policy_counts_no_more(self):
        self.policy.active = False
        self._fail(self.job)
        self.assertTrue(self.job.given_up)

    def test_person_requeues(self):
        """The count begins anew: whoever requeues a job has changed something."""
        self._fail(self.job)
        self.job.requeue()
        self.assertEqual(self.job.state, PENDING)
        self.assertEqual(self.job.attempt_count, 0)
        self.assertFalse(self.job.next_attempt)
        self._fail(self.job, UserError("Not paid"))
        self.assertTrue(self.job.given_up)
        self.job.requeue()
        self.assertFalse(self.job.given_up)
        self._fail(self.job)
        self.assertNextAttemptIn(60)

    def test_stuck_job_keeps_its_count(self):
        """What queue_job requeues by itself was not corrected by a person."""
        self._fail(self.job)
        self._make_due(self.job)
        self._retry()
        self.job.state = "enqueued"
        self.job.requeue()
        self.assertEqual(self.job.attempt_count, 1)

    def test_cancelled_job_is_not_tried_again(self):
        self._fail(self.job)
        self._make_due(self.job)
        self.job.button_cancelled()
        self.assertFalse(self.job.next_attempt)
        self._retry()
        self.assertEqual(self.job.state, "cancelled")

    def test_failure_that_the_orm_did_not_see(self):
        """The runner of queue_job 16.0 stores by SQL that a job was found dead."""
        self._run_sql_on(self.job, "state = 'failed', exc_name = 'SomeError'")
        self._retry()
        self.assertNextAttemptIn(60)
        self._run_sql_on(
            self.job,
            "state = 'failed', exc_name = 'JobFoundDead', next_attempt = NULL",
        )
        self._retry()
        self.assertTrue(self.job.given_up)

    def test_old_failures_when_the_addon_is_installed(self):
        """Nobody is told of what has failed before, and it stays failed."""
        self._run_sql_on(self.job, "state = 'failed', due_since = NULL")
        waiting = self._make_job()
        self._run_sql_on(waiting, "due_since = NULL")
        post_init_hook(self.env.cr, self.registry)
        invalidate(self.env)
        self._retry()
        self.assertTrue(self.job.given_up)
        self.assertEqual(self.job.attempt_count, 0)
        self.assertFalse(self.heard)
        self.assertEqual(waiting.due_since, waiting.date_created)

    def _run_sql_on(self, job, assignments):
        invalidate(self.env)
        self.env.cr.execute(
            "UPDATE queue_job SET %s WHERE id = %%s" % assignments, (job.id,)
        )
        invalidate(self.env)

    def test_record_that_cannot_hear_hears_later(self):
        """The failure is stored, whatever happens to those who are told."""

        def fail_to_listen(partners, job):
            raise KeyError("not now")

        self.policy.max_attempts = 1
        listen = type(self.env["res.partner"])._on_job_failed
        self._give_partners("_on_job_failed", fail_to_listen)
        with mute_logger("odoo.addons.queue_job_config.models.queue_job"):
            self._fail(self.job)
        self.assertEqual(self.job.state, FAILED)
        self.assertFalse(self.job.given_up)
        self.assertEqual(self.job.attempt_count, 0)

        self._give_partners("_on_job_failed", listen)
        self._retry()
        self.assertTrue(self.job.given_up)
        self.assertEqual(self.job.attempt_count, 1)
        self.assertEqual(self.heard, [("_on_job_failed", self.partner, self.job)])

    def test_retried_job_waits_for_others_that_are_not_done(self):
        first, second = (
            Job(self.partner.run_in_test, channel="root.in_test") for _ in range(2)
        )
        second.add_depends({first})
        for job in (first, second):
            job.graph_uuid = "in test"
            job.store()
        first, second = first.db_record(), second.db_record()
        self._work_on(first)
        self._fail(second)
        self._make_due(second)
        first.requeue()
        self._retry()
        self.assertEqual(second.state, WAIT_DEPENDENCIES)

    def test_many_jobs_with_few_queries(self):
        """Forty jobs take hardly more queries than ten."""
        jobs = self.jobs.browse()
        for _number in range(50):
            jobs |= self._make_job()
        jobs.write(
            {"state": FAILED, "exc_name": "SomeError"},
        )
        self.assertEqual(set(jobs.mapped("attempt_count")), {1})
        counts = []
        for number in (10, 40):
            due = jobs.filtered("next_attempt")[:number]
            due.write({"next_attempt": fields.Datetime.now() - timedelta(1)})
            invalidate(self.env)
            before = self.cr.sql_log_count
            self.jobs._cron_retry_failed_jobs()
            invalidate(self.env)
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(set(due.mapped("state")), {PENDING})
        self.assertLess(counts[1], counts[0] + 5)

    def test_nobody_is_sent_a_message_before_the_end(self):
        self._fail(self.job)
        subtype = self.env.ref("queue_job.mt_job_failed")
        messages = self.job.message_ids.filtered(lambda m: m.subtype_id == subtype)
        self.assertFalse(messages)
        self._make_due(self.job)
        self._retry()
        self._fail(self.job, UserError("Not paid"))
        messages = self.job.message_ids.filtered(lambda m: m.subtype_id == subtype)
        self.assertEqual(len(messages), 1)

    def test_no_client_can_hide_a_failure(self):
        """The mark of retried jobs in the context is none that comes over RPC."""
        key = "queue_job_config_retried"
        for value in (self.job.ids, [[self.job.id]], True):
            job = self.job.with_context(**{key: value})
            self.assertTrue(job._message_failed_job())
