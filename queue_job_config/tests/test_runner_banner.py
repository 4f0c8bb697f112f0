import json
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from .series import invalidate

ROUTE = "/queue_job_config/runner_problem"


@tagged("post_install", "-at_install")
class TestRunnerBanner(HttpCase):
    """The banner above the list of jobs, as the web client asks for it."""

    def setUp(self):
        super().setUp()
        self.env["queue.job"].search([]).unlink()
        self.job = self.env["queue.job"].with_delay()._test_job().db_record()
        groups = "base.group_user,queue_job.group_queue_job_manager"
        new_test_user(self.env, "job_manager", groups, password="job_manager")
        new_test_user(self.env, "clerk", "base.group_user", password="clerk_clerk")

    def _get_banner(self, login, password):
        self.authenticate(login, password)
        answer = self.url_open(
            ROUTE,
            data=json.dumps({"jsonrpc": "2.0", "params": {}}),
            headers={"Content-Type": "application/json"},
        )
        return answer.json()["result"].get("html")

    def _let_the_job_wait(self):
        self.job.due_since = fields.Datetime.now() - timedelta(minutes=10)
        invalidate(self.env)

    def test_nothing_where_jobs_are_run(self):
        self.assertNotIn("alert", self._get_banner("job_manager", "job_manager"))

    def test_job_manager(self):
        self._let_the_job_wait()
        banner = self._get_banner("job_manager", "job_manager")
        self.assertIn("A job has been waiting", banner)
        self.assertIn("channels = root:2", banner)

    def test_others(self):
        self._let_the_job_wait()
        self.assertFalse(self._get_banner("clerk", "clerk_clerk"))
