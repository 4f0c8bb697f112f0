"""A cooperator manager rolls a wrong reconciliation back in the web client."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from demonstration.rollback import Rollback
from demonstration.verification import checks
from fixtures.cooperative import ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD
from fixtures.people import ALICE, BRUNO
from support.case import Case
from support.windows import Windows

APP = "Cooperators"
SECTION = "Share Management"


@pytest.mark.slow
def test_from_the_request_to_the_correction(
    case: Case, chromium: Browser, screenshots: Path
) -> None:
    """From Alice's request to the correction, and to where one finds it later."""
    case.start_job_runner()
    series = case.server.environment.series.major
    windows = Windows.open(chromium, case.server.url, series, screenshots)
    try:
        roll_back(windows, case)
        find_it_again(windows, case)
    except BaseException:
        windows.look_here("at-the-failure")
        raise
    found = checks(
        case.good, case.wrong, case.story.situation(), ALICE.name, BRUNO.name
    )
    assert [check.statement for check in found if not check.true] == []
    assert windows.errors == []


def roll_back(windows: Windows, case: Case) -> None:
    """Open the wrongly paid request, choose the right one, plan, start, see it done."""
    mistake, client = case.story.mistake, windows.usual
    client.log_in(ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD)
    client.open_menu(APP, SECTION, "Register Payment")
    windows.look("requests")
    client.open_row(mistake.wrong.request_name)
    client.open_action_menu()
    windows.look_here("action-menu")
    client.choose_action("Roll back reconciliation")
    client.expect_title("Draft")
    windows.look("draft")

    client.choose_in_row(
        mistake.wrong.request_name, "right_move_id", mistake.right.request_name
    )
    windows.look_here("right-request-chosen")
    client.press("Plan")
    client.expect_status("Planned")
    windows.look("planned")
    windows.look("what-will-change", "What will change")
    plan = client.page.locator(".o_reconciliation_rollback_plan")
    expect(plan).to_contain_text(ALICE.name)
    expect(plan).to_contain_text(BRUNO.name)
    windows.look("mail-planned", "Mail")

    Rollback.find_planned(case.story.cooperative).tell_otherwise()
    client.visit(client.page.url)
    client.press("Start")
    client.page.wait_for_selector(".modal")
    windows.look_here("confirmation")
    client.confirm()
    windows.look_here("started")
    assert client.watch_until("Done", "Failed") == "Done"
    for tab in ("What was wrong", "What will change", "Mail", "Steps", "Is it right?"):
        windows.look(f"done-{tab.strip('?').replace(' ', '-').lower()}", tab)


def find_it_again(windows: Windows, case: Case) -> None:
    """See the correction on both requests and in the list of the menu."""
    mistake, client = case.story.mistake, windows.usual
    for subscription in (mistake.wrong, mistake.right):
        client.open_menu(APP, SECTION, "Register Payment")
        client.open_row(subscription.request_name)
        windows.look(f"request-of-{subscription.person.firstname}".lower())
        client.open_stat_button("Rollbacks")
        client.expect_title("RR/")
        client.expect_status("Done")
    client.open_menu(APP, SECTION, "Reconciliation rollbacks")
    expect(client.row("RR/")).to_contain_text("Done")
    windows.look("list")
