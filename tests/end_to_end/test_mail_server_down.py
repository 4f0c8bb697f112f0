"""The mail server is down when a rollback hands its mail over."""

from __future__ import annotations

from fixtures.people import ALICE, BRUNO
from support.case import Case
from support.report_font import use_a_system_font
from support.smtp_sink import SmtpSink


def test_mail_server_is_down_at_the_release(case: Case, smtp_sink: SmtpSink) -> None:
    """The rollback ends, people see which mail is not sent, and Odoo's retry sends it."""
    use_a_system_font(case.story.cooperative.administrator)
    rollback = case.start_rollback()
    case.start_job_runner()
    smtp_sink.stop()
    try:
        rollback.wait_for("done")
        case.run_mail_scheduler()
        people = case.story.situation().people
        assert people[BRUNO.name].certificates == ("exception",)
        (row,) = rollback.client.find(
            "reconciliation.rollback.mail",
            [("rollback_id", "=", rollback.record), ("state", "=", "sent")],
            ["failure_reason", "email_to"],
        )
        assert BRUNO.email in row["email_to"]
        assert row["failure_reason"]
        assert smtp_sink.arrived == []
    finally:
        smtp_sink.start()

    administrator = case.story.cooperative.administrator
    failed = administrator.find_ids("mail.mail", [("state", "=", "exception")])
    administrator.call("mail.mail", "mark_outgoing", failed)
    case.run_mail_scheduler()
    assert smtp_sink.addresses == [BRUNO.email]
    assert ALICE.email not in smtp_sink.addresses
