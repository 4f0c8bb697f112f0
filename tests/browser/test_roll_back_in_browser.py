"""A cooperator manager rolls a wrong reconciliation back in the web client."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

from playwright.sync_api import Browser, expect

from demonstration.cooperative import ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD
from demonstration.people import ALICE, BRUNO
from demonstration.verification import checks
from prepare.server import Server
from support.case import Case
from support.web_client import WebClient

APP = "Cooperators"
SECTION = "Share Management"


def test_from_the_request_to_the_correction(
    serve: Callable[..., Server], chromium: Browser, screenshots: Path
) -> None:
    """From Alice's request to the correction, and to where one finds it later."""
    server = serve("browser")
    case = Case.begin(server)
    client = WebClient(
        chromium.new_page(), server.url, server.environment.series.major, screenshots
    )
    try:
        roll_back(client, case)
        find_it_again(client, case)
    except BaseException:
        client.page.screenshot(path=str(screenshots / "at-the-failure.png"))
        raise
    found = checks(
        case.good, case.wrong, case.story.situation(), ALICE.name, BRUNO.name
    )
    assert [check.statement for check in found if not check.true] == []
    assert client.errors == []


def roll_back(client: WebClient, case: Case) -> None:
    """Open the wrongly paid request, choose the right one, plan, start, see it done."""
    mistake = case.story.mistake
    client.log_in(ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD)
    client.open_menu(APP, SECTION, "Register Payment")
    client.screenshot("requests")
    client.open_row(mistake.wrong.request_name)
    client.open_action_menu()
    client.screenshot("action-menu")
    client.choose_action("Roll back reconciliation")
    client.expect_title("RR/")
    client.screenshot("draft")

    client.choose_in_row(
        mistake.wrong.request_name, "right_move_id", mistake.right.request_name
    )
    client.screenshot("right-request-chosen")
    client.press("Plan")
    client.expect_status("Planned")
    client.screenshot("planned")
    client.open_tab("What will change")
    plan = client.page.locator(".o_reconciliation_rollback_plan")
    expect(plan).to_contain_text(ALICE.name)
    expect(plan).to_contain_text(BRUNO.name)
    client.screenshot("what-will-change")
    client.open_tab("Mail")
    client.screenshot("mail-planned")

    client.press("Start")
    client.page.wait_for_selector(".modal")
    client.screenshot("confirmation")
    client.confirm()
    client.screenshot("started")
    assert client.refresh_until("Done", "Failed") == "Done"
    client.screenshot("done")
    for tab in ("What was wrong", "What will change", "Mail", "Steps", "Is it right?"):
        client.open_tab(tab)
        client.screenshot(f"done-{tab.strip('?').replace(' ', '-').lower()}")


def find_it_again(client: WebClient, case: Case) -> None:
    """See the correction on both requests and in the list of the menu."""
    mistake = case.story.mistake
    for subscription in (mistake.wrong, mistake.right):
        client.open_menu(APP, SECTION, "Register Payment")
        client.open_row(subscription.request_name)
        client.screenshot(f"request-of-{subscription.person.first_name}".lower())
        client.open_stat_button("Rollbacks")
        client.expect_title("RR/")
        client.expect_status("Done")
    client.screenshot("from-the-request")
    client.open_menu(APP, SECTION, "Reconciliation rollbacks")
    expect(client.row("RR/")).to_contain_text("Done")
    client.screenshot("list")
