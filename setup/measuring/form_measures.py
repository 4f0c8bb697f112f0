"""Opening a rollback's form in a browser, with many later operations or with one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from playwright.sync_api import Browser

from demonstration.rollback import MODEL
from fixtures.cooperative import ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD
from prepare.environment import Environment
from prepare.server import Server
from screen.chromium import running_chromium
from screen.web_client import WebClient

from .books import Books
from .large_register import cascade_lengths, large_register
from .odoo_process import leave
from .outcome import Outcome, Pair
from .stopwatch import seconds

MENU = ("Cooperators", "Share Management", "Reconciliation rollbacks")
WIDTH = 1280
OPENINGS_A_REPEAT = 3


def measure_forms(environment: Environment, scale: int, repeat: int) -> list[Outcome]:
    """The form of a rollback that has begun and waits for its first job."""
    _few, _more, many = cascade_lengths(scale)
    with ExitStack() as stack:
        browser = stack.enter_context(running_chromium())
        forms = [
            stack.enter_context(started_rollback(environment, browser, scale, name))
            for name in ("Many", "Last")
        ]
        for form in forms:
            form.open()
        pairs = [
            Pair(*(form.open() for form in forms))
            for _time in range(repeat * OPENINGS_A_REPEAT)
        ]
    return [Outcome(f"Form with {many} later operations, to one", pairs, 1.5)]


class Form:
    """The form of the only rollback in a database, and the list that it is opened from."""

    def __init__(self, client: WebClient, name: str) -> None:
        self.client = client
        self.name = name

    def open(self) -> float:
        """Open the form from the list; how long it takes until all is there."""
        self.client.open_menu(*MENU)
        return seconds(lambda: self.client.open_row(self.name))


@contextmanager
def started_rollback(
    environment: Environment, browser: Browser, scale: int, mistake: str
) -> Iterator[Form]:
    """The form of a rollback that takes back all that came after a mistake."""
    with large_register(environment, scale, f"form_{mistake.lower()}") as database:
        books = Books(database)
        (requests,) = books.mistakes(mistake)
        rollback = books.draft(requests, cascade="all")
        books.press(rollback, "action_plan", "action_start")
        name = books.accountant.read(MODEL, rollback, ["name"])["name"]
        leave(database)
        with Server(environment, database, channels=None) as server:
            series = environment.series.major
            client = WebClient(browser.new_page(), server.url, series, WIDTH)
            client.log_in(ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD)
            yield Form(client, name)
