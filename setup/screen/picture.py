"""Pictures in the add-ons' descriptions: cut to what matters, in small files."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

from PIL import Image, ImageOps
from playwright.sync_api import Page

from prepare.checkout import CHECKOUT
from prepare.console import Failure, say

COLOURS = 96
LARGEST = 150_000
MARGIN = 12
OPAQUE = 255
REPORT_WIDTH = 1100


def picture_file(addon: str, name: str) -> Path:
    """Where Odoo and the README find a picture of an add-on."""
    return CHECKOUT / addon / "static" / "description" / f"{name}.png"


def take_picture(page: Page, lowest: str, file: Path) -> None:
    """A picture of a page from its top down to the lower edge of an element."""
    box = page.locator(lowest).last.bounding_box()
    if box is None:
        raise Failure(f"{file.name}: the page does not show {lowest}")
    width = page.viewport_size["width"]
    height = box["y"] + box["height"] + MARGIN
    clip = {"x": 0, "y": 0, "width": width, "height": height}
    save_small(Image.open(io.BytesIO(page.screenshot(clip=clip))), file)


def take_first_page(pdf: Path, file: Path) -> None:
    """A picture of what is on the first page of a PDF file."""
    drawn = subprocess.run(
        ["pdftoppm", "-png", "-singlefile", "-scale-to-x", str(REPORT_WIDTH)]
        + ["-scale-to-y", "-1", str(pdf)],
        capture_output=True,
        check=True,
    )
    save_small(without_border(Image.open(io.BytesIO(drawn.stdout))), file)


def without_border(picture: Image.Image) -> Image.Image:
    """The part of a picture that is not white, with a margin around.

    >>> page = Image.new("RGB", (200, 300), "white")
    >>> page.paste("black", (50, 60, 150, 100))
    >>> without_border(page).size == (100 + 2 * MARGIN, 40 + 2 * MARGIN)
    True
    """
    drawn = ImageOps.invert(picture.convert("L")).getbbox()
    cut = picture.crop(drawn)
    return ImageOps.expand(cut, MARGIN, "white")


def save_small(picture: Image.Image, file: Path) -> None:
    """Save a picture in few colours; a Failure where it is large all the same."""
    few = with_few_colours(picture)
    file.parent.mkdir(parents=True, exist_ok=True)
    few.save(file, optimize=True)
    size = file.stat().st_size
    say(f"{file.relative_to(CHECKOUT)}: {few.width} x {few.height}, {size // 1000} kB")
    if size > LARGEST:
        raise Failure(f"{file} has more than {LARGEST // 1000} kB")


def with_few_colours(picture: Image.Image) -> Image.Image:
    """A picture in few colours; one that can be seen through in places keeps all."""
    if picture.mode == "RGBA" and picture.getextrema()[-1][0] < OPAQUE:
        return picture
    return picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
