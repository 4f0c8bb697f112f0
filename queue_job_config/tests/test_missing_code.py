import json

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.job import ENQUEUED, FAILED, PENDING

from .common import JobCase
from .series import invalidate

GONE = json.dumps(
    {"_type": "odoo_recordset", "model": "no.model", "ids": [1], "uid": 1, "su": False}
)


def take_away_model(job):
    """Store a job as it is after its model's add-on was uninstalled."""
    change(job, model_name="no.model", records=GONE)


def change(job, **values):
    """Change fields of a job that nobody may write."""
    invalidate(job.env)
    for name, value in values.items():
        job.env.cr.execute(
            "UPDATE queue_job SET %s = %%s WHERE id = %%s" % name, (value, job.id)
        )
    invalidate(job.env)


class TestFailedWithoutModel(JobCase):
    """A failure is settled and told though the job's model is not installed any more."""

    def setUp(self):
        super().setUp()
        self.manager = self._make_manager("manager")
        self.policy = self._make_policy(max_attempts=1, user_id=self.manager.id)
        self.job = self._make_job(description="Write to Anna")

    def test_given_up_and_told(self):
        take_away_model(self.job)
        change(self.job, state=FAILED, exc_name="SomeError", exc_message="no such luck")
        self._retry()
        self.assertTrue(self.job.given_up)
        self.assertEqual(self.job.activity_ids.user_id, self.manager)
        self.assertIn("Write to Anna was given up", self.job.activity_ids.note)

    def test_buttons(self):
        """A job that cannot be run says why, and can be cancelled with what waits for it."""
        waiting = self._let_wait_for(self.job)
        take_away_model(self.job)
        for press in ("requeue", "button_done", "open_related_action"):
            with self.assertRaises(UserError) as refusal:
                getattr(self.job, press)()
            self.assertIn("Odoo no longer has no.model", str(refusal.exception))
        with self.assertRaises(UserError) as refusal:
            waiting.button_done()
        self.assertIn("Odoo no longer has no.model", str(refusal.exception))
        self.job.button_cancelled()
        self.assertEqual(self.job.state, "cancelled")
        self.assertIn("Cancelled by", self.job.result)
        self.assertEqual(waiting.state, "cancelled")

    def _let_wait_for(self, job):
        """A job that waits for another."""
        waiting = self._make_job()
        dependencies = {"depends_on": [job.uuid], "reverse_depends_on": []}
        change(
            waiting,
            graph_uuid="in test",
            state="wait_dependencies",
            dependencies=json.dumps(dependencies),
        )
        dependencies = {"depends_on": [], "reverse_depends_on": [waiting.uuid]}
        change(job, graph_uuid="in test", dependencies=json.dumps(dependencies))
        return waiting

    def test_without_policy(self):
        self.policy.unlink()
        take_away_model(self.job)
        change(self.job, state=FAILED, exc_name="SomeError")
        self._retry()
        self.assertTrue(self.job.given_up)

    def test_left_waiting_for_one_that_is_gone(self):
        """Who waits for a job is released though that job cannot be loaded."""
        waiting = self._let_wait_for(self.job)
        self._work_on(self.job)
        take_away_model(self.job)
        change(self.job, date_done="2026-01-01 00:00:00")
        self._revive()
        self.assertEqual(waiting.state, PENDING)


@tagged("post_install", "-at_install")
class TestRunWithoutCode(HttpCase):
    """A runner that asks for a job without code asks once: the job is given up."""

    def setUp(self):
        super().setUp()
        manager = self.env["res.users"].search([("login", "=", "admin")])
        self.policy = self.env["queue.job.retry.policy"].create(
            {
                "name": "All jobs",
                "channel_id": self.env.ref("queue_job.channel_root").id,
                "excluded_exceptions": False,
                "user_id": manager.id,
            }
        )
        partner = self.env["res.partner"].create({"name": "Anna"})
        self.job = partner.with_delay(description="Write").name_get().db_record()

    def _run(self):
        self.job.write({"state": ENQUEUED})
        invalidate(self.env)
        url = "/queue_job/runjob?db=%s&job_uuid=%s" % (self.cr.dbname, self.job.uuid)
        with mute_logger("odoo.addons.queue_job_config.models.queue_job"):
            answer = self.url_open(url)
        invalidate(self.env)
        self.assertEqual(answer.status_code, 200)

    def _assert_given_up(self, missing):
        self._run()
        self.assertEqual(self.job.state, FAILED)
        self.assertTrue(self.job.given_up)
        self.assertFalse(self.job.next_attempt)
        sentence = "Odoo no longer has %s, which the job needs." % missing
        self.assertIn(sentence, self.job.exc_message)
        self.assertIn(sentence, self.job.activity_ids.note)

    def test_model(self):
        take_away_model(self.job)
        self._assert_given_up("no.model")

    def test_method(self):
        change(self.job, method_name="no_method")
        self._assert_given_up("res.partner.no_method")

    def test_model_of_an_argument(self):
        change(self.job, args="[%s]" % GONE)
        self._assert_given_up("no.model")
