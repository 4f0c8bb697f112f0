"""A second person validates a rollback in the web client before it is started."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest
from playwright.sync_api import Browser, expect

from demonstration.client import Client
from demonstration.rollback import Rollback
from fixtures.cooperative import ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD
from prepare.template_database import glue_database
from support.case import Case
from support.roles import PASSWORD, make_user
from support.second_person import DEFINITION_NAME, ask_for_validation
from support.windows import Windows

APP = "Cooperators"
SECTION = "Share Management"
MENU = "Reconciliation rollbacks"
USER = "cooperator.cooperator_group_user"
COMMENT = "Compared with the bank statement"


@pytest.mark.slow
def test_validated_and_started(
    begin_case: Callable[..., Case], chromium: Browser, screenshots: Path
) -> None:
    """The accountant asks, the reviewer validates, and the accountant starts."""
    case = begin_case(glue_database)
    case.start_job_runner()
    server = case.server
    login = make_user(case.story.cooperative.administrator, "reviewer", (USER,))
    reviewer = Client(server.url, server.database, login, PASSWORD).user
    ask_for_validation(case.story.cooperative, reviewer, has_comment=True)
    rollback = case.plan_rollback()
    series = server.environment.series.major
    ours, theirs = (
        Windows.open(chromium, server.url, series, screenshots / role)
        for role in ("accountant", "reviewer")
    )
    try:
        ours.usual.log_in(ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD)
        ask(ours, rollback)
        theirs.usual.log_in(login, PASSWORD)
        validate(theirs, rollback)
        start(ours)
    except BaseException:
        for windows in (ours, theirs):
            windows.look_here("at-the-failure")
        raise
    assert ours.errors + theirs.errors == []


def ask(windows: Windows, rollback: Rollback) -> None:
    """The form says that it needs a validation, and then whose it waits for."""
    client = windows.usual
    client.open_menu(APP, SECTION, MENU)
    client.open_row(rollback.name)
    expect_alert(windows, "has to be validated before it is started")
    expect_buttons(windows, shown=["Request validation"], hidden=["Start", "Validate"])
    windows.look("needs-validation")
    client.press("Request validation")
    expect_alert(windows, "waits for its validation by", "Reviewer")
    expect_buttons(windows, shown=["Plan again"], hidden=["Start", "Validate"])
    windows.look("waits")


def validate(windows: Windows, rollback: Rollback) -> None:
    """The reviewer is told what to do, validates the plan and says why."""
    client = windows.usual
    client.open_menu(APP, SECTION, MENU)
    client.open_row(rollback.name)
    expect_alert(windows, "Look at what will change, then press Validate or Reject.")
    expect_buttons(windows, shown=["Validate", "Reject"], hidden=["Start"])
    windows.look("to-be-validated")
    client.press("Validate")
    dialog = client.page.locator(".modal:visible")
    dialog.locator("input[name=comment], [name=comment] input").fill(COMMENT)
    client.confirm()
    expect_alert(windows, "This plan was validated.")
    expect_buttons(windows, shown=["Print"], hidden=["Validate", "Reject"])
    windows.look("validated", "Validation")
    for words in ("Reviewer", "Approved", COMMENT):
        expect(client.row(DEFINITION_NAME)).to_contain_text(words)


def start(windows: Windows) -> None:
    """The form of who asked has the button now, and keeps the review."""
    client = windows.usual
    client.visit(client.page.url)
    expect_alert(windows, "This plan was validated.")
    client.press("Start")
    client.page.wait_for_selector(".modal")
    client.confirm()
    assert client.watch_until("Done", "Failed") == "Done"
    windows.look("done", "Validation")
    expect(client.row(DEFINITION_NAME)).to_contain_text("Approved")


def expect_alert(windows: Windows, *words: str) -> None:
    """Wait until the form says some words above its title."""
    page = windows.usual.page
    alert = page.locator(".o_form_sheet .alert:visible", has_text=words[0])
    for some in words:
        expect(alert).to_contain_text(some)
    windows.usual.wait_until_idle()


def expect_buttons(windows: Windows, shown: list[str], hidden: list[str]) -> None:
    for number, labels in ((1, shown), (0, hidden)):
        for label in labels:
            button = windows.usual.button(label)
            expect(button).to_have_count(number)
