"""The PDF of one rollback (requirement V3), drawn by the real wkhtmltopdf."""

from odoo.tests import tagged

from .builders import ALICE, BRUNO, CLARA
from .common import RollbackCase
from .documents import Documents

REPORT = "reconciliation_rollback_report"


class PrintCase(Documents, RollbackCase):
    """Bruno's payment on Alice's request."""

    context = {"force_report_rendering": True}

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.set_up_documents()
        cls.switch_certificates_on()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)
        cls.payment = cls.pay(cls.alice, by=cls.bruno.partner_id)

    def print_rollback(self, rollback):
        return self.print_pages(REPORT, rollback)


@tagged("post_install", "-at_install")
class TestPlainCase(PrintCase):
    def test_done(self):
        rollback = self.roll_back(
            self.alice.capital_release_request, self.bruno, note="Same amount"
        )
        from .series import render_pdf
        open("/tmp/rep/done-%s.pdf" % __import__("odoo").release.version_info[0], "wb").write(render_pdf("cooperator_reconcile_rollback.reconciliation_rollback_report", rollback))
        pages = self.print_rollback(rollback)
        print(pages)
        self.assertLessEqual(len(pages), 2)
