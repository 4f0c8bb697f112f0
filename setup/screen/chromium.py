"""A person's web browser, which is the system's Chromium."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

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


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """A browser without a window."""
    program = require_program("chromium", "chromium")
    with unlimited_memory(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(program), args=list(OPTIONS)
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def unlimited_memory() -> Iterator[None]:
    """Let programs that this process starts have all the address space they want.

    Odoo limits its own process when it serves HTTP, and Chromium does not start within that.
    """
    before = resource.getrlimit(resource.RLIMIT_AS)
    _soft, hard = before
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
