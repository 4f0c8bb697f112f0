"""The assets of Odoo's PDF files: compiled when the first one is drawn, and committed."""

from __future__ import annotations

import io

from pypdf import PdfReader

from prepare.postgresql_connection import rows_of

from .case import Case
from .visitor import Visitor

# wkhtmltopdf also asks for the home page, which has bundles of its own
BUNDLES = """
    SELECT id, name, url FROM ir_attachment
    WHERE url LIKE '/web/%%' AND name LIKE '%%report_assets%%' ORDER BY id
"""
CERTIFICATE = [
    ("model", "=", "res.partner"),
    ("report_name", "=like", "cooperator.%certificat%"),
]


def change_colour(case: Case) -> None:
    """Choose another colour for documents, as under Configure Document Layout."""
    write_company(case, primary_color="#123456", secondary_color="#654321")


def delete_assets(case: Case) -> None:
    """Delete what was compiled, as "Regenerate Assets Bundles" does."""
    administrator = case.story.cooperative.administrator
    domain = [("url", "=like", "/web/%"), ("name", "like", "assets")]
    bundles = administrator.find_ids("ir.attachment", domain)
    assert bundles
    administrator.call("ir.attachment", "unlink", bundles)
    # makes Odoo forget what it has read
    write_company(case, report_footer="Mill Street")


def write_company(case: Case, **values: str) -> None:
    cooperative = case.story.cooperative
    cooperative.administrator.write("res.company", [cooperative.company], values)


def bundles(case: Case) -> list[tuple]:
    """The compiled bundles of documents that are stored: id, name and address."""
    return rows_of(case.server.environment.databases, case.server.database, BUNDLES)


def draw_certificate(case: Case, partner: int) -> bytes:
    """A member's certificate, as whoever prints it gets it."""
    client = case.story.accountant.client
    visitor = Visitor(
        case.server.url, case.server.database, client.login, client.password
    )
    report = case.story.cooperative.administrator.find_one(
        "ir.actions.report", CERTIFICATE, ["report_name"]
    )
    return visitor.download(f"/report/pdf/{report['report_name']}/{partner}")


def drawing(content: bytes) -> list[bytes]:
    """What a PDF file draws on each page."""
    pages = PdfReader(io.BytesIO(content)).pages
    return [page.get_contents().get_data() for page in pages]
