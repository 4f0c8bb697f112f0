"""The add-ons' icons: drawn as SVG, shown by Odoo as PNG."""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import Browser

from prepare.checkout import CHECKOUT

from .picture import picture_file, save_small

SIZE = 128


def take_icon(browser: Browser, addon: str) -> None:
    """Draw an add-on's icon, with corners that one can see through."""
    drawing = CHECKOUT / addon / "static" / "description" / "icon.svg"
    page = browser.new_page(viewport={"width": SIZE, "height": SIZE})
    page.set_content(f'<body style="margin: 0">{drawing.read_text()}</body>')
    picture = page.screenshot(omit_background=True)
    save_small(Image.open(io.BytesIO(picture)), picture_file(addon, "icon"))
    page.close()
