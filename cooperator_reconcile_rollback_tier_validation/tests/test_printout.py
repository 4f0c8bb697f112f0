from odoo.tests import tagged

from odoo.addons.cooperator_reconcile_rollback.tests.documents import Documents

from .common import ValidationCase

REPORT = "reconciliation_rollback_report"


@tagged("post_install", "-at_install")
class TestPrintout(Documents, ValidationCase):
    """The document of a rollback says who validated it, drawn by the real wkhtmltopdf."""

    context = {"force_report_rendering": True}

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.set_up_documents()

    def _print(self, rollback):
        return " ".join(self.print_pages(REPORT, rollback))

    def test_before_and_after_the_decision(self):
        """It says who asked, and who decided when and why; nothing where nobody did."""
        self.define(has_comment=True)
        rollback = self.plan()
        self.assertNotIn("Requested by", self._print(rollback))
        self.press(self.user, rollback, "request_validation")
        asked = self._print(rollback)
        self.assertSays(asked, "Four eyes " + self.user.name)
        self.assertSays(asked, self.reviewer.name + " Pending –")
        self.comment(self.reviewer, rollback)
        self.press(self.manager, rollback, "action_start")
        self.run_jobs(rollback)
        day = self.reviews_of(rollback).reviewed_date.strftime("%m/%d/%Y")
        self.assertSays(
            self._print(rollback),
            "Validation",
            "Comment Four eyes %s %s" % (self.user.name, day),
            "%s Approved %s %s" % (self.reviewer.name, self.reviewer.name, day),
            "Seen Steps and jobs",
        )
