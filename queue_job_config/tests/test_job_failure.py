from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from odoo.addons.queue_job.job import FAILED, Job


def remember_failure(partners, job):
    """What a model does to hear of the failures of its jobs."""
    for partner in partners:
        partner.comment = "%s: %s" % (partner.name, job.exc_message)


@tagged("post_install", "-at_install")
class TestJobFailure(TransactionCase):
    """Records hear of their jobs' lasting failures, once each time."""

    def setUp(self):
        super().setUp()
        self.partner = self.env["res.partner"].create({"name": "Anna"})
        hearing = patch.object(
            type(self.env["res.partner"]),
            "_on_job_failed",
            remember_failure,
            create=True,
        )
        hearing.start()
        self.addCleanup(hearing.stop)

    def _make_job(self):
        job = Job(self.partner.name_get)
        job.store()
        return job

    def _fail(self, job):
        job.set_failed(exc_info="…", exc_name="ValueError", exc_message="no such luck")
        job.store()

    def test_record_is_told(self):
        self._fail(self._make_job())
        self.assertIn("Anna: no such luck", self.partner.comment)

    def test_told_again_only_after_another_try(self):
        job = self._make_job()
        self._fail(job)
        self.partner.comment = False
        job.db_record().write({"state": FAILED})
        self.assertFalse(self.partner.comment)
        job.db_record().requeue()
        self._fail(Job.load(self.env, job.uuid))
        self.assertIn("Anna: no such luck", self.partner.comment)

    def test_jobs_of_deleted_records(self):
        job = self._make_job()
        self.partner.unlink()
        self._fail(job)
        self.assertEqual(job.db_record().state, FAILED)

    def test_jobs_of_models_that_do_not_want_to_hear(self):
        group = self.env["res.partner.category"].create({"name": "B"})
        job = Job(group.name_get)
        job.store()
        self._fail(job)
        self.assertEqual(job.db_record().state, FAILED)
