from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user

from .common import JobCase
from .series import invalidate


class TestRetryPolicy(JobCase):
    """Which policy is a job's, and what a policy may say."""

    def test_policy_of_the_nearest_channel(self):
        below = self._make_channel("below", self.channel)
        job = self._make_job(channel=below.complete_name)
        self.assertFalse(self._get_policy(job))
        root_policy = self._make_policy(channel_id=self.root.id)
        self.assertEqual(self._get_policy(job), root_policy)
        channel_policy = self._make_policy()
        self.assertEqual(self._get_policy(job), channel_policy)
        own_policy = self._make_policy(channel_id=below.id)
        self.assertEqual(self._get_policy(job), own_policy)

    def test_other_channel_with_the_same_beginning(self):
        self._make_policy()
        other = self._make_channel("in_test_too", self.root)
        self.assertFalse(self._get_policy(self._make_job(channel=other.complete_name)))

    def test_policy_of_the_function_wins(self):
        self._make_policy()
        policy = self._make_policy(job_function_id=self._make_function().id)
        self.assertEqual(self._get_policy(self._make_job()), policy)

    def _make_function(self):
        return self.env["queue.job.function"].create(
            {
                "model_id": self.env.ref("base.model_res_partner").id,
                "method": "run_in_test",
                "channel_id": self.root.id,
            }
        )

    def _get_policy(self, job):
        invalidate(self.env)
        return job.retry_policy_id

    def test_form_says_when_a_job_is_tried(self):
        manager = self._make_manager("job manager")
        policies = self.env["queue.job.retry.policy"].with_user(manager)
        form = Form(policies)
        form.channel_id = self.channel
        self.assertEqual(form.name, "root.in_test")
        form.max_attempts = 4
        form.first_delay = 30
        form.factor = 10
        form.longest_delay = 1800
        self.assertEqual(form.delays, "30 s, 5 min, 30 min")
        form.user_id = manager
        policy = form.save()
        self.assertEqual(policy.told_user_ids, manager)
        self.assertIn("odoo.exceptions.UserError", policy.excluded_exceptions)

    def test_either_a_function_or_a_channel(self):
        function = self._make_function()
        with self._refused(IntegrityError):
            self._make_policy(channel_id=self.channel.id, job_function_id=function.id)
        with self._refused(IntegrityError):
            self._make_policy(channel_id=False)

    def test_one_policy_for_each(self):
        self._make_policy()
        with self._refused(IntegrityError):
            self._make_policy()

    def test_impossible_numbers(self):
        for values in (
            {"max_attempts": 0},
            {"first_delay": 0},
            {"factor": 0.5},
            {"first_delay": 60, "longest_delay": 30},
        ):
            with self.subTest(values), self._refused(IntegrityError):
                self._make_policy(**values)

    def test_people_who_may_not_see_jobs(self):
        user = new_test_user(self.env, "clerk", "base.group_user", name="Clara Clerk")
        self._assert_nobody_told("Clara Clerk", user_id=user.id)
        group = self.env["res.groups"].create({"name": "Clerks"})
        group.users = user
        self._assert_nobody_told("Clerks", group_id=group.id)

    def _assert_nobody_told(self, people, **values):
        with self._refused(ValidationError) as refusal:
            self._make_policy(**values)
        self.assertIn("%s may not see jobs" % people, str(refusal.exception))

    def test_only_job_managers_may_see_policies(self):
        policy = self._make_policy()
        clerk = new_test_user(self.env, "clerk", "base.group_user")
        for call in (
            lambda record: record.read(["name"]),
            lambda record: record.write({"name": "Mine"}),
            lambda record: record.copy(),
            lambda record: record.unlink(),
        ):
            with self.assertRaises(AccessError):
                call(policy.with_user(clerk))

    def test_job_of_a_person_without_rights_is_retried(self):
        """What a job manager has said is for everybody's jobs."""
        self._make_policy(first_delay=60)
        clerk = new_test_user(self.env, "clerk", "base.group_user")
        self.partner = self.partner.with_user(clerk)
        job = self._make_job()
        self._fail(job)
        self.assertTrue(job.next_attempt)
        self._fail(job, UserError("Not paid"))
        self.assertTrue(job.given_up)
