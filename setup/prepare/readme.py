"""The add-ons' README.rst and what Odoo's list of apps shows, from their readme folders.

Each folder holds fragments, as OCA has them: DESCRIPTION.rst, CONFIGURE.rst and so on. Links
and pictures in a fragment are right where the fragment lies; here they are moved to where the
result lies. A guide in another language, such as USAGE.fr.rst, becomes a page of its own.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils.core import publish_parts

from .checkout import ALL_ADDONS, CHECKOUT
from .configuration import write_if_changed
from .console import say

FRAGMENTS = {
    "INSTALL": "Installation",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "ROADMAP": "Known issues / Roadmap",
    "DEVELOP": "Development",
}
TITLES = {"fr": "Guide de l'utilisateur"}
GENERATED = (
    ".. This file is written by setup/readme from the files in the folder readme."
)
PICTURES = "../static/description/"
GUIDE_LINK = re.compile(r"<USAGE\.(\w\w)\.rst>")
SETTINGS = {
    "file_insertion_enabled": False,
    "halt_level": 2,
    "initial_header_level": 2,
    "raw_enabled": False,
    "syntax_highlight": "none",
    "toc_backlinks": False,
}
PAGE = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font-family: sans-serif; line-height: 1.5; margin: 2em auto; max-width: 60em; }}
img {{ border: 1px solid #ccc; max-width: 100%; }}
table {{ border-collapse: collapse; }}
td, th {{ border: 1px solid #ccc; padding: 0.2em 0.6em; text-align: left; }}
td p, th p {{ margin: 0; }}
pre {{ background: #f5f5f5; overflow: auto; padding: 0.6em; }}
</style>
</head>
<body>
{body}</body>
</html>
"""


def files_of(addon: str) -> Iterator[tuple[Path, str]]:
    """Each file that is made from an add-on's fragments, with its text."""
    folder = CHECKOUT / addon
    description = folder / "static" / "description"
    manifest = ast.literal_eval((folder / "__manifest__.py").read_text())
    name = manifest["name"]
    readme = readme_of(folder / "readme", manifest)
    yield folder / "README.rst", for_readme(readme)
    yield description / "index.html", page(for_description(readme, addon), name, "en")
    for guide in sorted((folder / "readme").glob("USAGE.??.rst")):
        language = guide.suffixes[0].strip(".")
        title = f"{name} - {TITLES[language]}"
        text = f"{heading(title, '=', above=True)}\n{guide.read_text()}"
        shown = page(for_description(text, addon), title, language)
        yield description / f"guide.{language}.html", shown


def readme_of(folder: Path, manifest: dict[str, Any]) -> str:
    """The whole text, with links as they are in the fragments."""
    parts = [
        heading(manifest["name"], "=", above=True),
        GENERATED + "\n",
        fragment(folder, "DESCRIPTION"),
        "**Table of contents**\n\n.. contents::\n   :local:\n",
    ]
    for name, title in FRAGMENTS.items():
        text = fragment(folder, name)
        if text:
            parts += [heading(title, "="), text]
    authors = manifest["author"].split(", ")
    parts += [
        heading("Credits", "="),
        heading("Authors", "~"),
        "".join(f"* {author}\n" for author in authors),
        heading("Contributors", "~"),
        fragment(folder, "CONTRIBUTORS"),
        heading("Licence", "~"),
        f"{manifest['license']} or later.\n",
    ]
    return "\n".join(parts)


def fragment(folder: Path, name: str) -> str:
    file = folder / f"{name}.rst"
    return file.read_text() if file.exists() else ""


def heading(title: str, line: str, above: bool = False) -> str:
    """A title as reStructuredText has it.

    >>> heading("Usage", "=")
    'Usage\\n=====\\n'
    """
    rule = line * len(title)
    return f"{rule}\n{title}\n{rule}\n" if above else f"{title}\n{rule}\n"


def for_readme(text: str) -> str:
    """A text whose links and pictures are found from the add-on's folder.

    >>> for_readme(".. figure:: ../static/description/plan.png\\n")
    '.. figure:: static/description/plan.png\\n'
    >>> for_readme("`Guide <USAGE.fr.rst>`_")
    '`Guide <readme/USAGE.fr.rst>`_'
    """
    moved = text.replace(PICTURES, "static/description/")
    return GUIDE_LINK.sub(r"<readme/USAGE.\1.rst>", moved)


def for_description(text: str, addon: str) -> str:
    """A text whose pictures lie beside it, with links that work in every page of Odoo.

    >>> for_description("`Guide <USAGE.fr.rst>`_", "some_addon")
    '`Guide </some_addon/static/description/guide.fr.html>`_'
    """
    place = rf"</{addon}/static/description/guide.\1.html>"
    return GUIDE_LINK.sub(place, text.replace(PICTURES, ""))


def page(text: str, title: str, language: str) -> str:
    """A text as an HTML page."""
    settings = {**SETTINGS, "language_code": language}
    parts = publish_parts(text, writer_name="html5", settings_overrides=settings)
    return PAGE.format(title=title, language=language, body=parts["html_body"])


def main() -> None:
    for addon in ALL_ADDONS:
        for file, text in files_of(addon):
            say(str(file.relative_to(CHECKOUT)))
            write_if_changed(file, text)


if __name__ == "__main__":
    main()
