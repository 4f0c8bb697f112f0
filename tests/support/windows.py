"""The window of one person, which is looked at in two widths."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser

from screen.web_client import WebClient

USUAL_WIDTH = 1280
GREAT_WIDTH = 1920


@dataclass
class Windows:
    """The window in which a person works, and how it looks when it is made wide.

    Screenshots go into `folder`, numbered in the order in which they were taken.
    """

    usual: WebClient
    folder: Path
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    @classmethod
    def open(cls, browser: Browser, url: str, series: int, folder: Path) -> Windows:
        page = browser.new_context().new_page()
        return cls(WebClient(page, url, series, USUAL_WIDTH), folder)

    def look(self, name: str, tab: str = "") -> None:
        """Open a tab of the form that is shown, if any, and take pictures in both widths."""
        number = next(self.numbers)
        client = self.usual
        client.page.bring_to_front()
        if tab:
            client.open_tab(tab)
        for width in (GREAT_WIDTH, USUAL_WIDTH):
            client.make_wide(width)
            self.take_picture(f"{number:02}-{name}-{width}")

    def look_here(self, name: str) -> None:
        """Take a picture in the usual width alone."""
        self.take_picture(f"{next(self.numbers):02}-{name}-{USUAL_WIDTH}")

    def take_picture(self, name: str) -> None:
        self.usual.page.screenshot(path=str(self.folder / f"{name}.png"))

    @property
    def errors(self) -> list[str]:
        return self.usual.errors
