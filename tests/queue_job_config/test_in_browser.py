"""What a job manager sees in the web client."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from prepare.checkout import PREPARED
from prepare.environment import Environment
from support.jobs import Jobs
from support.windows import Windows

APP = "Job Queue"
SECTION = "Queue"


@pytest.fixture
def pictures(environment: Environment) -> Path:
    """An empty folder for screenshots, which are kept to be looked at."""
    folder = PREPARED / "screenshots" / f"{environment.series.name}-jobs"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


@pytest.mark.slow
def test_job_manager(jobs: Jobs, chromium: Browser, pictures: Path) -> None:
    """A policy for a channel; a job that is retried and given up; jobs nobody runs."""
    with jobs.run("root:2"):
        policy = make_policy(jobs)
        given_up = jobs.delay("Divide for Anna", "1 / 0")
        jobs.wait_for(given_up, "failed")
        give_up(jobs, policy, given_up)
        retried = jobs.delay("Divide for Bruno", "1 / 0")
        jobs.wait_for(retried, "failed")
    jobs.set_patience(1)
    administrator = jobs.administrator
    partner = administrator.create("res.partner", {"name": "Clara"})
    for text in ("Write to Clara", "Write to David"):
        jobs.delay_message(partner, text)

    windows = Windows.open(chromium, administrator.url, administrator.series, pictures)
    try:
        look_around(windows)
    except BaseException:
        windows.look_here("at-the-failure")
        raise
    assert windows.errors == []


def make_policy(jobs: Jobs) -> int:
    administrator = jobs.administrator
    return administrator.create(
        "queue.job.retry.policy",
        {
            "name": "Everything",
            "channel_id": administrator.id_of("queue_job.channel_root"),
            "user_id": administrator.user,
        },
    )


def give_up(jobs: Jobs, policy: int, job: int) -> None:
    """Let the next failure of a job be the last one."""
    administrator = jobs.administrator
    administrator.write("queue.job.retry.policy", [policy], {"max_attempts": 1})
    administrator.call("queue.job", "requeue", [job])
    jobs.wait_for(job, "failed")
    administrator.write("queue.job.retry.policy", [policy], {"max_attempts": 5})


def look_around(windows: Windows) -> None:
    client = windows.usual
    client.log_in("admin", "admin")
    client.open_menu(APP, SECTION, "Jobs")
    banner = client.page.locator(".o_queue_job_config_banner .alert")
    expect(banner).to_contain_text("2 jobs have been waiting")
    expect(banner).to_contain_text("channels = root:2")
    windows.look("jobs")

    client.open_row("Write to Clara")
    expect(client.page.locator(".o_form_view")).to_contain_text("nobody runs them")
    windows.look("waiting-job")
    for name, words in (
        ("Divide for Bruno", "tried again by itself"),
        ("Divide for Anna", "was given up"),
    ):
        client.open_menu(APP, SECTION, "Jobs")
        client.open_row(name)
        expect(client.page.locator(".o_form_view")).to_contain_text(words)
        windows.look(name.replace(" ", "-").lower())

    client.open_menu(APP, SECTION, "Retry Policies")
    windows.look("policies")
    client.open_row("Everything")
    expect(client.page.locator(".o_form_view")).to_contain_text("1 min, 5 min, 25 min")
    windows.look("policy")
