"""A revert looks at all that it needs before it undoes anything."""

from odoo.tests import tagged

from .builders import CLARA
from .test_revert import RevertCase


@tagged("post_install", "-at_install")
class TestRevertLooksFirst(RevertCase):
    """Alice's request was paid with Bruno's payment; the rollback is done."""

    def done(self, right=None, **options):
        rollback = self.start_rollback(self.request, right, **options)
        self.run_jobs(rollback)
        self.assertDone(rollback)
        return rollback

    def assertRevertRefused(self, sentence, rollback):
        """Refused with that sentence; nothing is locked or changed by it."""
        state = rollback.state
        self.assertRefused(sentence, rollback.action_revert)
        self.assertEqual(rollback.state, state)
        self.assertFalse(rollback.revert_started_at)
        self.assertFalse(rollback.step_ids.filtered("revert_job_uuid"))

    def test_money_went_back(self):
        """The return is matched with the payment: the sentence names it."""
        rollback = self.done()
        returned = self.payment.move_id._reverse_moves()
        returned.action_post()
        (self.item_of(returned) | self.item_of(self.payment.move_id)).reconcile()
        self.assertRevertRefused(
            f"{rollback.name}.*{self.payment.name}.*{returned.name}.*new rollback",
            rollback,
        )
        # that match is removed: nothing is in the way any more
        self.matches_of(self.payment.move_id).unlink()
        self.revert(rollback)
        self.assertPaid(self.alice)

    def test_wrong_request_is_cancelled(self):
        """Nobody wants Alice's shares any more: her request is cancelled."""
        rollback = self.done(self.bruno)
        self.request.button_draft()
        self.request.button_cancel()
        self.assertRevertRefused(
            f"{rollback.name}.*{self.request.name}.*{self.alice.partner_id.name}"
            ".*post it first",
            rollback,
        )
        self.request.button_draft()
        self.request.action_post()
        self.revert(rollback)
        self.assertPaid(self.alice)

    def test_wrong_request_is_paid_in_part(self):
        """Alice has begun to pay: the sentence names her payment."""
        rollback = self.done(self.bruno)
        own = self.pay(self.alice, amount=30)
        self.assertRevertRefused(
            f"{rollback.name}.*{self.request.name}.*{own.name}.*remove that match",
            rollback,
        )

    def test_payment_is_cancelled(self):
        rollback = self.done()
        self.payment.action_draft()
        self.assertRevertRefused(
            f"{rollback.name}.*{self.payment.name}.*post it first", rollback
        )

    def test_halfway(self):
        """A rollback that has failed looks first as well, and stays as it is."""
        before = self.books()
        rollback = self.start()
        self.run_jobs(rollback, until="remove_match")
        other = self.pay(self.alice, amount=40)
        self.assertRevertRefused(
            f"{rollback.name}.*{self.request.name}.*{other.name}", rollback
        )
        self.assertEqual(self.company._get_locking_rollback(), rollback)
        self.matches_of(other.move_id).unlink()
        other.action_draft()
        other.action_cancel()
        self.revert(rollback)
        self.assertBooksRestored(
            before, ("account_move", "account_move_line", "account_payment")
        )

    def test_freed_number_is_given_by_hand(self):
        """Clara, who has not paid yet, was given the number that Alice had."""
        rollback = self.done()
        clara = self.subscribe(CLARA, 1, self.share_y).partner_id
        membership = self.company._get_memberships(clara)[clara.id]
        membership.cooperator_register_number = 502
        self.assertRevertRefused(f"{rollback.name}.*502", rollback)


@tagged("post_install", "-at_install", "slow")
class TestLongRevertLooksFirst(RevertCase):
    """Later operations were taken back and applied again."""

    @classmethod
    def make_mistake(cls):
        super().make_mistake()
        cls.clara = cls.join(CLARA, 1, cls.share_y)

    def test_later_match_is_gone(self):
        rollback = self.start(cascade="all")
        self.run_jobs(rollback)
        self.matches_of(self.clara.capital_release_request).unlink()
        self.assertRefused(
            f"{rollback.name}.*{self.clara.capital_release_request.name}",
            rollback.action_revert,
        )

    def test_wrong_request_is_cancelled(self):
        rollback = self.start(cascade="all")
        self.run_jobs(rollback)
        self.request.button_draft()
        self.assertRefused(
            f"{rollback.name}.*{self.request.name}.*post it first",
            rollback.action_revert,
        )
        self.request.action_post()
        self.revert(rollback)

    def test_later_request_is_cancelled_halfway(self):
        """Clara's operation is taken back; her request is cancelled before it comes back."""
        rollback = self.start(cascade="all")
        self.run_jobs(rollback, until="take_back")
        request = self.clara.capital_release_request
        request.button_draft()
        self.assertRefused(
            f"{rollback.name}.*{request.name}.*post it first", rollback.action_revert
        )
        request.action_post()
        self.revert(rollback)
        self.assertPaid(self.clara)
        self.assertMember(self.clara.partner_id, 503, [(self.share_y, 1)])
        self.assertPaid(self.alice)
