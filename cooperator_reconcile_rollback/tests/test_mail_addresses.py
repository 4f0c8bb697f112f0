"""People and companies without an e-mail address, with several, with a wrong one."""

from odoo.tests import tagged

from .series import invalidate
from .test_mail_hold import HELD, MailCase
from .test_notices import NoticeCase

SUBTYPE = "mail.mt_comment"


@tagged("post_install", "-at_install", "slow")
class TestAddresses(MailCase):
    """Whatever address people have, they are corrected, and their mail is held."""

    def correct(self, email):
        """Roll the mistake back while the people have a certain address."""
        people = (self.alice | self.bruno).partner_id
        people.email = email
        invalidate(self.env)
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.action_plan()
        steps = rollback._by_action()._try_out()
        self.assertEqual([step for step in steps if step["error"]], [])
        rollback.action_start()
        self.assertEqual(self.wrong.state, HELD)
        self.run_jobs(rollback, until="make_match")
        self.assertLettersWait(rollback, people)
        right = self.row_for(rollback, self.bruno).mail_id
        self.assertEqual(right.state, HELD)
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertEqual(self.wrong.state, "cancel")
        self.assertEqual(right.state, "outgoing")
        return rollback

    def assertLettersWait(self, rollback, people):
        """What somebody else writes to the people meanwhile is sent at the end."""
        for person in people.with_user(self.user):
            person.message_post(
                body="Good morning",
                partner_ids=person.ids,
                message_type="comment",
                subtype_xmlid=SUBTYPE,
            )
            letter = self.make_mail(person.with_env(self.env), "Letter")
            self.assertEqual(letter.state, HELD)
            self.assertIn(letter, rollback.sudo().mail_ids.mail_id)

    def row_for(self, rollback, subscription):
        """The rollback's one certificate for somebody."""
        # sudo: the mail queue is for system administrators
        rows = rollback.sudo().mail_ids.filtered(
            lambda row: (
                row.kind == "certificate" and row.partner_id == subscription.partner_id
            )
        )
        self.assertEqual(len(rows), 1)
        return rows

    def test_several(self):
        rollback = self.correct("first@example.org, second@example.org")
        email_to = self.row_for(rollback, self.bruno).email_to
        self.assertIn("first@example.org", email_to)
        self.assertIn("second@example.org", email_to)

    def test_no_address_at_all(self):
        self.correct("ask at the desk")

    def test_none(self):
        """Nor a name: Odoo allows that for addresses of other types than contact."""
        invalidate(self.env)
        self.env.cr.execute(
            "UPDATE res_partner SET type = 'other', name = NULL, display_name = '',"
            " firstname = NULL, lastname = NULL WHERE id = ANY (%s)",
            ((self.alice | self.bruno).partner_id.ids,),
        )
        rollback = self.correct(False)
        self.assertFalse(self.row_for(rollback, self.bruno).email_to)
        self.revert(rollback)

    def test_mail_that_knows_one_of_several_addresses(self):
        """However it is spelt."""
        self.bruno.partner_id.email = "Bruno@Example.org, second@example.org"
        mails = self.env["mail.mail"].create(
            [
                {"subject": "Your request", "email_to": email}
                for email in ("SECOND@example.org", "Bruno <bruno@example.ORG>")
            ]
        )
        rollback = self.start_rollback(self.request, self.bruno)
        self.assertEqual(mails.mapped("state"), [HELD, HELD])
        self.run_jobs(rollback)
        self.assertEqual(mails.mapped("state"), ["outgoing", "outgoing"])


@tagged("post_install", "-at_install")
class TestCompanyWithoutAddress(NoticeCase):
    def test_notice(self):
        """Neither the company nor who starts the rollback nor the person has one."""
        self.company.email = False
        self.company.partner_id.email = False
        self.manager.email = False
        self.alice.partner_id.email = False
        rollback = self.plan()
        row = self.row_for(rollback, self.alice)
        row.choice = "send"
        self.assertTriedOut(rollback)
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertEqual(row.sudo().mail_id.state, "outgoing")
        self.assertEqual(row.state, "sent")


@tagged("post_install", "-at_install")
class TestMailScheduler(MailCase):
    """Odoo's mail scheduler runs beside every step."""

    def test_beside_every_step(self):
        """Held mail never leaves, and nobody else's waits."""
        rollback = self.start_rollback(self.request, self.bruno)
        kinds = rollback.step_ids.mapped("kind")
        self.send_queue()
        self.assertEqual(self.newsletter.state, "sent")
        for number, kind in enumerate(kinds):
            held = rollback.sudo().mail_ids.mail_id
            held = held.filtered(lambda mail: mail.state == HELD)
            letter = self.make_mail(self.flora.partner_id, "Letter %s" % number)
            self.send_queue()
            with self.subTest(kind=kind):
                self.assertEqual(letter.state, "sent")
                self.assertEqual(set(held.mapped("state")), {HELD})
            self.run_jobs(rollback, until=kind)
        self.assertDone(rollback)
        self.assertEqual(self.wrong.state, "cancel")
        right = self.row_for(rollback, self.bruno).sudo().mail_id
        self.assertEqual(right.state, "outgoing")
        self.send_queue()
        self.assertFalse(right.exists())
        self.assertEqual(self.wrong.state, "cancel")
