"""Auditors read corrections and the register; what is nobody's business is not kept."""

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.res_users import AUDITORS
from .common import MistakeCase
from .series import render_html
from .test_later_operations import LaterOperationsCase
from .test_mail_hold import MailCase

REPORT = "cooperator_reconcile_rollback.reconciliation_rollback_report"
ENTRIES = "cooperator_reconcile_rollback.register_entries_report"
CORRECTIONS = "cooperator_reconcile_rollback.corrections_register_report"
ROLLBACK = "reconciliation.rollback"


@tagged("post_install", "-at_install")
class TestAuditors(MistakeCase):
    def setUp(self):
        super().setUp()
        self.auditor = self.make_user("auditor", AUDITORS)

    def test_reads_and_changes_nothing(self):
        """Drafts are nobody's but whose who make them."""
        rollback = self.draft_rollback(self.request, self.bruno)
        seen = self.env[ROLLBACK].with_user(self.auditor)
        self.assertFalse(seen.search([("id", "=", rollback.id)]))
        rollback.action_plan()
        self.assertTrue(seen.search([("id", "=", rollback.id)]))
        own = rollback.with_user(self.auditor)
        for act in (own.action_start, own.action_draft, own.action_cancel):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                act()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            own.write({"note": "Seen"})
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertIn(rollback.name, render_html(REPORT, own))
        self.assertEqual(own.action_prove()["params"]["type"], "success")
        today = fields.Date.today()
        register = self.env["reconciliation.rollback.register"].with_user(self.auditor)
        register = register.create({"date_from": today, "date_to": today})
        self.assertIn(rollback.name, render_html(CORRECTIONS, register))
        document = self.env["cooperator.register.document"].with_user(self.auditor)
        document = document.create({"kind": "register"})
        self.assertIn(self.alice.partner_id.name, render_html(ENTRIES, document))
        entries = self.env["cooperator.register.entry"].with_user(self.auditor)
        self.assertEqual(entries.action_open_entries()["res_model"], entries._name)

    def test_last_day(self):
        """The right ends the night after."""
        users = self.env["res.users"]
        for day, stays in (
            (False, True),
            (self.days_ago(0), True),
            (self.days_ago(1), False),
        ):
            self.auditor.auditor_until = day
            users._cron_end_auditors()
            self.assertEqual(self.auditor.has_group(AUDITORS), stays, day)


@tagged("post_install", "-at_install")
class TestFoundFromEveryRole(LaterOperationsCase):
    def test_whose_number_moved(self):
        rollback = self.roll_back(
            self.alice.capital_release_request, numbering="close_gap"
        )
        for person in self.others - self.flora.partner_id:
            self.assertEqual(person._get_reconciliation_rollbacks(), rollback)
        self.assertFalse(self.flora.partner_id._get_reconciliation_rollbacks())


@tagged("post_install", "-at_install")
class TestOtherMail(MailCase):
    """A letter to Alice that has nothing to do with her shares waits in the queue."""

    def test_leaves_no_subject_behind(self):
        letter = self.make_mail(self.alice.partner_id, "Three months late")
        rollback = self.roll_back(self.request, self.bruno)
        row = rollback.mail_ids.filtered(lambda row: row.mail_id == letter)
        self.assertEqual(letter.state, "outgoing")
        self.assertEqual((row.kind, row.state), ("other", "sent"))
        self.assertFalse(row.email_to)
        kept = [rollback.warnings or "", rollback.plan, row.subject]
        kept += [step[name] or "" for step in rollback.step_ids for name in KEPT]
        kept.append(render_html(REPORT, rollback))
        for text in kept:
            self.assertNotIn("Three months late", text)
        self.assertFalse(rollback._find_tampering())


KEPT = ("before", "after", "kept")
