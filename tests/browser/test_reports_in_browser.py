"""An auditor's questions: the lists and charts of rollbacks, and what goes into the file."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from demonstration.rollback import Rollback
from fixtures.cooperative import ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD
from fixtures.people import ALICE, BRUNO, DAVID
from support.case import Case
from support.windows import Windows

APP = "Cooperators"
SECTION = "Share Management"
REASON = "Matched with another person's request"
BUTTON = ".o_statusbar_buttons button:visible"
VIEWS = {
    "kanban": ".o_kanban_view",
    "pivot": ".o_pivot",
    "graph": ".o_graph_renderer",
}


@pytest.mark.slow
def test_what_goes_into_the_file(
    case: Case, chromium: Browser, screenshots: Path
) -> None:
    """One rollback is done, one reverted and one planned: seen, printed and exported."""
    case.start_job_runner()
    done = case.start_rollback()
    done.wait_for("done")
    prepare_others(case)
    series = case.server.environment.series.major
    windows = Windows.open(chromium, case.server.url, series, screenshots)
    try:
        windows.usual.log_in(ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD)
        look_at_views(windows)
        print_rollback(windows, done)
        print_register(windows, done)
        look_at_analysis(windows, case)
    except BaseException:
        windows.look_here("at-the-failure")
        raise
    assert windows.errors == []


def prepare_others(case: Case) -> None:
    """Roll another mistake back and undo that, then plan to roll it back again."""
    mistake = case.story.leave_another_mistake()
    for is_first in (True, False):
        rollback = Rollback.draft(case.story.cooperative, mistake.wrong.request)
        rollback.choose_right_request(mistake.right.request)
        rollback.press("action_plan")
        if is_first:
            rollback.press("action_start")
            rollback.wait_for("done")
            rollback.press("action_revert")
            rollback.wait_for("reverted")


def look_at_views(windows: Windows) -> None:
    """The rollbacks as a list, in columns, as a table and as a chart."""
    client = windows.usual
    client.open_menu(APP, SECTION, "Reconciliation rollbacks")
    expect(client.row(ALICE.name)).to_contain_text(BRUNO.name)
    windows.look_here("rollbacks-list")

    switch(windows, "kanban")
    columns = client.page.locator(".o_kanban_group")
    expect(columns).to_have_count(3)
    for column, state in enumerate(("Planned", "Done", "Reverted")):
        expect(columns.nth(column)).to_contain_text(state)
    expect(columns.nth(1)).to_contain_text(
        re.compile(f"{ALICE.name}.*{BRUNO.name}", re.S)
    )
    windows.look_here("rollbacks-kanban")

    switch(windows, "pivot")
    expect(client.page.locator(".o_pivot table")).to_contain_text(REASON)
    windows.look_here("rollbacks-pivot")
    switch(windows, "graph")
    windows.look_here("rollbacks-graph")


def switch(windows: Windows, kind: str) -> None:
    client = windows.usual
    client.page.locator(f".o_switch_view.o_{kind}:visible").first.click()
    expect(client.page.locator(VIEWS[kind]).first).to_be_visible()
    client.wait_until_idle()


def print_rollback(windows: Windows, rollback: Rollback) -> None:
    """Press Print on the form: no more than two pages arrive."""
    client = windows.usual
    client.open_menu(APP, SECTION, "Reconciliation rollbacks")
    client.open_row(rollback.name)
    windows.look_here("rollback-form")
    name, content = download(windows, "Print", BUTTON)
    assert name == f"{rollback.name.replace('/', '-')}.pdf"
    assert 1 <= len(PdfReader(io.BytesIO(content)).pages) <= 2


def print_register(windows: Windows, rollback: Rollback) -> None:
    """Fill in the register's wizard and take both forms of it."""
    client = windows.usual
    client.click(client.elements.section, SECTION)
    client.click(client.elements.menu_item, "Register of corrections")
    dialog = client.page.locator(".modal:visible")
    expect(dialog.locator("[name=rollback_count]")).to_contain_text("2")
    client.wait_until_idle()
    windows.look_here("register-wizard")
    name, content = download(windows, "Export XLSX", ".modal-footer button:visible")
    assert name.startswith("Register of corrections") and name.endswith(".xlsx")
    sheet = load_workbook(io.BytesIO(content))["Rollbacks"]
    assert sheet["A2"].value == rollback.name
    name, content = download(windows, "Print PDF", ".modal-footer button:visible")
    assert name.startswith("Register of corrections") and name.endswith(".pdf")
    assert len(PdfReader(io.BytesIO(content)).pages) == 1
    client.page.goto("about:blank")


def download(windows: Windows, label: str, button: str) -> tuple[str, bytes]:
    """Press a button and take the file that it brings, which is kept to be looked at."""
    client = windows.usual
    with client.page.expect_download() as arriving:
        client.click(button, label)
    name = arriving.value.suggested_filename
    file = windows.folder / name
    arriving.value.save_as(file)
    client.wait_until_idle()
    return name, file.read_bytes()


def look_at_analysis(windows: Windows, case: Case) -> None:
    """Corrections by reason and month, then by person."""
    client = windows.usual
    action = case.story.cooperative.administrator.id_of(
        "cooperator_reconcile_rollback.reconciliation_rollback_analysis_action"
    )
    client.visit(f"{client.url}/web#action={action}")
    table = client.page.locator(".o_pivot table")
    expect(table).to_contain_text(REASON)
    expect(table).to_contain_text("75.00")
    windows.look_here("analysis-pivot")
    client.visit(f"{client.url}/web#action={action}&view_type=graph")
    windows.look_here("analysis-graph")
    client.visit(f"{client.url}/web#action={action}&view_type=list")
    expect(client.row(ALICE.name)).to_contain_text(BRUNO.name)
    expect(client.page.locator(".o_list_view")).not_to_contain_text(DAVID.name)
    windows.look_here("analysis-list")
