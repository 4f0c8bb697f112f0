from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.cooperator_reconcile_rollback.tests.series import invalidate

from .common import MODEL, ValidationCase


@tagged("post_install", "-at_install")
class TestReviews(ValidationCase):
    """A review comes from its reviewer's button, and stays."""

    def test_nobody_writes_reviews(self):
        definition = self.define()
        rollback = self.plan_and_ask()
        review = self.reviews_of(rollback)
        approved = {"status": "approved", "done_by": self.reviewer.id}
        made = {
            **approved,
            "model": MODEL,
            "res_id": rollback.id,
            "definition_id": definition.id,
        }
        for user in (self.user, self.manager, self.reviewer):
            own = review.with_user(user)
            for attempt in (
                lambda own=own: own.write(approved),
                lambda own=own: own.unlink(),
                lambda own=own: own.create(made),
            ):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    attempt()
        self.assertEqual(self.reviews_of(rollback), review)
        self.assertStatus(rollback, "pending")

    def test_no_review_of_another_record_becomes_one(self):
        """A review that somebody wrote freely does not go over to a rollback."""
        definition = self.define()
        rollback = self.plan()
        portal = self.make_user("portal", "base.group_portal")
        for user in (self.user, self.manager, self.reviewer, portal):
            free = {
                "model": "res.partner",
                "res_id": user.partner_id.id,
                "status": "approved",
                "done_by": self.reviewer.id,
                "definition_id": definition.id,
            }
            review = self.env["tier.review"].with_user(user).create(free)
            own = {"model": MODEL, "res_id": rollback.id}
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                review.write(own)
            invalidate(self.env)
            keys = {f"default_{name}": value for name, value in own.items()}
            free = {"status": "approved", "definition_id": definition.id}
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                review.with_context(**keys).create(free)
            invalidate(self.env)
        self.assertFalse(self.reviews_of(rollback))
        self.assertNotStarted(rollback)

    def test_who_asks_does_not_answer(self):
        """Neither a context nor a user's own default decides a review that is asked for."""
        self.define()
        rollback = self.plan()
        answer = {"status": "approved", "done_by": self.reviewer.id, "comment": "Seen"}
        defaults = self.env["ir.default"].with_user(self.manager)
        for name, value in answer.items():
            defaults.set("tier.review", name, value, user_id=True)
        keys = {f"default_{name}": value for name, value in answer.items()}
        rollback.with_user(self.manager).with_context(**keys).request_validation()
        review = self.reviews_of(rollback)
        self.assertEqual(review.status, "pending")
        self.assertFalse(review.done_by or review.comment)
        self.assertNotStarted(rollback)

    def test_validation_is_not_skipped(self):
        """Keys with which base_tier_validation leaves out its checks do not count."""
        self.define()
        rollback = self.plan_and_ask()
        keys = {"skip_validation_check": True, "skip_check_state_condition": True}
        for status in ("pending", "validated"):
            self.assertStatus(rollback, status)
            for values in ({"mail_scope": "all"}, {"note": "Tried"}):
                with self.assertRaisesRegex(UserError, "under validation"):
                    rollback.with_user(self.manager).with_context(**keys).write(values)
            self.press(self.reviewer, rollback, "validate_tier")

    def test_only_the_reviewer_comments(self):
        self.define(has_comment=True)
        rollback = self.plan_and_ask()
        self.press(self.reviewer, rollback, "validate_tier")
        self.assertStatus(rollback, "pending")
        with self.assertRaisesRegex(AccessError, self.reviewer.name):
            self.comment(self.user, rollback)
        self.comment(self.reviewer, rollback)
        self.assertStatus(rollback, "validated")
        self.assertEqual(self.reviews_of(rollback).comment, "Seen")

    def test_what_is_validated_stays(self):
        """Neither the rollback nor its mails change under validation; talk goes on."""
        self.switch_certificates_on()
        self.define()
        rollback = self.plan_and_ask()
        self.assertTrue(rollback.mail_ids)
        for record, values in (
            (rollback, {"mail_scope": "all"}),
            (rollback.mail_ids, {"choice": "cancel"}),
        ):
            with self.assertRaisesRegex(UserError, "under validation"):
                record.write(values)
        rollback.message_post(body="Look at it")

    def test_reviews_are_part_of_the_evidence(self):
        """A review that is changed behind Odoo's back is found."""
        self.define(has_comment=True)
        rollback = self.plan_and_ask()
        self.comment(self.reviewer, rollback)
        self.press(self.manager, rollback, "action_start")
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self._set_comment(rollback, "Never seen")
        self.assertTrue(rollback._find_tampering())
        self._set_comment(rollback, "Seen")
        self.assertEqual(rollback._find_tampering(), [])
        self._check_without_this_add_on(rollback)

    def _check_without_this_add_on(self, rollback):
        """It proves as well once the reviews are gone with the add-on."""
        self.env.cr.execute("DELETE FROM tier_review")
        invalidate(self.env)
        (found,) = rollback._find_tampering()
        self.assertRegex(found, f"{rollback.name}: its validation is not what was kept")
        own = type(self.env[MODEL])
        with (
            patch.object(own, "_read_reviews", lambda _self: []),
            patch.object(own, "_find_changed_additions", lambda _self: {}),
        ):
            self.assertEqual(rollback._find_tampering(), [])

    def _set_comment(self, rollback, text):
        invalidate(self.env)
        self.env.cr.execute(
            "UPDATE tier_review SET comment = %s WHERE id = %s",
            (text, self.reviews_of(rollback).id),
        )
        invalidate(self.env)
