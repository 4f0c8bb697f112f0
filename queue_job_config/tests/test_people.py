from lxml import html

from odoo.exceptions import UserError

from .common import JobCase

ACTIVITY_TYPE = "queue_job_config.mail_activity_type_failed_job"


class TestPeople(JobCase):
    """Whoever is responsible hears of a job that is given up, once."""

    def setUp(self):
        super().setUp()
        self.manager = self._make_manager("manager", name="Mia Manager")
        self.policy = self._make_policy(max_attempts=2, user_id=self.manager.id)
        self.job = self._make_job(description="Write to Anna")

    def test_person_is_told_in_the_end(self):
        self._fail(self.job)
        self.assertFalse(self.job.activity_ids)
        self._make_due(self.job)
        self._retry()
        self._fail(self.job, ConnectionError("no <answer>"))
        activity = self.job.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertEqual(activity.summary, "Job given up: Write to Anna")
        self.assertIn("Failed attempts: 2.", self._get_text(activity))
        self.assertIn(
            "The job Write to Anna, on Anna, was given up.", self._get_text(activity)
        )
        self.assertIn("no &lt;answer&gt;", activity.note)
        self.assertIn("press Requeue Job", self._get_text(activity))

    def _get_text(self, activity):
        return " ".join(html.fromstring(activity.note).text_content().split())

    def test_each_person_in_their_language(self):
        self._load_language("fr_FR")
        self._load_language("nl_NL")
        other = self._make_manager("nele", lang="nl_NL")
        self.manager.lang = "fr_FR"
        self.policy.group_id = self.env["res.groups"].create({"name": "Dutch"})
        self.policy.group_id.users = other
        self._fail(self.job, UserError("Not paid"))
        for user, words in (
            (self.manager, "La tâche Write to Anna, sur Anna, a été abandonnée."),
            (other, "De taak Write to Anna, voor Anna, werd opgegeven."),
        ):
            activity = self.job.activity_ids.filtered(
                lambda a, user=user: a.user_id == user
            )
            self.assertIn(words, self._get_text(activity))

    def _load_language(self, code):
        self.env["res.lang"]._activate_lang(code)
        module = self.env.ref("base.module_queue_job_config")
        module._update_translations([code])

    def test_each_active_user_of_the_group(self):
        group = self.env["res.groups"].create({"name": "Accounting"})
        others = [self._make_manager(login) for login in ("anton", "berta", "carl")]
        for user in others:
            group.users += user
        others[1].active = False
        self.policy.group_id = group
        self._fail(self.job, UserError("Not paid"))
        self.assertEqual(
            self.job.activity_ids.user_id, self.manager | others[0] | others[2]
        )
        self.assertEqual(len(self.job.activity_ids), 3)

    def test_nobody_of_another_company(self):
        """Jobs are a company's, and who does not work in it cannot see them."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.job.company_id = company
        self._fail(self.job, UserError("Not paid"))
        self.assertFalse(self.job.activity_ids)

    def test_requeueing_is_what_was_to_do(self):
        self._fail(self.job, UserError("Not paid"))
        self.assertTrue(self.job.activity_ids)
        manager = self._make_manager("another")
        self.job.with_user(manager).requeue()
        self.assertFalse(self.job.activity_ids)
        self._fail(self.job, UserError("Not paid yet"))
        self.assertEqual(len(self.job.activity_ids), 1)

    def test_own_activities_of_people_stay(self):
        self.job.activity_schedule("mail.mail_activity_data_todo", summary="Ask Anna")
        self._fail(self.job, UserError("Not paid"))
        self.job.button_done()
        self.assertEqual(self.job.activity_ids.summary, "Ask Anna")
