"""A person's web browser, which is the system's Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from prepare.checkout import PREPARED
from prepare.environment import Environment
from prepare.system_package import require_program

OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    program = require_program("chromium", "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(program), args=list(OPTIONS)
        )
        yield browser
        browser.close()


@pytest.fixture
def screenshots(environment: Environment) -> Path:
    """An empty folder for screenshots, which are kept to be looked at."""
    folder = PREPARED / "screenshots" / environment.series.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
