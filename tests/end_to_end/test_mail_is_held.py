"""From start to release no mail about the people concerned leaves; other mail does."""

from __future__ import annotations

import re

from demonstration.patience import wait_until
from demonstration.rollback import Rollback
from demonstration.verification import checks
from fixtures.people import ALICE, BRUNO, FLORA
from support.case import Case
from support.held import step_held_up
from support.pdf_text import attached_pdf_texts
from support.report_font import use_a_system_font
from support.smtp_sink import SmtpSink


def test_only_the_right_certificate_leaves(case: Case, smtp_sink: SmtpSink) -> None:
    """Bruno paid, Alice got the certificate: hers is never sent, his is at the end."""
    use_a_system_font(case.story.cooperative.administrator)
    rollback = case.start_rollback()
    assert [step.state for step in rollback.steps()] == ["pending"] * 11

    case.queue_newsletter("Before the first job")
    case.run_mail_scheduler()
    assert smtp_sink.summary == [(FLORA.email, "Before the first job")]

    with step_held_up(case.server.database, rollback.record, "verify"):
        case.start_job_runner()
        wait_until(
            lambda: states_of(rollback)["make_match"] == "done",
            "the right match to be made",
        )
        assert states_of(rollback)["verify"] == "pending"
        assert rollback.state == "running"
        people = case.story.situation().people
        assert people[ALICE.name].certificates == ("rollback_held",)
        assert people[BRUNO.name].certificates == ("rollback_held",)

        case.queue_newsletter("Before the last job")
        case.run_mail_scheduler()
        assert smtp_sink.summary[1:] == [(FLORA.email, "Before the last job")]

    rollback.wait_for("done")
    found = checks(
        case.good, case.wrong, case.story.situation(), ALICE.name, BRUNO.name
    )
    assert [check.statement for check in found if not check.true] == []

    case.run_mail_scheduler()
    assert smtp_sink.addresses[2:] == [BRUNO.email]
    (message,) = smtp_sink.messages_to(BRUNO.email)
    (certificate,) = attached_pdf_texts(message)
    number = case.story.situation().people[BRUNO.name].number
    assert f"{BRUNO.name} is recorded" in certificate
    assert re.search(rf"under number {number}\b", certificate), certificate
    assert ALICE.name not in certificate

    case.run_mail_scheduler()
    assert len(smtp_sink.arrived) == 3


def states_of(rollback: Rollback) -> dict[str, str]:
    """The state of each step, by kind."""
    return {step.kind: step.state for step in rollback.steps()}
