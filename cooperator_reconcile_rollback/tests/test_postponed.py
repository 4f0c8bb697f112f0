"""Payments that wait for the end of a rollback, when their registration goes wrong."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from . import acts
from .builders import CLARA
from .series import invalidate
from .test_revert import RevertCase

FAULT = "The disk of the certificates is full"


@tagged("post_install", "-at_install")
class TestPostponed(RevertCase):
    """Clara pays while Bruno's payment is taken off Alice's request."""

    @classmethod
    def make_mistake(cls):
        cls.clara = cls.subscribe(CLARA, 2, cls.share_x)
        super().make_mistake()

    def pay_meanwhile(self):
        rollback = self.start()
        self.clara_payment = self.pay(self.clara)
        self.run_jobs(rollback)
        self.assertDone(rollback)
        return rollback

    def give_up(self, postponed):
        """What queue_job_config does after the last attempt."""
        job = self.env["queue.job"].search(
            [("model_name", "=", postponed._name)], order="id desc", limit=1
        )
        job.write({"exc_name": "odoo.exceptions.UserError", "exc_message": FAULT})
        postponed.sudo()._on_job_failed(job)
        invalidate(self.env)
        return job

    def fail_to_register(self):
        rollback = self.pay_meanwhile()
        self.run_job(
            self.env["queue.job"]
            .search([("method_name", "=", "_register_postponed")], limit=1)
            .uuid
        )
        return rollback, self.give_up(rollback.postponed_ids)

    def count_operations(self):
        request = self.clara.capital_release_request
        return self.env["subscription.register"].search_count(
            [("capital_release_request_id", "=", request.id)]
        )

    def test_somebody_is_told(self):
        """The person responsible has an activity, and the tab says why."""
        rollback, _job = self.fail_to_register()
        postponed = rollback.postponed_ids
        self.assertEqual((postponed.state, postponed.error), ("failed", FAULT))
        activity = rollback.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        request = self.clara.capital_release_request
        for words in (request.name, self.clara.partner_id.name, FAULT):
            self.assertIn(words, activity.note)
        self.assertIn("press Register again", activity.note)
        with self.assertRaises(AccessError):
            postponed.with_user(self.user).action_register()
        postponed.with_user(self.manager).action_register()
        self.run_other_jobs()
        self.assertEqual((postponed.state, postponed.error), ("done", False))
        self.assertEqual(self.count_operations(), 1)
        self.assertMember(self.clara.partner_id, 503, [(self.share_x, 2)])

    def test_registered_by_hand(self):
        """The payment is matched anew meanwhile: the job registers nothing more."""
        rollback, job = self.fail_to_register()
        self.matches_of(self.clara.capital_release_request).unlink()
        self.match(self.clara_payment, self.clara)
        self.assertEqual(self.count_operations(), 1)
        job.requeue()
        self.run_other_jobs()
        self.assertEqual(self.count_operations(), 1)
        self.assertEqual(len(self.shares_of(self.clara.partner_id)), 1)
        self.assertEqual(rollback.postponed_ids.state, "done")
        self.assertFalse(rollback.activity_ids)

    def test_rolled_back_instead(self):
        """A rollback registers what its job could not."""
        _rollback, job = self.fail_to_register()
        other = self.draft_rollback(self.clara.capital_release_request)
        self.assertEqual(other.line_ids.situation, "unregistered")
        other.line_ids.right_move_id = self.clara.capital_release_request
        other.action_plan()
        other.action_start()
        self.run_jobs(other)
        self.assertEqual(other.state, "done")
        job.requeue()
        self.run_other_jobs()
        self.assertEqual(self.count_operations(), 1)

    def test_unpaid_since(self):
        rollback, _job = self.fail_to_register()
        acts.merge(
            self,
            acts.make_double(self, self.clara.partner_id),
            self.clara.partner_id,
        )
        self.matches_of(self.clara.capital_release_request).unlink()
        rollback.postponed_ids.with_user(self.manager).action_register()
        self.run_other_jobs()
        self.assertEqual(rollback.postponed_ids.state, "cancelled")
        self.assertEqual(self.count_operations(), 0)
