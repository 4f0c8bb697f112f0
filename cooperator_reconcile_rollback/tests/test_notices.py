"""Whoever got a wrong certificate can be told so."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .builders import ALICE, BRUNO
from .common import RollbackCase
from .series import render_html
from .test_mail_hold import MailCase

REPORT = "cooperator_reconcile_rollback.reconciliation_rollback_report"
SUBJECT = "Your cooperator certificate was sent in error"


class NoticeCase(MailCase):
    """Alice's wrong certificate has left: Odoo forgets what it has sent."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.wrong.unlink()

    def plan(self):
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.action_plan()
        return rollback

    def notices_to(self, subscription):
        """The states of a person's notices in Odoo's queue."""
        return [
            state
            for subject, state in self.mails_to(subscription.partner_id)
            if subject == SUBJECT
        ]


@tagged("post_install", "-at_install")
class TestNotices(NoticeCase):
    def test_offered(self):
        """The plan offers a notice. Nothing starts before somebody has decided on it."""
        rollback = self.plan()
        row = self.row_for(rollback, self.alice)
        self.assertEqual(row.kind, "notice")
        self.assertEqual(row.subject, SUBJECT)
        self.assertEqual(row.choice, "decide")
        self.assertIn(self.alice.partner_id.email, row.email_to)
        name = self.alice.partner_id.name
        refusal = f"{name} has a wrong certificate"
        self.assertRefused(refusal, rollback.action_start)
        row.choice = "cancel"
        self.assertRefused(refusal, rollback.action_start)
        row.choice = "told"
        self.assertRefused(refusal, rollback.action_start)
        row.write({"told_on": self.days_ago(1), "told_how": "By phone"})
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "done")
        self.assertEqual(row.state, "cancelled")
        self.assertEqual(self.mails_to(self.alice.partner_id), [])
        printed = render_html(REPORT, rollback)
        self.assertIn("By phone", printed)
        self.assertFalse(rollback._find_tampering())

    def test_only_notices_are_told_otherwise(self):
        rollback = self.plan()
        certificate = self.row_for(rollback, self.bruno)
        for choice in ("decide", "told"):
            with self.assertRaises(ValidationError):
                certificate.choice = choice

    def test_chosen(self):
        """It waits for the end with the other mail, and then it leaves, once."""
        rollback = self.plan()
        row = self.row_for(rollback, self.alice)
        row.choice = "send"
        rollback.action_start()
        self.run_jobs(rollback, until="clear_mail")
        self.assertEqual(self.notices_to(self.alice), ["rollback_held"])
        self.run_jobs(rollback)
        self.assertEqual(self.notices_to(self.alice), ["outgoing"])
        self.assertEqual(row.state, "sent")
        mail = row.sudo().mail_id
        self.assertEqual(mail.recipient_ids, self.alice.partner_id)
        self.assertIn("That certificate is not valid", mail.body_html)
        self.assertFalse(mail.attachment_ids)
        self.assertFalse(mail.is_cooperator_certificate)

    def test_reverted(self):
        """What was to be told is not true any more."""
        rollback = self.plan()
        self.row_for(rollback, self.alice).choice = "send"
        rollback.action_start()
        self.run_jobs(rollback, until="clear_mail")
        rollback.action_revert()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "reverted")
        self.assertEqual(self.notices_to(self.alice), ["cancel"])


@tagged("post_install", "-at_install")
class TestNobodyToTell(MailCase):
    def test_certificate_has_not_left(self):
        """It waits, and is cancelled: there is nothing to tell."""
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.action_plan()
        self.assertEqual(self.row_for(rollback, self.alice).kind, "certificate")

    def test_no_certificates(self):
        """The cooperative sends none."""
        self.wrong.unlink()
        self.company.send_certificate_email = False
        rollback = self.draft_rollback(self.request)
        rollback.action_plan()
        self.assertFalse(rollback.mail_ids)


@tagged("post_install", "-at_install")
class TestNoticeOfIncrease(RollbackCase):
    def test_member_keeps_the_rest(self):
        """A member's certificate of a wrong increase was wrong too."""
        member = self.join(ALICE, 2, self.share_y).partner_id
        increase = self.subscribe(ALICE, 3, self.share_y, partner=member)
        bruno = self.subscribe(BRUNO, 3, self.share_y)
        self.switch_certificates_on()
        self.pay(increase, by=bruno.partner_id)
        self.env["mail.mail"].search([]).unlink()
        rollback = self.draft_rollback(increase.capital_release_request, bruno)
        rollback.action_plan()
        kinds = {row.partner_id: row.kind for row in rollback.mail_ids}
        self.assertEqual(kinds, {member: "notice", bruno.partner_id: "certificate"})
