"""What a PDF says."""

from __future__ import annotations

import io
from email.message import EmailMessage

from pypdf import PdfReader


def attached_pdf_texts(message: EmailMessage) -> list[str]:
    """The texts of the PDF files that a message brings, each with single spaces."""
    return [
        pdf_text(attachment.get_content())
        for attachment in message.iter_attachments()
        if attachment.get_content_type() == "application/pdf"
        or (attachment.get_filename() or "").endswith(".pdf")
    ]


def pdf_text(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)
