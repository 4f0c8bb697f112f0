"""Mail that waits for the end of a rollback."""

import unittest

from odoo.tests import tagged

from .builders import ALICE, BRUNO
from .common import RollbackCase
from .series import flush, invalidate

HELD = "rollback_held"


class MailCase(RollbackCase):
    """Bruno's payment on Alice's request; a certificate waits for her in the queue."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)
        cls.newsletter = cls.make_mail(cls.flora.partner_id)
        cls.switch_on()
        cls.pay(cls.alice, by=cls.bruno.partner_id)
        cls.request = cls.alice.capital_release_request
        cls.wrong = cls.mail_to(cls.alice)

    @classmethod
    def switch_on(cls):
        cls.switch_certificates_on()

    @classmethod
    def mail_to(cls, subscription):
        """The one mail in the queue to somebody, whatever its state."""
        mail = cls.env["mail.mail"].search(
            [("recipient_ids", "in", subscription.partner_id.ids)]
        )
        mail.ensure_one()
        return mail

    def row_for(self, rollback, subscription):
        """The rollback's one row of mail about somebody."""
        row = rollback.mail_ids.filtered(
            lambda row: row.partner_id == subscription.partner_id
        )
        self.assertEqual(len(row), 1)
        return row

    def send_queue(self):
        """What Odoo's mail scheduler does every hour."""
        self.env["mail.mail"].process_email_queue()
        invalidate(self.env)


@tagged("post_install", "-at_install")
class TestCertificateDocuments(MailCase):
    """The manual's way with real certificates: held, cancelled or sent in the end."""

    # while it is testing, Odoo draws no PDF unless told to
    context = {"force_report_rendering": True}

    @classmethod
    def switch_on(cls):
        """Cooperator's own templates, drawn as PDF as on a running server."""
        if cls.env["ir.actions.report"].get_wkhtmltopdf_state() == "install":
            raise unittest.SkipTest(
                "certificates are drawn by wkhtmltopdf, which is missing"
            )
        cls.company.send_certificate_email = True

    def assertCertificate(self, mail):
        self.assertEqual(len(mail.attachment_ids), 1)
        self.assertTrue(mail.attachment_ids.raw.startswith(b"%PDF"))

    def test_from_hold_to_release(self):
        """Only Bruno's certificate leaves, and only at the end."""
        self.assertCertificate(self.wrong)
        self.assertEqual(self.wrong.state, "outgoing")
        rollback = self.start_rollback(self.request, self.bruno)

        self.run_jobs(rollback, until="hold_mail")
        self.assertEqual(self.wrong.state, HELD)
        row = self.row_for(rollback, self.alice)
        self.assertEqual(row.mail_id, self.wrong)
        self.assertEqual(row.subject, self.wrong.subject)
        self.assertIn(ALICE.email, row.email_to)
        self.assertEqual(
            (row.kind, row.choice, row.state), ("certificate", "cancel", "held")
        )
        self.send_queue()
        self.assertEqual(self.wrong.state, HELD)

        self.run_jobs(rollback, until="make_match")
        right = self.mail_to(self.bruno)
        self.assertCertificate(right)
        self.assertEqual(right.state, HELD)
        row = self.row_for(rollback, self.bruno)
        self.assertEqual(row.mail_id, right)
        self.assertIn(BRUNO.email, row.email_to)
        self.assertEqual(
            (row.kind, row.choice, row.state), ("certificate", "send", "held")
        )
        self.send_queue()
        self.assertEqual(right.state, HELD)

        self.run_jobs(rollback, until="clear_mail")
        self.assertEqual(self.wrong.state, "cancel")
        self.assertEqual(self.row_for(rollback, self.alice).state, "cancelled")
        self.assertEqual(right.state, HELD)

        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertEqual(right.state, "outgoing")
        self.assertEqual(self.row_for(rollback, self.bruno).state, "sent")
        self.assertEqual(self.wrong.state, "cancel")

        self.send_queue()
        self.assertEqual(self.wrong.state, "cancel")
        # Odoo deletes certificates once they are sent
        self.assertFalse(right.exists())


@tagged("post_install", "-at_install")
class TestHold(MailCase):
    """Whose mail is held, and what becomes of it."""

    def test_expected_in_the_plan(self):
        """The plan says which mail is due, before anything is touched."""
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.action_plan()
        rows = [self.row_for(rollback, who) for who in (self.alice, self.bruno)]
        self.assertEqual(
            [(row.kind, row.choice, row.state) for row in rows],
            [
                ("certificate", "cancel", "expected"),
                ("certificate", "send", "expected"),
            ],
        )
        self.assertEqual(len(rollback.mail_ids), 2)
        self.assertEqual(self.wrong.state, "outgoing")

    def test_held_from_the_start(self):
        """Not from the first job on: the mail scheduler may come before it."""
        rollback = self.start_rollback(self.request, self.bruno)
        self.assertEqual(self.wrong.state, HELD)
        self.assertEqual(self.row_for(rollback, self.alice).state, "held")
        letter = self.make_mail(self.bruno.partner_id, "General meeting")
        self.assertEqual(letter.state, HELD)
        self.assertEqual(self.newsletter.state, "outgoing")

    def test_unrelated_mail_flows_on(self):
        """The newsletter leaves in the middle of the rollback."""
        rollback = self.start_rollback(self.request, self.bruno)
        self.run_jobs(rollback, until="make_match")
        self.assertEqual(self.newsletter.state, "outgoing")
        self.send_queue()
        self.assertEqual(self.newsletter.state, "sent")
        self.assertEqual(self.wrong.state, HELD)
        self.run_jobs(rollback)
        self.assertNotIn(self.newsletter, rollback.mail_ids.mail_id)

    def test_unrelated_mail_is_not_written_on(self):
        aged = self.age(self.newsletter)
        self.roll_back(self.request, self.bruno)
        self.assertUntouched(aged)

    def test_scope_all(self):
        """The manual's way: everything waits, and what is not the rollback's leaves."""
        rollback = self.start_rollback(self.request, self.bruno, mail_scope="all")
        self.run_jobs(rollback, until="hold_mail")
        self.assertEqual(self.newsletter.state, HELD)
        late = self.make_mail(self.flora.partner_id, "Invitation")
        self.assertEqual(late.state, HELD)
        self.send_queue()
        self.assertEqual((self.newsletter | late).mapped("state"), [HELD, HELD])
        self.run_jobs(rollback)
        self.assertDone(rollback)
        for mail in (self.newsletter, late):
            row = rollback.mail_ids.filtered(lambda row, m=mail: row.mail_id == m)
            self.assertEqual(
                (row.kind, row.choice, row.state), ("other", "send", "sent")
            )
            self.assertEqual(mail.state, "outgoing")
        self.assertEqual(self.wrong.state, "cancel")

    def test_other_mail_about_the_people_concerned(self):
        """What is no certificate waits as well, and leaves at the end."""
        letters = [
            self.make_mail(subscription.partner_id, "General meeting")
            for subscription in (self.alice, self.bruno)
        ]
        rollback = self.start_rollback(self.request, self.bruno)
        self.run_jobs(rollback, until="hold_mail")
        late = self.make_mail(self.bruno.partner_id, "Second reminder")
        for mail in letters + [late]:
            self.assertEqual(mail.state, HELD)
        self.run_jobs(rollback)
        self.assertDone(rollback)
        for mail in letters + [late]:
            self.assertEqual(mail.state, "outgoing")

    def test_mail_by_address_only(self):
        """A mail that knows only the address of somebody concerned waits, too."""
        mail = self.env["mail.mail"].create(
            {
                "subject": "Your request",
                "body_html": "<p>Good morning</p>",
                "email_to": f"Alice Adam <{ALICE.email}>",
            }
        )
        rollback = self.start_rollback(self.request, self.bruno)
        self.run_jobs(rollback, until="hold_mail")
        self.assertEqual(mail.state, HELD)
        self.run_jobs(rollback)
        self.assertEqual(mail.state, "outgoing")

    def test_nothing_is_held_before_and_after(self):
        """A plan holds nothing, and an ended rollback holds nothing any more."""
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.action_plan()
        early = self.make_mail(self.alice.partner_id, "Early")
        self.assertEqual(early.state, "outgoing")
        rollback.action_start()
        self.run_jobs(rollback)
        late = self.make_mail(self.alice.partner_id, "Late")
        self.assertEqual(late.state, "outgoing")

    def test_sent_mail_cannot_be_called_back(self):
        """Alice has got hers already: there is nothing to hold, she can only be told."""
        self.send_queue()
        self.assertFalse(self.wrong.exists())
        rollback = self.roll_back(self.request, self.bruno)
        self.assertEqual(self.certificates_to(self.alice.partner_id), [])
        self.assertEqual(
            self.certificates_to(self.bruno.partner_id),
            [("First certificate", "outgoing")],
        )
        kinds = {row.partner_id: row.kind for row in rollback.mail_ids}
        self.assertEqual(
            kinds,
            {self.alice.partner_id: "notice", self.bruno.partner_id: "certificate"},
        )


@tagged("post_install", "-at_install")
class TestChoice(MailCase):
    """A person can change each choice before the start."""

    def planned(self):
        rollback = self.draft_rollback(self.request, self.bruno, user=self.user)
        rollback.action_plan()
        return rollback

    def finish(self, rollback):
        rollback = rollback.with_user(self.manager)
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)

    def test_expected_certificate_is_not_wanted(self):
        rollback = self.planned()
        self.row_for(rollback, self.bruno).choice = "cancel"
        self.finish(rollback)
        self.assertEqual(self.mail_to(self.bruno).state, "cancel")
        self.assertEqual(self.row_for(rollback, self.bruno).state, "cancelled")

    def test_waiting_certificate_is_wanted(self):
        """Whatever for: the person has decided so."""
        rollback = self.planned()
        self.row_for(rollback, self.alice).choice = "send"
        self.finish(rollback)
        self.assertEqual(self.wrong.state, "outgoing")
        self.assertEqual(self.row_for(rollback, self.alice).state, "sent")

    def test_not_after_the_start(self):
        rollback = self.planned().with_user(self.manager)
        rollback.action_start()
        row = self.row_for(rollback, self.bruno)
        self.assertRefused(rollback.name, row.write, {"choice": "cancel"})
        self.assertEqual(row.choice, "send")


@tagged("post_install", "-at_install")
class TestWatchdog(MailCase):
    """A hold cannot outlive its rollback."""

    def run_watchdog(self):
        """The scheduled action, as the scheduler runs it."""
        cron = self.env["ir.cron"].search([("code", "like", "_cron_release_left_mail")])
        self.assertEqual(len(cron), 1)
        self.assertTrue(cron.active)
        cron.method_direct_trigger()
        invalidate(self.env)

    def leave_held(self, rollback, subscription):
        """What a server that broke down at the end of a rollback leaves behind."""
        row = self.row_for(rollback, subscription)
        flush(self.env)
        self.env.cr.execute(
            "UPDATE mail_mail SET state = %s WHERE id = %s", [HELD, row.mail_id.id]
        )
        self.env.cr.execute(
            "UPDATE reconciliation_rollback_mail SET state = 'held' WHERE id = %s",
            [row.id],
        )
        invalidate(self.env)
        return row

    def test_left_mail_is_sent_or_cancelled(self):
        """Each held mail that was left gets what had been chosen for it."""
        rollback = self.roll_back(self.request, self.bruno).with_env(self.env)
        rows = [self.leave_held(rollback, who) for who in (self.alice, self.bruno)]
        self.run_watchdog()
        self.assertEqual([row.mail_id.state for row in rows], ["cancel", "outgoing"])
        self.assertEqual([row.state for row in rows], ["cancelled", "sent"])

    def test_running_rollback_keeps_its_mail(self):
        rollback = self.start_rollback(self.request, self.bruno)
        self.run_jobs(rollback, until="make_match")
        right = self.mail_to(self.bruno)
        self.run_watchdog()
        self.assertEqual((self.wrong | right).mapped("state"), [HELD, HELD])
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertEqual(right.state, "outgoing")

    def test_ordinary_mail_is_left_alone(self):
        self.roll_back(self.request, self.bruno)
        aged = self.age(self.newsletter, self.wrong)
        self.run_watchdog()
        self.assertUntouched(aged)
