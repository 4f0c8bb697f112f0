"""The add-ons' README and description say what their fragments say."""

from __future__ import annotations

import ast
import re

import pytest
from PIL import Image

from prepare.checkout import ALL_ADDONS, CHECKOUT
from prepare.readme import files_of

PICTURE = re.compile(r"(?:figure|image):: (\S+)")
SIZE_OF_ICON = (128, 128)


@pytest.mark.parametrize("addon", ALL_ADDONS)
def test_is_current(addon: str) -> None:
    for file, text in files_of(addon):
        assert file.exists() and file.read_text() == text, f"{file}: run setup/readme"


@pytest.mark.parametrize("addon", ALL_ADDONS)
def test_pictures_are_there(addon: str) -> None:
    """What a fragment shows exists, and no picture is left that nothing shows."""
    folder = CHECKOUT / addon
    shown = {
        (fragment.parent / picture).resolve()
        for fragment in folder.glob("readme/*.rst")
        for picture in PICTURE.findall(fragment.read_text())
    }
    there = set((folder / "static" / "description").glob("*.png"))
    assert shown == there - {folder / "static" / "description" / "icon.png"}


def test_pictures_of_the_first_page_are_there() -> None:
    pictures = PICTURE.findall((CHECKOUT / "README.rst").read_text())
    assert pictures
    assert [name for name in pictures if not (CHECKOUT / name).exists()] == []


@pytest.mark.parametrize("addon", ALL_ADDONS)
def test_icon_has_the_size_that_odoo_shows(addon: str) -> None:

    with Image.open(CHECKOUT / addon / "static" / "description" / "icon.png") as icon:
        assert icon.size == SIZE_OF_ICON


@pytest.mark.parametrize("addon", ALL_ADDONS)
def test_manifest_names_pictures_that_are_there(addon: str) -> None:
    manifest = ast.literal_eval((CHECKOUT / addon / "__manifest__.py").read_text())
    assert [
        name
        for name in manifest.get("images", [])
        if not (CHECKOUT / addon / name).exists()
    ] == []
