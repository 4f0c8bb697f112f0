"""Documents that the tests read back: PDF files and spreadsheets."""

import io
import unittest

from .series import render_pdf, render_xlsx

try:
    from pypdf import PdfReader
except ImportError:
    PdfReader = None

try:
    from openpyxl import load_workbook
except ImportError:
    load_workbook = None

# wkhtmltopdf draws text in a font that comes over HTTP, as Odoo's do, as outlines, of
# which no program can tell the letters.
STYLE = """
<xpath expr="//head" position="inside">
    <style>body, body * { font-family: sans-serif !important; }</style>
</xpath>
"""


class Documents:
    """Printing and reading; mixed into a test case whose context forces the drawing."""

    @classmethod
    def set_up_documents(cls):
        """Let reports use a font of the system.

        :raises unittest.SkipTest: a program or library that this needs is missing
        """
        state = cls.env["ir.actions.report"].get_wkhtmltopdf_state()
        if state == "install" or not PdfReader:
            raise unittest.SkipTest("PDF files need wkhtmltopdf and pypdf")
        cls.env["ir.ui.view"].create(
            {
                "name": "Reports in a font of the system",
                "type": "qweb",
                "mode": "extension",
                "inherit_id": cls.env.ref("web.minimal_layout").id,
                "arch": STYLE,
            }
        )

    def print_pages(self, report, records):
        """The text of each page, with single spaces.

        :param report: a report's XML id without its module
        """
        content = render_pdf("cooperator_reconcile_rollback.%s" % report, records)
        self.assertTrue(content.startswith(b"%PDF"), content[:200])
        pages = PdfReader(io.BytesIO(content)).pages
        return [" ".join(page.extract_text().split()) for page in pages]

    def export(self, report, records):
        """The workbook of a spreadsheet report, read back."""
        if not load_workbook:
            raise unittest.SkipTest("spreadsheets are read with openpyxl")
        content = render_xlsx("cooperator_reconcile_rollback.%s" % report, records)
        return load_workbook(io.BytesIO(content))

    def assertSays(self, text, *words):
        """Each of ``words`` is in the text, in that order."""
        position = 0
        for word in map(str, words):
            found = text.find(" ".join(word.split()), position)
            self.assertGreaterEqual(
                found, 0, "%r is not in %s" % (word, text[position:])
            )
            position = found
