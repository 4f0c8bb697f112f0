"""A cooperator manager sees why a rollback does not go on, and reverts it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from demonstration.rollback import Rollback
from fixtures.accountant import Subscription
from fixtures.cooperative import ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD
from fixtures.people import EMMA
from support.case import Case
from support.windows import Windows

APP = "Cooperators"
SECTION = "Share Management"
# pixels; a page within the page gets most of the screen where nobody limits it
LINES_OF_PROGRESS = 100


@pytest.mark.slow
def test_stopped_and_reverted(case: Case, chromium: Browser, screenshots: Path) -> None:
    """Nobody runs its jobs; then one of them fails; then it is reverted."""
    series = case.server.environment.series.major
    windows = Windows.open(chromium, case.server.url, series, screenshots)
    try:
        rollback = case.start_rollback()
        emma = case.story.accountant.welcome(EMMA, 2, "Ordinary share")
        see_that_nobody_runs_it(windows, case, rollback, emma)
        see_it_fail(windows, case, rollback)
        revert(windows)
    except BaseException:
        windows.look_here("at-the-failure")
        raise
    assert windows.errors == []
    now = case.story.situation().people
    bruno = case.story.mistake.right.person.name
    assert now.pop(bruno) == replace(case.wrong.people[bruno], unmatched=10.0)
    assert now == {name: case.wrong.people[name] for name in now}


def see_that_nobody_runs_it(
    windows: Windows, case: Case, rollback: Rollback, emma: Subscription
) -> None:
    """The form says what to start, and which payment waits for the end."""
    case.story.cooperative.administrator.call(
        "ir.config_parameter", "set_param", "queue_job_config.waiting_patience", "0"
    )
    client = windows.usual
    client.log_in(ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD)
    client.open_menu(APP, SECTION, "Reconciliation rollbacks")
    client.open_row(rollback.name)
    expect(client.page.locator(".alert-warning:visible")).to_contain_text(
        "server_wide_modules = base,web,queue_job"
    )
    progress = client.page.locator("iframe[title=Progress]")
    assert progress.bounding_box()["height"] < LINES_OF_PROGRESS
    windows.look("nobody-runs-it")
    windows.look("payments-meanwhile", "Payments meanwhile")
    expect(client.row(emma.request_name)).to_contain_text("Waiting")


def see_it_fail(windows: Windows, case: Case, rollback: Rollback) -> None:
    """Somebody else's payment on the right request is in the way."""
    right, accountant = case.story.mistake.right, case.story.accountant
    accountant.match(accountant.book_payment(right, 10.0), right)
    case.start_job_runner()
    rollback.wait_for("failed")
    client = windows.usual
    client.visit(client.page.url)
    client.expect_status("Failed")
    failure = client.page.locator(".alert-danger:visible")
    expect(failure).to_contain_text(right.request_name)
    expect(failure).to_contain_text(right.person.name)
    expect(failure).to_contain_text("remove what was matched with it after")
    windows.look("failed")
    other = accountant.client.find_one(
        "account.partial.reconcile",
        [("debit_move_id.move_id", "=", right.request)],
        ["credit_move_id"],
    )
    accountant.client.call(
        "account.move", "js_remove_outstanding_partial", [right.request], other["id"]
    )


def revert(windows: Windows) -> None:
    """Press Revert instead of Retry, and see all undone."""
    client = windows.usual
    client.press("Revert")
    client.page.wait_for_selector(".modal")
    windows.look_here("confirmation")
    client.confirm()
    assert client.watch_until("Reverted", "Failed") == "Reverted"
    windows.look("reverted")
    windows.look("reverted-steps", "Steps")
