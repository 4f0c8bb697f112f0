"""What the tests of jobs share: jobs of their own, and a worker that runs them."""

import traceback
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.controllers.main import RunJobController
from odoo.addons.queue_job.job import Job

HOOKS = ("_on_job_failed", "_on_job_retry_planned")


@tagged("post_install", "-at_install")
class JobCase(TransactionCase):
    """Jobs of partners, on a channel of their own.

    Partners get a method ``run_in_test``, which is their job, and hear of their jobs: what
    is called is in ``heard``.
    """

    def setUp(self):
        super().setUp()
        self.jobs = self.env["queue.job"]
        self.root = self.env.ref("queue_job.channel_root")
        self.channel = self._make_channel("in_test", self.root)
        self.partner = self.env["res.partner"].create({"name": "Anna"})
        self.failures = []
        self.heard = []
        self._give_partners("run_in_test", self._make_job_method())
        for hook in HOOKS:
            self._give_partners(hook, self._make_listener(hook))

    def _give_partners(self, name, function):
        given = patch.object(type(self.env["res.partner"]), name, function, create=True)
        given.start()
        self.addCleanup(given.stop)

    def _make_job_method(self):
        def run_in_test(partners):
            """Fail for the first of the exceptions in ``failures``, if there is one."""
            if self.failures:
                raise self.failures.pop(0)
            return "done for %s" % ", ".join(partners.mapped("name"))

        return run_in_test

    def _make_listener(self, hook):
        def listen(partners, job):
            self.heard.append((hook, partners, job))

        return listen

    def _make_channel(self, name, parent):
        return self.env["queue.job.channel"].create(
            {"name": name, "parent_id": parent.id}
        )

    def _make_policy(self, **values):
        if not values.get("job_function_id"):
            values.setdefault("channel_id", self.channel.id)
        return self.env["queue.job.retry.policy"].create({"name": "Policy", **values})

    def _make_manager(self, login, **values):
        return new_test_user(
            self.env,
            login,
            "base.group_user,queue_job.group_queue_job_manager",
            **values,
        )

    def _make_job(self, channel="root.in_test", **properties):
        """A job that waits for a worker: its record."""
        job = Job(self.partner.run_in_test, channel=channel, **properties)
        job.store()
        return job.db_record()

    def _work_on(self, record):
        """Do with a job what a worker does."""
        job = Job.load(self.env, record.uuid)
        job.set_enqueued()
        job.set_started()
        job.store()
        try:
            job.perform()
        except Exception as error:
            values = RunJobController()._get_failure_values(
                job, traceback.format_exc(), error
            )
            job.set_failed(**values)
        else:
            job.set_done()
        job.store()

    def _fail(self, record, error=None):
        """Let a job's next attempt fail."""
        self.failures.append(error or ConnectionError("no answer"))
        self._work_on(record)

    def _make_due(self, record):
        record.next_attempt = fields.Datetime.now() - timedelta(seconds=1)

    def _run_scheduled_action(self, name):
        self.env.ref("queue_job_config.%s" % name).method_direct_trigger()

    def _retry(self):
        self._run_scheduled_action("ir_cron_retry_failed_jobs")

    def _revive(self):
        self._run_scheduled_action("ir_cron_revive_jobs")

    @contextmanager
    def _refused(self, error):
        """What is done inside is refused with an error, and undone."""
        with self.assertRaises(error) as refusal, mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                yield refusal

    def _get_heard(self):
        """The names of the hooks that were called, in order."""
        return [hook for hook, _partners, _job in self.heard]
