"""What people do by hand while a rollback runs: it goes on, or says what to do."""

from odoo.tests import tagged

from ..tools.series import undo_statement_line
from . import acts
from .series import flush, invalidate
from .test_mail_hold import HELD, MailCase
from .test_revert import RevertCase
from .undone import undone


class MeanwhileCase(RevertCase):
    """Alice's request was paid with Bruno's payment."""

    def go_on(self, rollback):
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])
        self.assertEqual(rollback._find_tampering(), [])

    def run_into(self, rollback, sentence):
        """The next step that needs it fails, says why, and has changed nothing."""
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "failed")
        self.assertRegex(rollback.error, sentence)
        self.assertRefused(sentence, rollback.action_retry)
        self.assertEqual(rollback.state, "failed")

    def retry(self, rollback):
        rollback.action_retry()
        self.go_on(rollback)

    def count_operations(self, subscription):
        return self.env["subscription.register"].search_count(
            [
                (
                    "capital_release_request_id",
                    "=",
                    subscription.capital_release_request.id,
                )
            ]
        )


@tagged("post_install", "-at_install", "slow")
class TestMatchesMeanwhile(MeanwhileCase):
    def test_wrong_match_is_removed(self):
        """The step finds it done by hand; a revert leads back to what was left."""
        with undone(self.env):
            self.matches_of(self.request).unlink()
            begun = self.books()
        rollback = self.start()

        def check():
            acts.unmatch_wrong(self, rollback)
            self.go_on(rollback)
            step = rollback.step_ids.filtered(lambda s: s.kind == "remove_match")
            self.assertEqual(step.state, "by_hand")
            self.assertIn("operation 1002 of Alice", str(step._get_after()))
            self.revert(rollback)
            self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])
            self.assertEqual(
                self.request.payment_state, "not_paid", "what was done by hand stays"
            )
            self.assertBooksRestored(begun)

        self.before_each_step(rollback, check, points=(0, 1, 2))

    def test_right_match_is_removed(self):
        """It is made again by hand, without a second operation; or all goes back."""
        rollback = self.start()
        self.run_jobs(rollback, until="make_match")
        acts.unmatch_right(self, rollback)
        self.run_into(rollback, f"{self.payment.name}.*is not matched")
        acts.match_right(self, rollback)
        self.retry(rollback)
        self.run_other_jobs()
        self.assertEqual(self.count_operations(self.bruno), 1)

    def test_right_match_is_removed_and_reverted(self):
        before = self.books()
        rollback = self.start()
        self.run_jobs(rollback, until="make_match")
        acts.unmatch_right(self, rollback)
        self.run_jobs(rollback)
        self.revert(rollback)
        self.assertBooksRestored(before)

    def test_right_match_is_made(self):
        """The step makes it in its place, with the planned numbers; and all goes back."""
        before = self.books()
        rollback = self.start()

        def check():
            acts.match_right(self, rollback)
            self.go_on(rollback)
            self.run_other_jobs()
            self.assertEqual(self.count_operations(self.bruno), 1)
            self.revert(rollback)
            self.run_other_jobs()
            self.assertBooksRestored(before)

        self.before_each_step(rollback, check, points=(3, 7))

    def test_wrong_match_is_made_again(self):
        """The payment cannot pay twice: the sentence says what it is matched with."""
        rollback = self.start()
        self.run_jobs(rollback, until="remove_shares")
        acts.match_wrong(self, rollback)
        self.run_into(
            rollback, f"{self.payment.name}.*{self.request.name}.*remove that"
        )
        acts.unmatch_wrong(self, rollback)
        self.retry(rollback)
        self.run_other_jobs()
        self.assertEqual(self.count_operations(self.alice), 0)

    def revert_until_unmatched(self):
        """Revert a done rollback until just before the wrong match comes back."""
        rollback = self.start()
        self.run_jobs(rollback)
        rollback.action_revert()
        step = rollback.step_ids.filtered(lambda s: s.kind == "remove_match")
        later = rollback.step_ids.filtered(lambda s: s.sequence > step.sequence)
        self.run_steps(rollback, len(later))
        self.assertEqual(set(later.mapped("state")), {"reverted"})
        return rollback

    def go_back(self, rollback):
        self.run_jobs(rollback)
        self.assertReverted(rollback)
        self.run_other_jobs()
        self.assertEqual(self.count_operations(self.alice), 1)
        self.assertEqual(self.count_operations(self.bruno), 0)

    def test_right_match_is_made_during_the_revert(self):
        """It gives way to the one from before, and the messages say so."""
        before = self.books()
        rollback = self.revert_until_unmatched()
        acts.match_right(self, rollback)
        self.go_back(rollback)
        self.assertBooksRestored(before)
        self.assertEqual(rollback.postponed_ids.mapped("state"), ["cancelled"])
        told = " ".join(rollback.message_ids.mapped("body"))
        self.assertRegex(
            told,
            f"While {rollback.name} was being reverted, {self.payment.name} was matched "
            f"with {self.bruno.capital_release_request.name}",
        )

    def test_wrong_match_is_made_during_the_revert(self):
        """It is the one that comes back."""
        before = self.books()
        rollback = self.revert_until_unmatched()
        messages = rollback.message_ids
        acts.match_wrong(self, rollback)
        self.go_back(rollback)
        self.assertBooksRestored(before)
        self.assertFalse((rollback.message_ids - messages).filtered(self.is_on_match))

    def test_wrong_request_is_paid_during_the_revert(self):
        """Rightly this time: that payment is left open, since all is as before."""
        rollback = self.revert_until_unmatched()
        own = acts.pay_wrong(self, rollback)
        # nobody may take the register for settled by it: the rollback is under way
        self.assertEqual(rollback.postponed_ids.mapped("state"), ["waiting"])
        self.go_back(rollback)
        self.assertPaid(self.alice)
        self.assertFalse(self.matches_of(own))
        self.assertTrue(rollback.message_ids.filtered(self.is_on_match))

    def is_on_match(self, message):
        return "was removed" in message.body

    def test_payment_is_back_in_draft(self):
        rollback = self.start()
        self.run_jobs(rollback, until="remove_shares")
        acts.draft_payment(self, rollback)
        self.run_into(rollback, f"{self.payment.name} is not posted.*post it first")
        self.payment.action_post()
        self.retry(rollback)


@tagged("post_install", "-at_install", "slow")
class TestRequestsMeanwhile(MeanwhileCase):
    def test_right_request_is_paid(self):
        """By another payment: what its advice leads to is one operation."""
        rollback = self.start()

        def check():
            acts.pay_right(self, rollback)
            self.run_into(rollback, f"{self.bruno.partner_id.name} is open for")
            acts.unmatch_right(self, rollback)
            self.retry(rollback)
            self.run_other_jobs()
            self.assertEqual(rollback.postponed_ids.mapped("state"), ["done"])
            self.assertEqual(self.count_operations(self.bruno), 1)
            self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])

        self.before_each_step(rollback, check, points=(0, 5))

    def test_right_request_is_paid_and_reverted(self):
        """The other payment stays, and is registered after the revert."""
        rollback = self.start()
        self.run_jobs(rollback, until="remove_shares")
        acts.pay_right(self, rollback)
        self.run_jobs(rollback)
        self.revert(rollback)
        self.run_other_jobs()
        self.assertEqual(self.count_operations(self.bruno), 1)
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])
        self.assertMember(self.bruno.partner_id, 503, [(self.share_y, 3)])

    def test_wrong_request_is_paid(self):
        """Rightly this time: registered after the end, and nothing goes back."""
        rollback = self.start()
        self.run_jobs(rollback, until="remove_shares")
        acts.pay_wrong(self, rollback)
        self.go_on(rollback)
        self.run_other_jobs()
        self.assertMember(self.alice.partner_id, 503, [(self.share_y, 3)])
        self.assertRefused(f"{rollback.name}.*1003", rollback.action_revert)

    def test_wrong_request_is_cancelled(self):
        """The rollback goes on; a revert says what is in its way, and works after that."""
        rollback = self.start()

        def check():
            acts.cancel_wrong(self, rollback)
            self.go_on(rollback)
            self.assertRefused(
                f"{rollback.name}.*{self.request.name}.*post it first",
                rollback.action_revert,
            )
            self.request.button_draft()
            self.request.action_post()
            self.revert(rollback)
            self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])
            self.assertPaid(self.alice)

        self.before_each_step(rollback, check, points=(3, 9))

    def test_wrong_request_is_refunded(self):
        rollback = self.start()

        def check():
            acts.refund_wrong(self, rollback)
            self.go_on(rollback)
            self.assertRefused(
                f"{rollback.name}.*{self.request.name}.*remove that match",
                rollback.action_revert,
            )
            self.matches_of(self.request).unlink()
            self.revert(rollback)
            # its refund is linked with the subscription as well
            self.assertEqual(self.request.payment_state, "paid")
            self.assertEqual(self.alice.state, "paid")

        self.before_each_step(rollback, check, points=(3, 9))

    def test_right_request_is_cancelled(self):
        rollback = self.start()
        self.run_jobs(rollback, until="remove_shares")
        acts.cancel_right(self, rollback)
        self.run_into(rollback, f"{self.bruno.partner_id.name} is not posted")
        request = self.bruno.capital_release_request
        request.button_draft()
        request.action_post()
        self.retry(rollback)

    def test_right_request_is_cancelled_and_reverted(self):
        rollback = self.start()

        def check():
            acts.cancel_right(self, rollback)
            self.run_jobs(rollback)
            self.assertEqual(rollback.state, "failed")
            self.revert(rollback)
            self.assertPaid(self.alice)
            self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])

        self.before_each_step(rollback, check, points=(0, 5, 8))

    def test_right_request_is_refunded(self):
        rollback = self.start()
        self.run_jobs(rollback, until="remove_shares")
        acts.refund_right(self, rollback)
        self.run_into(rollback, f"{self.bruno.partner_id.name} has been refunded")
        self.revert(rollback)
        self.assertPaid(self.alice)

    def test_once_more_while_reverting(self):
        """Between two steps of the revert: Retry looks first as well."""
        before = self.books()
        rollback = self.start()
        self.run_jobs(rollback, until="reset_membership")
        rollback.action_revert()
        self.run_steps(rollback, 5)
        acts.cancel_wrong(self, rollback)
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "failed")
        self.assertRefused(
            f"{rollback.name}.*{self.request.name}.*post it first",
            rollback.action_retry,
        )
        self.request.button_draft()
        self.request.action_post()
        rollback.action_retry()
        self.run_jobs(rollback)
        self.assertReverted(rollback)
        self.assertBooksRestored(before)


@tagged("post_install", "-at_install")
class TestStatementLineMeanwhile(MeanwhileCase):
    """The payment is a line of a bank statement."""

    payer = "bruno"

    @classmethod
    def make_mistake(cls):
        payer = getattr(cls, cls.payer).partner_id
        cls.line = cls.pay_from_statement(cls.alice, by=payer)

    def undo_line(self):
        undo_statement_line(self.line)
        flush(self.env)
        invalidate(self.env)

    def test_undone_before_the_match_is_removed(self):
        """Its items are gone: it is booked anew on the right person."""
        rollback = self.start()
        self.run_jobs(rollback, until="record_numbers")
        self.undo_line()
        self.go_on(rollback)
        self.assertPaid(self.bruno)
        self.revert(rollback)
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])

    def test_undone_after_the_right_match(self):
        """Nothing pays the right request any more: all goes back."""
        before = self.holding_of(self.alice.partner_id)
        rollback = self.start()
        self.run_jobs(rollback, until="make_match")
        self.undo_line()
        self.run_into(rollback, "is not matched with")
        self.revert(rollback)
        self.assertPaid(self.alice)
        self.assertEqual(self.holding_of(self.alice.partner_id), before)
        self.assertEqual(
            self.item_of(self.line.move_id).partner_id,
            getattr(self, self.payer).partner_id,
        )


@tagged("post_install", "-at_install")
class TestStatementLineOfWrongPerson(TestStatementLineMeanwhile):
    """It is booked on the wrong person: a step undoes it."""

    payer = "alice"


@tagged("post_install", "-at_install")
class TestOthersMeanwhile(MeanwhileCase):
    def test_user_is_deleted(self):
        """Who was responsible of the operation is gone before it comes back."""
        clerk = self.make_user("clerk", "base.group_user")
        line = self.env["subscription.register"].search(
            [("capital_release_request_id", "=", self.request.id)]
        )
        line.user_id = clerk
        rollback = self.start()
        self.run_jobs(rollback, until="remove_register_lines")
        clerk.unlink()
        self.revert(rollback)
        self.assertFalse(line.user_id)
        self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])

    def test_notice_is_deleted(self):
        """Without its template nobody is told, and nothing fails."""
        self.company.send_certificate_email = True
        template = "cooperator_reconcile_rollback.mail_template_wrong_certificate"
        self.env.ref(template).unlink()
        rollback = self.start()
        self.assertNotIn("notice", rollback.mail_ids.mapped("kind"))
        self.go_on(rollback)


@tagged("post_install", "-at_install", "slow")
class TestMailMeanwhile(MailCase):
    """Alice's certificate is to be cancelled, Bruno's to be sent."""

    def stop(self):
        rollback = self.start_rollback(self.request, self.bruno)
        self.run_jobs(rollback, until="make_match")
        return rollback

    def assertGoesOn(self, rollback):
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertNotIn("held", rollback.mail_ids.mapped("state"))
        self.assertEqual(rollback._find_tampering(), [])

    def said(self, rollback):
        return " ".join(rollback.message_ids.mapped("body"))

    def test_deleted(self):
        for choice, is_said in (("cancel", False), ("send", True)):
            with self.subTest(choice), undone(self.env):
                rollback = self.stop()
                acts.delete_held_mail(self, rollback, choice)
                self.assertGoesOn(rollback)
                self.assertEqual("somebody has" in self.said(rollback), is_said)

    def test_cancelled(self):
        rollback = self.stop()
        acts.cancel_held_mail(self, rollback)
        self.assertGoesOn(rollback)
        self.assertEqual(set(rollback.mail_ids.mapped("state")), {"cancelled"})
        self.assertIn("First certificate", self.said(rollback))

    def test_reverted(self):
        """What somebody deleted is not sent; what the rollback cancelled is."""
        rollback = self.stop()
        acts.delete_held_mail(self, rollback, "send")
        self.run_jobs(rollback, until="clear_mail")
        rollback.action_revert()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "reverted")
        self.assertEqual(self.wrong.state, "outgoing")
        self.assertNotIn("held", rollback.mail_ids.mapped("state"))

    def test_put_back_into_the_queue(self):
        """It stays held: nobody sends it before its time."""
        rollback = self.stop()
        acts.requeue_held_mail(self, rollback)
        mails = rollback.sudo().mail_ids.mail_id
        self.assertEqual(set(mails.mapped("state")), {HELD})
        self.assertGoesOn(rollback)

    def test_sent_at_once(self):
        """Told to send it, Odoo neither sends nor deletes it."""
        rollback = self.stop()
        mails = rollback.sudo().mail_ids.mail_id
        mails.auto_delete = True
        mails.send()
        self.assertEqual(set(mails.exists().mapped("state")), {HELD})
        self.assertGoesOn(rollback)
