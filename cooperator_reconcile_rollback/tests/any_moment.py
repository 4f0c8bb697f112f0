"""Somebody does something to a rollback between two of its steps; it has a way out.

A rollback that something has happened to goes on, and ends as planned or, after *Revert*, as
it was before; or it says what is in the way and changes nothing, and ends once that is put
right. It never stays failed.
"""

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..ledger import finding
from . import acts, acts_on_jobs
from .builders import ALICE, BRUNO, CLARA
from .common import RollbackCase
from .points import Points
from .putting_right import match_again, put_right
from .series import flush, invalidate
from .undone import undone

ACTS = {**acts.ACTS, **acts_on_jobs.ACTS}
ENDS = ("done", "reverted")
# what people can make wrong in the books whenever they like
BY_HAND = {finding.OPERATION_NOT_PAID}


class AnyMomentCase(Points, RollbackCase):
    """Alice was made a member with Bruno's payment, and Clara after her.

    Alice's certificate has not left yet. All later operations are taken back and applied
    again.
    """

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.second = cls.make_user("second", "cooperator.cooperator_group_manager")
        cls.switch_certificates_on()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)
        cls.pay(cls.alice, by=cls.bruno.partner_id, date=cls.days_ago(9))
        cls.clara = cls.join(CLARA, 1, cls.share_y)
        cls.make_mail(cls.alice.partner_id)

    def start(self):
        return self.start_rollback(
            self.alice.capital_release_request, self.bruno, cascade="all"
        )

    def start_reverting(self):
        """A rollback that was done and is being reverted."""
        rollback = self.start()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "done")
        rollback.action_revert()
        return rollback

    def each_moment(self, rollback):
        """The numbers of the moments: before each step, and after the last one.

        What is done at a moment is taken back before the rollback goes on to the next.
        """
        for moment in range(len(rollback.step_ids) + 1):
            with undone(self.env):
                # numbers that are drawn from now on are taken back with this
                self.set_next_numbers(self.company, self.next_numbers())
                yield moment
            if moment < len(rollback.step_ids):
                self.run_steps(rollback, 1)

    def check_each_moment(self, rollback, chosen):
        """Let acts happen at their moments, and say of all of them what went wrong.

        :param chosen: function that gives the names of the acts of a moment
        """
        wrong = []
        for moment in self.each_moment(rollback):
            for name in chosen(moment):
                try:
                    with undone(self.env):
                        self.check_act(rollback, name)
                except Exception as error:
                    wrong.append(f"{name}, moment {moment}: {error!r}")
        self.assertEqual(wrong, [])

    @mute_logger("odoo.sql_db", "odoo.models.unlink")
    def check_act(self, rollback, name):
        """The act happens now, and the rollback comes to one of its ends.

        Another manager looks after it then: the first may have lost his rights.
        """
        rollback = rollback.with_user(self.second)
        if not self.attempt(ACTS[name], self, rollback):
            # Odoo or the add-on refuses it at this moment
            return
        # what it does to a register that no rollback holds is not the rollback's
        self.made = self.find_errors() if rollback.state in ENDS else []
        self.go_on(rollback)
        if rollback.state == "done":
            self.assertEnded(rollback, name)
            if not self.attempt(rollback.action_revert):
                return
            self.go_on(rollback)
        if rollback.state not in ENDS:
            self.find_way_out(rollback)
        self.assertEnded(rollback, name)

    def go_on(self, rollback):
        """Perform what waits; the scheduled action tells where nothing does."""
        self.run_jobs(rollback)
        self.env["reconciliation.rollback"]._cron_find_lost_jobs()
        invalidate(self.env)

    def find_way_out(self, rollback):
        """Do what the form offers, and what it says; it ends then."""
        self.assertEqual(rollback.state, "failed")
        self.assertTrue(rollback.error)
        self.assertTrue(rollback.activity_ids)
        for remedy in (None, put_right, match_again):
            if remedy:
                remedy(self, rollback)
            for button in (self.retry, self.revert_instead):
                button(rollback)
                if rollback.state in ENDS:
                    return
        self.fail(f"{rollback.state}: {rollback.error}")

    def retry(self, rollback):
        if self.attempt(rollback.action_retry):
            self.go_on(rollback)

    def revert_instead(self, rollback):
        if not rollback.revert_started_at and self.attempt(rollback.action_revert):
            self.go_on(rollback)

    def attempt(self, action, *arguments):
        """Do something, unless it is refused; Odoo takes it back then.

        :return: whether it was done
        """
        try:
            with self.env.cr.savepoint():
                action(*arguments)
                flush(self.env)
        except UserError:
            done = False
        else:
            done = True
        invalidate(self.env)
        return done

    def assertEnded(self, rollback, name):
        """Nothing is held or locked any more, the evidence is whole, the register right."""
        self.assertIn(rollback.state, ENDS, rollback.error)
        self.assertEqual(rollback._find_tampering(), [])
        self.assertFalse(rollback.mail_held)
        held = self.env["mail.mail"].search([("state", "=", "rollback_held")])
        self.assertFalse(held)
        self.assertFalse(self.company._get_locking_rollback())
        self.run_other_jobs()
        self.assertTrue(rollback.plan_html)
        errors = self.find_errors()
        self.assertEqual([error for error in errors if error not in self.made], [])
        if name not in acts_on_jobs.ACTS:
            return
        if rollback.state == "done":
            self.assertBooksAsPlanned(rollback)
        else:
            self.assertMember(self.alice.partner_id, 502, [(self.share_y, 3)])
            self.assertMember(self.clara.partner_id, 503, [(self.share_y, 1)])
            self.assertCandidate(self.bruno.partner_id)
            self.assertPaid(self.alice)
            self.assertOpen(self.bruno)

    def find_errors(self):
        """What of the register is wrong, but for what people may make wrong."""
        return [
            found
            for found in self.company._check_register()
            if found.severity == finding.ERROR and found.kind not in BY_HAND
        ]
