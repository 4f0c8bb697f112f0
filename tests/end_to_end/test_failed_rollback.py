"""A rollback that cannot go on says so, holds the mail, and ends well when tried again."""

from __future__ import annotations

import pytest

from demonstration.patience import wait_until
from demonstration.rollback import Rollback
from demonstration.verification import checks
from fixtures.people import ALICE, BRUNO
from support.case import Case
from support.held import step_held_up
from support.smtp_sink import SmtpSink


@pytest.mark.slow
def test_another_payment_in_between(case: Case, smtp_sink: SmtpSink) -> None:
    """Before the first job somebody books another payment on the right request."""
    mistake, accountant = case.story.mistake, case.story.accountant
    rollback = case.start_rollback()
    other = accountant.book_payment(mistake.right, 10.0)
    accountant.match(other, mistake.right)
    case.start_job_runner()

    rollback.wait_for("failed")
    assert_failure_is_told(case, rollback, mistake.right.request_name)
    assert_mail_is_held(case, smtp_sink)
    assert case.story.situation().people[ALICE.name].operations == (3,)

    accountant.unmatch(other, mistake.right)
    accountant.cancel(other)
    rollback.press("action_retry")
    assert_ends_well(case, rollback, smtp_sink)


@pytest.mark.slow
def test_request_taken_back_halfway(case: Case, smtp_sink: SmtpSink) -> None:
    """The right request goes back to draft when the wrong match is removed already."""
    mistake, accountant = case.story.mistake, case.story.accountant
    rollback = case.start_rollback()
    with step_held_up(case.server.database, rollback.record, "make_match"):
        case.start_job_runner()
        wait_until(
            lambda: [step.state for step in rollback.steps()].count("done") == 7,
            "everything before the right match to be done",
        )
        accountant.take_back(mistake.right)

    rollback.wait_for("failed")
    assert [step.state for step in rollback.steps()] == [
        *["done"] * 7,
        "failed",
        *["pending"] * 3,
    ]
    assert_failure_is_told(case, rollback, mistake.right.request_name)
    assert_mail_is_held(case, smtp_sink)
    assert case.story.situation().people[ALICE.name].operations == ()

    accountant.post(mistake.right)
    rollback.press("action_retry")
    assert_ends_well(case, rollback, smtp_sink)


def assert_failure_is_told(case: Case, rollback: Rollback, request: str) -> None:
    """The failed step names the request, and so does an activity of whoever started."""
    (failed,) = (step for step in rollback.steps() if step.state == "failed")
    assert request in failed.error
    activity = case.story.cooperative.administrator.find_one(
        "mail.activity",
        [
            ("res_model", "=", "reconciliation.rollback"),
            ("res_id", "=", rollback.record),
        ],
        ["user_id", "summary", "note"],
    )
    assert activity["user_id"][0] == case.story.accountant.client.user
    assert rollback.name in activity["summary"]
    assert request in activity["note"]


def assert_mail_is_held(case: Case, smtp_sink: SmtpSink) -> None:
    """Neither of the two gets a mail for as long as the rollback has failed."""
    case.run_mail_scheduler()
    assert {ALICE.email, BRUNO.email}.isdisjoint(smtp_sink.addresses)
    people = case.story.situation().people
    assert people[ALICE.name].certificates == ("rollback_held",)


def assert_ends_well(case: Case, rollback: Rollback, smtp_sink: SmtpSink) -> None:
    """The books come to what they should, and only Bruno gets a mail."""
    rollback.wait_for("done")
    situation = case.story.situation()
    found = checks(case.good, case.wrong, situation, ALICE.name, BRUNO.name)
    assert [check.statement for check in found if not check.true] == []
    case.run_mail_scheduler()
    assert smtp_sink.addresses.count(BRUNO.email) == 1
    assert ALICE.email not in smtp_sink.addresses
