"""Contacts that Odoo's wizard merges, or that are deleted: a rollback still knows them."""

from odoo import fields
from odoo.tests import tagged

from ..ledger.finding import MEMBER_WITHOUT_NUMBER, SHARES_UNLIKE_REGISTER
from . import acts
from .builders import CLARA
from .register_check_case import RegisterCheckCase
from .series import flush, invalidate, render_html
from .test_revert import RevertCase

REPORT = "cooperator_reconcile_rollback.reconciliation_rollback_report"


class MergeCase(RevertCase):
    """Alice's request was paid with Bruno's payment."""

    def assertReadable(self, rollback, *names):
        """Form, document and register of corrections show people of these names."""
        invalidate(self.env)
        rollback = rollback.with_user(self.user)
        today = fields.Date.today()
        register = (
            self.env["reconciliation.rollback.register"]
            .with_user(self.user)
            .create({"date_from": today, "date_to": today, "state": "all"})
        )
        (entry,) = register._load_register().rows
        texts = [rollback.plan_html, render_html(REPORT, rollback)]
        if rollback.started_at:
            texts.append(str([row.person for row in entry.changes.people.rows]))
        for name in names:
            for text in texts:
                self.assertIn(name, text)
        self.assertEqual(rollback._find_tampering(), [])

    def assertCorrected(self, rollback, wrong, right):
        self.assertDone(rollback)
        self.assertPaid(self.bruno)
        self.assertMember(right, 502, [(self.share_y, 3)])
        self.assertCandidate(wrong)

    def assertTakenBack(self, rollback, wrong, right):
        self.assertReverted(rollback)
        self.assertPaid(self.alice)
        self.assertMember(wrong, 502, [(self.share_y, 3)])
        self.assertCandidate(right)


@tagged("post_install", "-at_install", "slow")
class TestMergedContacts(MergeCase):
    def test_in_the_middle(self):
        """Both people get other records, whatever step is next; there and back."""
        rollback = self.start()

        def check():
            right = acts.merge_right_person(self, rollback)
            wrong = acts.merge_wrong_person(self, rollback)
            self.assertReadable(rollback, wrong.display_name, right.display_name)
            self.run_jobs(rollback)
            self.assertCorrected(rollback, wrong, right)
            self.assertReadable(rollback, wrong.display_name, right.display_name)
            rollback.action_revert()
            self.run_jobs(rollback)
            self.assertTakenBack(rollback, wrong, right)
            self.assertReadable(rollback, wrong.display_name, right.display_name)

        self.before_each_step(rollback, check, points=(0, 3, 8, 10))

    def test_on_the_way_back(self):
        """Merged once it was done, and again between two steps of the revert."""
        rollback = self.start()
        self.run_jobs(rollback)
        acts.merge_right_person(self, rollback)
        wrong = acts.merge_wrong_person(self, rollback)
        rollback.action_revert()
        self.run_steps(rollback, 4)
        right = acts.merge_right_person(self, rollback)
        self.run_jobs(rollback)
        self.assertTakenBack(rollback, wrong, right)
        self.assertReadable(rollback, wrong.display_name, right.display_name)

    def test_after_a_failure(self):
        """A step has failed, somebody merges the contact: Retry and Revert both work."""
        rollback = self.start()
        self.run_jobs(rollback, until="reset_membership")
        acts.draft_right(self, rollback)
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "failed")
        right = acts.merge_right_person(self, rollback)
        self.bruno.capital_release_request.action_post()
        rollback.action_retry()
        self.run_jobs(rollback)
        self.assertCorrected(rollback, self.alice.partner_id, right)

    def test_before_the_start(self):
        """The plan names somebody who is no more: it is made anew."""
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.action_plan()
        right = acts.merge_right_person(self, rollback)
        self.assertReadable(rollback, right.display_name)
        self.assertRefused(f"{rollback.name}.*plan it again", rollback.action_start)
        rollback.action_draft()
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertCorrected(rollback, self.alice.partner_id, right)

    def test_both_people(self):
        """Not while the register is held; afterwards all can be read, and nothing goes back."""
        rollback = self.start()
        self.run_jobs(rollback, until="remove_shares")
        self.assertRefused(
            f"{self.company.name}.*{self.alice.partner_id.name}.*{rollback.name}",
            acts.merge_both_people,
            self,
            rollback,
        )
        self.run_jobs(rollback)
        self.assertDone(rollback)
        bruno = acts.merge_both_people(self, rollback)
        self.assertReadable(rollback, bruno.display_name)
        self.assertRefused(f"{rollback.name}.*{bruno.name}", rollback.action_revert)

    def test_tampering_is_still_found(self):
        """A merge that never was explains nothing."""
        rollback = self.start()
        self.run_jobs(rollback)
        payer, flora = self.bruno.partner_id, self.flora.partner_id
        former = self.env["reconciliation.rollback.former.partner"]
        former._keep(payer, flora)
        flush(self.env)
        self.env.cr.execute(
            "UPDATE reconciliation_rollback_line SET payment_partner_id = %s",
            [flora.id],
        )
        invalidate(self.env)
        self.assertTrue(rollback._find_tampering())

    def test_deleted(self):
        """The name of somebody whom a cancelled rollback was about is kept."""
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.action_plan()
        rollback.action_cancel()
        bruno, name = self.bruno.partner_id, self.bruno.partner_id.display_name
        self.payment.action_draft()
        self.payment.unlink()
        self.bruno.capital_release_request.button_draft()
        self.bruno.capital_release_request.with_context(force_delete=True).unlink()
        self.bruno.unlink()
        bruno.unlink()
        invalidate(self.env)
        self.assertIn(name, rollback.plan_html)


@tagged("post_install", "-at_install", "slow")
class TestMergedLater(MergeCase):
    """Somebody else's operation is taken back and applied again."""

    @classmethod
    def make_mistake(cls):
        super().make_mistake()
        cls.clara = cls.join(CLARA, 1, cls.share_y)

    def test_in_the_middle(self):
        rollback = self.start(cascade="all")

        def check():
            double = acts.make_double(self, self.clara.partner_id)
            clara = acts.merge(self, self.clara.partner_id, double)
            self.run_jobs(rollback)
            self.assertDone(rollback)
            self.assertMember(clara, 503, [(self.share_y, 1)])
            self.revert(rollback)
            self.assertMember(clara, 503, [(self.share_y, 1)])
            self.assertReadable(rollback)

        self.before_each_step(rollback, check, points=(0, 5))


@tagged("post_install", "-at_install")
class TestFindings(RegisterCheckCase):
    """What the register check has found of contacts that are merged since."""

    def merge(self, partner):
        """Merge a contact into a second one of the same name."""
        return acts.merge(self, partner, acts.make_double(self, partner))

    def find_unlike(self):
        """Bruno has three shares more than the register gives."""
        bruno = self.bruno.partner_id
        line = bruno.share_ids.filtered(lambda one: one.share_number == 2)
        self.execute("UPDATE share_line SET share_number = 5 WHERE id = %s", line.id)
        return self.assertFinds(SHARES_UNLIKE_REGISTER)

    def test_finding_follows(self):
        """It shows the contact that stays, stays accepted, and the next check knows it."""
        finding = self.find_unlike()
        finding.with_user(self.manager).action_accept()
        bruno = self.merge(self.bruno.partner_id)
        self.assertIn(bruno.display_name, finding.description)
        action = finding.with_user(self.user).action_open()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (bruno._name, bruno.id)
        )
        self.assertEqual(self.assertFinds(SHARES_UNLIKE_REGISTER), finding)
        self.assertTrue(finding.is_accepted)

    def test_finding_is_fixed(self):
        """Its button leads to a fix of what the contact that stays has."""
        finding = self.find_unlike()
        self.merge(self.bruno.partner_id)
        action = finding.with_user(self.manager).action_mend()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(self.manager)
        wizard.reason = "Brought from the paper register"
        wizard.action_apply()
        self.assertFinds()

    def test_two_become_one(self):
        """Of two findings that say the same then, one is left."""
        self.allow_double_numbers()
        alice, bruno = self.alice.partner_id, self.bruno.partner_id
        self.execute(
            "UPDATE cooperative_membership SET cooperator_register_number = NULL"
            " WHERE partner_id IN %s",
            (alice.id, bruno.id),
        )
        findings = self.find().filtered(lambda one: one.kind == MEMBER_WITHOUT_NUMBER)
        self.assertEqual(len(findings), 2)
        acts.merge(self, alice, bruno)
        (left,) = findings.exists()
        self.assertEqual(left.partner_id, bruno)
        self.assertIn(bruno.display_name, left.description)

    def test_deleted(self):
        """Somebody deletes what was found: the way on is said instead of an error."""
        finding = self.find_unlike()
        gone = finding.content.replace(str(self.bruno.partner_id.id), str(10**8))
        finding.sudo().write({"content": gone, "partner_id": False})
        self.assertRefused("Press Check now", finding.action_open)
