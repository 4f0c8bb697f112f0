import math

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.migration import load_script
from odoo.tests import Form, new_test_user
from odoo.tools import mute_logger

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
            {"max_attempts": -1},
            {"max_attempts": 1_000_000},
            {"max_attempts": 10**30},
            {"max_attempts": False},
            {"max_attempts": math.nan},
            {"max_attempts": "many"},
            {"first_delay": 0},
            {"first_delay": 2**31},
            {"factor": 0.5},
            {"factor": -3},
            {"factor": math.nan},
            {"factor": math.inf},
            {"factor": 1e308},
            {"longest_delay": 2**40},
        ):
            self._assert_numbers_refused(values)
        with self._refused(IntegrityError):
            self._make_policy(first_delay=60, longest_delay=30)

    def _assert_numbers_refused(self, values):
        """Refused in a sentence, whatever way they come."""
        policies = self.env["queue.job.retry.policy"]
        defaults = {"default_%s" % name: value for name, value in values.items()}
        policy = self._make_policy()
        by_default = policies.with_context(**defaults)
        for write in (
            lambda: policy.write(values),
            lambda: policy.copy(values),
            lambda: by_default.create({"name": "Mine", "channel_id": self.root.id}),
        ):
            with self.subTest(values), self._refused(ValidationError) as refusal:
                write()
            self.assertIn("has to be a number from 1 to", str(refusal.exception))
        policy.unlink()

    def test_impossible_numbers_in_an_import(self):
        fields = ["name", "channel_id/.id", "max_attempts", "factor"]
        for attempts, factor in (("1000000", "2"), ("5", "nan"), ("5", "1e400")):
            row = ["Imported", str(self.channel.id), attempts, factor]
            with mute_logger("odoo.sql_db"):
                result = self.env["queue.job.retry.policy"].load(fields, [row])
            self.assertFalse(result["ids"])
            self.assertIn("has to be a number from 1 to", str(result["messages"]))

    def test_form_with_a_million_attempts(self):
        """It says how long a job waits while somebody types, and refuses to keep it."""
        form = Form(self.env["queue.job.retry.policy"])
        form.channel_id = self.channel
        form.max_attempts = 1_000_000
        self.assertEqual(
            form.delays,
            "1 min, 5 min, 25 min, 2 h 5 min, 10 h 25 min, 24 h, 24 h, …, 24 h",
        )
        with self._refused(ValidationError):
            form.save()

    def test_numbers_of_an_earlier_release(self):
        policy = self._make_policy()
        self.env.cr.execute(
            "UPDATE queue_job_retry_policy SET max_attempts = 10000000, factor = 'NaN'"
            " WHERE id = %s",
            (policy.id,),
        )
        migration = load_script("queue_job_config/migrations/1.2/post-migrate.py", "m")
        migration.migrate(self.env.cr, "1.1.0")
        invalidate(self.env)
        self.assertEqual((policy.max_attempts, policy.factor), (1000, 1000))
        policy.write({"max_attempts": policy.max_attempts, "factor": policy.factor})

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
