"""Odoo's web client in a browser, used as a person uses it: by what its elements say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import Error, Locator, Page, Request, expect

from demonstration.patience import wait_until

from .web_elements import ELEMENTS

PATIENCE = 120_000
NO_PATIENCE = 500
HEIGHT = 1000
# milliseconds; Odoo waits until a window has got its size
RESIZING = 250
# how long no request may be under way until all is said to have come
LOOK = 30
BACKGROUND = re.compile("/(longpolling|websocket)")
LOADING = ".o_loading:visible, .o_loading_indicator:visible, .o_blockUI:visible"
NEXT_FRAME = "new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))"
COLUMNS = "headings => headings.map(heading => heading.dataset.name)"


@dataclass
class WebClient:
    """One browser window of a person, so many pixels wide.

    `errors` are those that the page's scripts did not catch.
    """

    page: Page
    url: str
    series: int
    width: int
    errors: list[str] = field(default_factory=list)
    under_way: set[Request] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.elements = ELEMENTS[self.series]
        self.page.set_default_timeout(PATIENCE)
        self.set_width(self.width)
        expect.set_options(timeout=PATIENCE)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self.begin_request)
        self.page.on("requestfinished", self.end_request)
        self.page.on("requestfailed", self.end_request)

    def set_width(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": HEIGHT})

    def make_wide(self, width: int) -> None:
        """Change the window's width, and wait until the page has followed."""
        self.set_width(width)
        self.page.wait_for_timeout(RESIZING)
        self.wait_until_idle()

    def begin_request(self, request: Request) -> None:
        if not BACKGROUND.search(request.url):
            self.under_way.add(request)

    def end_request(self, request: Request) -> None:
        self.under_way.discard(request)

    def log_in(self, login: str, password: str) -> None:
        self.page.goto(f"{self.url}/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password)
        self.page.click("button[type=submit]")
        self.page.wait_for_selector(".o_main_navbar")
        self.wait_until_idle()

    def visit(self, address: str) -> None:
        """Open what another window of the same person shows, by its address."""
        self.page.goto("about:blank")
        self.page.goto(address)
        self.page.wait_for_selector(".o_control_panel")
        self.wait_until_idle()

    def open_menu(self, app: str, section: str, item: str) -> None:
        """Open the list behind an entry of a menu, by the entry's path."""
        self.choose_menu(app, section, item)
        self.page.wait_for_selector(".o_list_view")
        self.wait_until_idle()

    def choose_menu(self, app: str, section: str, item: str) -> None:
        """Choose an entry of a menu, whatever it opens."""
        self.page.click(self.elements.apps)
        self.click(self.elements.app, app)
        self.wait_until_idle()
        self.click(self.elements.section, section)
        self.click(self.elements.menu_item, item)

    def open_row(self, text: str) -> None:
        """Open the record of the list's row that holds a text."""
        self.row(text).locator("td.o_data_cell").first.click()
        self.expect_title(text)

    def expect_title(self, text: str) -> None:
        """Wait for the form whose record has a text in its name."""
        title = self.page.locator(self.elements.title, has_text=text)
        expect(title).to_be_visible()
        expect(self.page.locator(".o_form_view")).to_be_visible()
        self.wait_until_idle()

    def open_action_menu(self) -> None:
        self.click(self.elements.action_menu, "Action")

    def choose_action(self, label: str) -> None:
        """Choose an entry of the Action menu, which is open."""
        self.click(self.elements.action_item, label)

    def choose_in_row(self, row: str, field_name: str, typed: str) -> None:
        """In a form's list, type into a row's field and take what is suggested."""
        if self.elements.edit_button:
            self.page.click(self.elements.edit_button)
        self.cell(row, field_name).click()
        box = self.page.locator(f".o_selected_row [name={field_name}] input").first
        box.fill(typed)
        self.page.locator(self.elements.suggestion, has_text=typed).first.click()
        self.wait_until_idle()

    def row(self, text: str) -> Locator:
        return self.page.locator(".o_data_row", has_text=text).first

    def cell(self, row: str, field_name: str) -> Locator:
        """The cell of a list's row in the column of a field."""
        table = self.page.locator("table", has=self.row(row)).first
        columns = table.locator("thead th").evaluate_all(COLUMNS)
        return self.row(row).locator("td").nth(columns.index(field_name))

    def press(self, label: str) -> None:
        """Press a button of the form's header."""
        self.button(label).first.click()

    def button(self, label: str) -> Locator:
        """The buttons of the form's header that say just that."""
        return self.saying(".o_statusbar_buttons button:visible", label)

    def confirm(self) -> None:
        """Press the first button of the window that asks for something."""
        self.page.click(".modal .modal-footer .btn-primary:visible")
        expect(self.page.locator(".modal")).to_have_count(0)
        self.wait_until_idle()

    def open_tab(self, label: str) -> None:
        self.click(".o_notebook .nav-link:visible", label)
        self.wait_until_idle()

    def open_stat_button(self, label: str) -> None:
        """Press one of the buttons that say how many records belong to this one."""
        self.page.locator(".oe_stat_button:visible", has_text=label).click()

    @property
    def status(self) -> str:
        """The state that the form's status bar shows."""
        return self.page.locator(self.elements.status).text_content().strip()

    def expect_status(self, status: str) -> None:
        expect(self.page.locator(self.elements.status)).to_have_text(
            re.compile(rf"^\s*{status}\s*$")
        )
        self.wait_until_idle()

    def watch_until(self, *statuses: str) -> str:
        """Look at the form until its status bar shows one of some states; which it is.

        Nothing is pressed: the form shows by itself what the jobs do.
        """

        def reached() -> str:
            try:
                status = self.page.locator(self.elements.status).text_content(
                    timeout=NO_PATIENCE
                )
            except Error:
                # the page is just being loaded again
                return ""
            return status.strip() if status.strip() in statuses else ""

        status = wait_until(reached, f"the form to show {' or '.join(statuses)}")
        self.expect_status(status)
        return status

    def click(self, selector: str, text: str) -> None:
        """Click on the first element that says just that."""
        self.saying(selector, text).first.click()

    def saying(self, selector: str, text: str) -> Locator:
        """The elements that say just that."""
        words = re.compile(rf"^\s*{re.escape(text)}\s*$")
        return self.page.locator(selector, has_text=words)

    def wait_until_idle(self) -> None:
        """Wait until all is drawn, no request under way, and nothing is loading."""
        self.page.evaluate(NEXT_FRAME)
        wait_until(self.has_no_request, "the web client to be idle")
        expect(self.page.locator(LOADING)).to_have_count(0)
        self.page.evaluate(NEXT_FRAME)

    def has_no_request(self) -> bool:
        self.page.wait_for_timeout(LOOK)
        return not self.under_way
