"""Jobs on a real server: killed while they run, failing again and again, run by nobody."""

from __future__ import annotations

import time
from contextlib import closing
from typing import Callable

import psycopg2
import pytest

from demonstration.patience import wait_until
from prepare.server import Server
from support.jobs import Jobs

CHANNELS = "root:2"


@pytest.mark.slow
def test_job_whose_server_is_killed(serve: Callable[..., Server]) -> None:
    """It comes back after the restart, and not before its worker is dead."""
    server = serve("jobs", channels=CHANNELS)
    jobs = Jobs.of(server)
    partner = jobs.administrator.create("res.partner", {"name": "Anna"})
    with jobs.held_up(partner):
        job = jobs.delay_message(partner, "It ran")
        jobs.wait_for(job, "started")
        jobs.revive()
        assert jobs.read(job)["state"] == "started"
        server.kill()
    server.start()
    jobs.revive()
    done = jobs.wait_for(job, "done")
    assert done["retry"] == 2
    assert jobs.messages(partner, "It ran") == 1


def test_job_that_fails_until_it_is_given_up(jobs: Jobs) -> None:
    """It is tried again after the policy's delay, and then a person is told."""
    with jobs.run(CHANNELS):
        fail_until_given_up(jobs)


def fail_until_given_up(jobs: Jobs) -> None:
    administrator = jobs.administrator
    administrator.create(
        "queue.job.retry.policy",
        {
            "name": "All jobs",
            "channel_id": administrator.id_of("queue_job.channel_root"),
            "max_attempts": 2,
            "first_delay": 3,
            "user_id": administrator.user,
        },
    )
    job = jobs.delay("Divide", "1 / 0")
    failed = jobs.wait_for(job, "failed")
    assert failed["attempt_count"] == 1
    assert failed["next_attempt"]
    assert not failed["given_up"]

    jobs.retry_failed()
    assert jobs.read(job)["state"] == "failed", "it is too early"
    time.sleep(4)
    jobs.retry_failed()
    given_up = wait_until(
        lambda: (found := jobs.read(job))["given_up"] and found, "the end of the job"
    )
    assert given_up["state"] == "failed"
    assert given_up["attempt_count"] == 2
    activity = administrator.find_one(
        "mail.activity",
        [("res_model", "=", "queue.job"), ("res_id", "=", job)],
        ["user_id", "summary", "note"],
    )
    assert activity["user_id"][0] == administrator.user
    assert "Divide" in activity["summary"]
    assert "division by zero" in activity["note"]


def test_job_whose_method_is_gone(jobs: Jobs) -> None:
    """The runner asks for it once: it is given up, and says what is missing."""
    partner = jobs.administrator.create("res.partner", {"name": "Anna"})
    job = jobs.delay_message(partner, "It ran")
    with closing(psycopg2.connect(dbname=jobs.database)) as connection, connection:
        connection.cursor().execute(
            "UPDATE queue_job SET method_name = 'no_method' WHERE id = %s", (job,)
        )
    with jobs.run(CHANNELS):
        failed = jobs.wait_for(job, "failed")
    assert failed["given_up"]
    assert "no longer has ir.actions.server.no_method" in failed["exc_message"]
    jobs.administrator.call("queue.job", "button_cancelled", [job])
    assert jobs.read(job)["state"] == "cancelled"


def test_jobs_that_nobody_runs(jobs: Jobs) -> None:
    """Without a runner the job says so, until there is one."""
    jobs.set_patience(1)
    partner = jobs.administrator.create("res.partner", {"name": "Anna"})
    job = jobs.delay_message(partner, "It ran")

    def problem() -> str:
        names = ["waiting_problem"]
        return jobs.administrator.read("queue.job", job, names)["waiting_problem"]

    assert "nobody runs them" in wait_until(problem, "the job to say what is wrong")
    assert "server_wide_modules = base,web,queue_job" in problem()

    with jobs.run(CHANNELS):
        jobs.wait_for(job, "done")
    assert not problem()
