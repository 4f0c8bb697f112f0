"""The head of the chain leaves the database, and is compared with it later."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..services.chain_head import find_last_link
from .builders import DAVID
from .documents import Documents
from .series import invalidate, render_html
from .test_evidence_chain import EvidenceChainCase

REPORT = "cooperator_reconcile_rollback.reconciliation_rollback_report"
REGISTER = "cooperator_reconcile_rollback.corrections_register_report"


@tagged("post_install", "-at_install", "slow")
class TestHeadOnPaper(Documents, EvidenceChainCase):
    def compare(self, count, text, **values):
        """The wizard after a user has pressed Compare."""
        wizard = self.env["cooperator.evidence.comparison"].with_user(self.user)
        wizard = wizard.create({"count": count, "hash": text, **values})
        action = wizard.action_compare()
        self.assertEqual((action["res_id"], action["target"]), (wizard.id, "new"))
        return wizard

    def assertContained(self, *arguments, **values):
        wizard = self.compare(*arguments, **values)
        self.assertTrue(wizard.is_good, wizard.result)
        return wizard.result

    def assertNotContained(self, sentence, *arguments, **values):
        wizard = self.compare(*arguments, **values)
        self.assertFalse(wizard.is_good, wizard.result)
        self.assertRegex(wizard.result, sentence)

    def register(self):
        today = self.days_ago(0)
        wizard = self.env["reconciliation.rollback.register"].with_user(self.user)
        return wizard.create({"date_from": self.days_ago(1), "date_to": today})

    def test_compare(self):
        last = find_last_link(self.company)
        day = last.at.date()
        printed = last.hash[:32].upper() + " " + last.hash[32:]
        self.assertIn("Links added since: 0", self.assertContained(3, printed))
        self.assertContained(3, last.hash[:12], date=day)
        self.roll_back_of(DAVID)
        self.assertIn("Links added since: 2", self.assertContained(3, last.hash))
        self.assertNotContained("is of", 3, last.hash, date=self.days_ago(400))
        self.assertNotContained("has no link 9", 9, last.hash)
        self.assertNotContained("Link 2 .* not the one on the paper", 2, last.hash)
        with self.tampering(
            ("UPDATE cooperator_evidence_link SET event = 'fix' WHERE number = 2",)
        ):
            self.assertNotContained("Link 2 .* not what was kept", 3, last.hash)
        for count, text in ((0, last.hash), (3, last.hash[:11]), (3, False)):
            with self.assertRaisesRegex(UserError, "at least 12"):
                self.compare(count, text)

    def test_prove_all(self):
        wizard = self.env["cooperator.evidence.comparison"].with_user(self.user)
        wizard = wizard.create({})
        self.assertIn("3 links", wizard.head)
        wizard.action_prove_chain()
        self.assertTrue(wizard.is_good)
        with self.tampering(self.update(self.rollback, "reason", "other")):
            wizard.action_prove_chain()
            self.assertFalse(wizard.is_good)
            self.assertIn(self.rollback.name, wizard.result)

    def test_rights(self):
        """Nobody compares another company's chain, or makes links by hand."""
        second = self.make_company("Second cooperative")
        wizard = self.env["cooperator.evidence.comparison"].with_user(self.user)
        with self.assertRaises(AccessError):
            wizard.create({"company_id": second.id})
        link = find_last_link(self.company)
        for act in (
            lambda: link.write({"hash": "0"}),
            lambda: link.unlink(),
            lambda: link.copy({"number": 99}),
        ):
            with self.assertRaisesRegex(UserError, "Link"), self.env.cr.savepoint():
                act()

    def test_documents(self):
        last = find_last_link(self.company)
        rollback = self.rollback.with_user(self.user)
        for report, record in ((REPORT, rollback), (REGISTER, self.register())):
            html = " ".join(render_html(report, record).split())
            self.assertIn(f"{self.company.name}: 3 links", html)
            self.assertIn(last.hash, html)
        sheet = self.export("corrections_register_xlsx", self.register())["Totals"]
        cells = {row[0].value: row[1].value for row in sheet.iter_rows(max_row=11)}
        self.assertEqual(cells["Links of the chain of evidence"], "3")
        self.assertEqual(cells["Hash of the last link"], last.hash)

    def test_mail(self):
        """Each month, to whom the company has named."""
        mails = self.env["mail.mail"]
        known = mails.search([])
        self.env["res.company"]._cron_mail_evidence_head()
        self.assertEqual(mails.search([]), known)
        self.company.evidence_email = "auditor@example.org"
        second = self.make_company("Second cooperative")
        second.evidence_email = "auditor@example.org"
        self.env["res.company"]._cron_mail_evidence_head()
        invalidate(self.env)
        mail = mails.search([]) - known
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.email_to, "auditor@example.org")
        self.assertEqual(mail.state, "outgoing")
        self.assertFalse(mail.auto_delete)
        self.assertIn(find_last_link(self.company).hash, mail.body_html)
        self.assertIn("Compare with paper", mail.body_html)
