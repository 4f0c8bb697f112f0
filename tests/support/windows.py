"""Two windows of one person, of different widths, that show the same."""

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
    """The window in which a person works, and a wide one that looks on.

    Screenshots go into `folder`, numbered in the order in which they were taken.
    """

    usual: WebClient
    wide: WebClient
    folder: Path
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    @classmethod
    def open(cls, browser: Browser, url: str, series: int, folder: Path) -> Windows:
        context = browser.new_context()
        usual, wide = (
            WebClient(context.new_page(), url, series, width)
            for width in (USUAL_WIDTH, GREAT_WIDTH)
        )
        return cls(usual, wide, folder)

    def look(self, name: str, tab: str = "") -> None:
        """Open a tab of the form that is shown, if any, and take pictures in both widths."""
        number = next(self.numbers)
        self.wide.page.bring_to_front()
        self.wide.visit(self.usual.page.url)
        for client in (self.wide, self.usual):
            client.page.bring_to_front()
            if tab:
                client.open_tab(tab)
            self.take_picture(client, f"{number:02}-{name}")

    def look_here(self, name: str) -> None:
        """Take a picture of something that only the window at work shows."""
        self.take_picture(self.usual, f"{next(self.numbers):02}-{name}")

    def take_picture(self, client: WebClient, name: str) -> None:
        file = self.folder / f"{name}-{client.width}.png"
        client.page.screenshot(path=str(file))

    @property
    def errors(self) -> list[str]:
        return [*self.usual.errors, *self.wide.errors]
