"""Reports whose text can be read back from their PDF files."""

from __future__ import annotations

from demonstration.client import Client

STYLE = """
<xpath expr="//head" position="inside">
    <style>body, body * { font-family: sans-serif !important; }</style>
</xpath>
"""


def use_a_system_font(administrator: Client) -> None:
    """Let Odoo's reports use a font of the system.

    Their usual font comes over HTTP with the style sheet, and wkhtmltopdf draws the text in
    such a font as outlines, of which no program can tell the letters.
    """
    administrator.create(
        "ir.ui.view",
        {
            "name": "Reports in a font of the system",
            "type": "qweb",
            "mode": "extension",
            "inherit_id": administrator.id_of("web.minimal_layout"),
            "arch": STYLE,
        },
    )
