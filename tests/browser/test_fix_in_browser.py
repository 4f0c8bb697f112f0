"""A cooperator manager fixes a finding of the register check in the web client."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

from playwright.sync_api import Browser, expect

from fixtures.cooperative import ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD
from prepare.server import Server
from support.case import Case
from support.windows import Windows

APP = "Cooperators"
SECTION = "Share Management"
FINDING = "is executed, but the register has no operation"


def test_from_the_finding_to_the_fix(
    serve: Callable[..., Server], chromium: Browser, screenshots: Path
) -> None:
    """From the button of a finding to its end, and to what is kept of it."""
    server = serve("fix-in-browser")
    case = Case.begin(server)
    request = pretend_to_execute(case)
    windows = Windows.open(
        chromium, server.url, server.environment.series.major, screenshots
    )
    try:
        fix(windows)
        find_it_again(windows)
    except BaseException:
        windows.look_here("at-the-failure")
        raise
    state = case.story.cooperative.accountant.read(
        "operation.request", request, ["state"]
    )
    assert state["state"] == "approved"
    assert windows.errors == []


def pretend_to_execute(case: Case) -> int:
    """An operation request that somebody has set to done by hand; its id."""
    accountant = case.story.cooperative.accountant
    line = accountant.find(
        "share.line", [], ["partner_id", "share_product_id", "effective_date"]
    )[0]
    return accountant.create(
        "operation.request",
        {
            "operation_type": "sell_back",
            "partner_id": line["partner_id"][0],
            "share_product_id": line["share_product_id"][0],
            "quantity": 1,
            "effective_date": line["effective_date"],
            "state": "done",
        },
    )


def fix(windows: Windows) -> None:
    """Check the register, press the finding's button, choose, apply."""
    client = windows.usual
    client.log_in(ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD)
    client.choose_menu(APP, SECTION, "Register check")
    client.page.wait_for_selector(".o_form_sheet")
    client.press("Check now")
    expect(client.row(FINDING)).to_contain_text("Register / Set back to Approved")
    windows.look_here("findings")
    client.row(FINDING).locator("button[name=action_mend]").click()
    window = client.page.locator(".modal")
    expect(window).to_contain_text(FINDING)
    expect(window).to_contain_text("The register gets operation")
    windows.look_here("fix")
    window.get_by_text("Set back to Approved", exact=True).click()
    expect(window).to_contain_text("it can be executed again")
    client.wait_until_idle()
    windows.look_here("fix-chosen")
    client.confirm()
    expect(client.page.locator(".o_data_row", has_text=FINDING)).to_have_count(0)
    windows.look_here("fixed")


def find_it_again(windows: Windows) -> None:
    """See what is kept in the list of the menu."""
    client = windows.usual
    client.open_menu(APP, SECTION, "Register fixes")
    expect(client.row("FIX/")).to_contain_text(FINDING)
    windows.look("fixes")
    client.open_row("FIX/")
    windows.look("kept")
