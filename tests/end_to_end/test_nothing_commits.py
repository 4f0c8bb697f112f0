"""Nothing inside a step commits: not Odoo, which compiles assets, and not an add-on."""

from __future__ import annotations

from typing import Callable

import pytest

from demonstration.client import Refused
from demonstration.patience import wait_until
from demonstration.rollback import Rollback
from demonstration.verification import checks
from fixtures.accountant import Subscription
from fixtures.compared_rows import EXACT, SAME, differences
from fixtures.people import ALICE, BRUNO, EMMA
from prepare.postgresql_connection import rows_of
from support.assets import (
    bundles,
    change_colour,
    delete_assets,
    draw_certificate,
    drawing,
)
from support.books import Books
from support.case import Case
from support.interrupting import KIND, interrupt, interrupting_database
from support.pdf_text import pdf_text
from support.smtp_sink import SmtpSink

COLD = pytest.mark.parametrize(
    "make_cold", [change_colour, pytest.param(delete_assets, marks=pytest.mark.slow)]
)
# past the methods of the cursor
PAST_ODOO = pytest.mark.parametrize(
    "way",
    [
        "commit in SQL",
        pytest.param("rollback in SQL", marks=pytest.mark.slow),
        pytest.param("commit of the connection", marks=pytest.mark.slow),
    ],
)
NOTES = "SELECT text FROM test_rollback_note ORDER BY id"


@COLD
def test_dry_run_with_cold_assets(case: Case, make_cold: Callable) -> None:
    """It ends well and leaves nothing at all, not even what Odoo compiles."""
    rollback = case.plan_rollback()
    make_cold(case)
    before, compiled = read_books(case), bundles(case)
    rollback.press("action_dry_run")
    assert "text-danger" not in rollback.read("dry_run_html")["dry_run_html"]
    assert_untouched(case, rollback, before)
    assert bundles(case) == compiled


@COLD
def test_rollback_with_cold_assets(
    case: Case, smtp_sink: SmtpSink, make_cold: Callable
) -> None:
    """It ends well, and the certificate is as one that is drawn later."""
    rollback = case.plan_rollback()
    make_cold(case)
    rollback.press("action_start")
    case.start_job_runner()
    rollback.wait_for("done")
    found = checks(
        case.good, case.wrong, case.story.situation(), ALICE.name, BRUNO.name
    )
    assert [check.statement for check in found if not check.true] == []
    assert bundles(case) != []

    case.run_mail_scheduler()
    assert_styled(case, smtp_sink, case.story.mistake.right)


@pytest.mark.slow
def test_payment_meanwhile_with_cold_assets(case: Case, smtp_sink: SmtpSink) -> None:
    """What has waited for the rollback draws its certificate in a job too."""
    accountant = case.story.accountant
    emma = accountant.subscribe(EMMA, 2, "Ordinary share")
    payment = accountant.book_payment(emma)
    rollback = case.start_rollback()
    accountant.match(payment, emma)
    change_colour(case)
    case.start_job_runner()
    rollback.wait_for("done")
    wait_until(
        lambda: states_of_postponed(case) == ["done"], "the payment to be registered"
    )
    case.run_mail_scheduler()
    assert_styled(case, smtp_sink, emma)


@pytest.mark.slow
def test_revert_with_cold_assets(case: Case) -> None:
    rollback = case.plan_rollback()
    before = read_books(case)
    rollback.press("action_start")
    case.start_job_runner()
    rollback.wait_for("done")
    delete_assets(case)
    rollback.press("action_revert")
    rollback.wait_for("reverted")
    assert differences(before, read_books(case), SAME) == []


@pytest.fixture
def interrupted(begin_case: Callable[..., Case]) -> Case:
    """The accountant's mistake, where a step of another add-on can end its transaction."""
    return begin_case(interrupting_database)


@PAST_ODOO
def test_interrupted_dry_run(interrupted: Case, way: str) -> None:
    """It is refused, the step is named, and nothing of it is left."""
    interrupt(interrupted, f"run: {way}")
    rollback = interrupted.plan_rollback()
    before = read_books(interrupted)
    with pytest.raises(Refused, match=named(rollback, "step")):
        rollback.press("action_dry_run")
    assert_untouched(interrupted, rollback, before)
    assert notes(interrupted) == []


@PAST_ODOO
def test_interrupted_step(interrupted: Case, way: str) -> None:
    """It fails and is named; once the add-on is mended, Retry gets out."""
    rollback = fail_in_the_middle(interrupted, way)
    interrupt(interrupted, "no more")
    rollback.press("action_retry")
    rollback.wait_for("done")
    situation = interrupted.story.situation()
    found = checks(
        interrupted.good, interrupted.wrong, situation, ALICE.name, BRUNO.name
    )
    assert [check.statement for check in found if not check.true] == []
    assert notes(interrupted)[-2:] == ["first half", "second half"]


@pytest.mark.slow
@PAST_ODOO
def test_interrupted_step_reverted(interrupted: Case, way: str) -> None:
    """It fails, nobody mends the add-on, and Revert gets out."""
    before = read_books(interrupted)
    rollback = fail_in_the_middle(interrupted, way)
    rollback.press("action_revert")
    rollback.wait_for("reverted")
    assert differences(before, read_books(interrupted), SAME) == []
    assert notes(interrupted) == []


@PAST_ODOO
@pytest.mark.slow
def test_interrupted_revert(interrupted: Case, way: str) -> None:
    """Undoing a step would be interrupted: that is found before anything is undone."""
    before = read_books(interrupted)
    interrupt(interrupted, f"undo: {way}")
    rollback = interrupted.start_rollback()
    interrupted.start_job_runner()
    rollback.wait_for("done")
    with pytest.raises(Refused, match=named(rollback, "undo step")):
        rollback.press("action_revert")
    assert rollback.state == "done"
    assert "half undone" not in notes(interrupted)
    interrupt(interrupted, "no more")
    rollback.press("action_revert")
    rollback.wait_for("reverted")
    assert differences(before, read_books(interrupted), SAME) == []
    assert notes(interrupted) == []


def fail_in_the_middle(case: Case, way: str) -> Rollback:
    """Start the rollback, and wait until the add-on's step has been interrupted."""
    interrupt(case, f"run: {way}")
    rollback = case.start_rollback()
    case.start_job_runner()
    rollback.wait_for("failed")
    states = {step.kind: step.state for step in rollback.steps()}
    assert (states["write_notes"], states[KIND]) == ("done", "failed")
    assert_named(rollback, "step")
    assert {"first half", "second half"}.isdisjoint(notes(case))
    return rollback


def assert_named(rollback: Rollback, step: str) -> None:
    """The step that failed says which one it is, and what to do."""
    (error,) = [found.error for found in rollback.steps() if found.error]
    sentence = named(rollback, step)
    assert sentence in error, error


def named(rollback: Rollback, step: str) -> str:
    return f"“{rollback.name}, {step} 9.3: Step: interrupt” with a commit or rollback"


def assert_untouched(case: Case, rollback: Rollback, before: Books) -> None:
    """All rows are the same, the rollback is planned, and nobody holds the register."""
    assert differences(before, read_books(case), EXACT) == []
    assert rollback.state == "planned"
    assert rollback.steps() == []
    assert ask(case, "SELECT rollback_id FROM cooperator_register_lock") == [(None,)]


def assert_styled(case: Case, smtp_sink: SmtpSink, member: Subscription) -> None:
    """The certificate in the mail is as one that is drawn later, with its style sheet.

    The font comes with that, and wkhtmltopdf draws what is written in it as outlines.
    """
    (message,) = smtp_sink.messages_to(member.person.email)
    (certificate,) = [part.get_content() for part in message.iter_attachments()]
    assert drawing(certificate) == drawing(draw_certificate(case, member.partner))
    assert member.person.name not in pdf_text(certificate)


def read_books(case: Case) -> Books:
    """All rows that a rollback may change, without what it keeps about itself."""
    books = Books.read(case.server.environment.databases, case.server.database)
    return books.without_traces()


def notes(case: Case) -> list[str]:
    return [text for (text,) in ask(case, NOTES)]


def states_of_postponed(case: Case) -> list[str]:
    query = "SELECT state FROM reconciliation_rollback_postponed"
    return [state for (state,) in ask(case, query)]


def ask(case: Case, query: str) -> list[tuple]:
    return rows_of(case.server.environment.databases, case.server.database, query)
