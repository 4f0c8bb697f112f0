"""Whatever becomes of the channel of rollbacks, steps run one after the other."""

from __future__ import annotations

import time

import pytest

from demonstration.client import Client
from demonstration.patience import wait_until
from demonstration.rollback import STEP_MODEL, Rollback
from demonstration.verification import checks
from fixtures.people import ALICE, BRUNO
from support.case import Case
from support.jobs import Jobs

CHANNEL = "cooperator_reconcile_rollback.queue_job_channel_reconciliation_rollback"
# after each job the channel pauses for an hour
PAUSED = "root:4,root.reconciliation_rollback:1:throttle=3600"
TWO_AT_ONCE = "root:4,root.reconciliation_rollback:2"
ROOT_ALONE = "root:4"


@pytest.mark.slow
def test_paused_channel_then_two_at_once(case: Case) -> None:
    rollback = case.start_rollback()
    jobs = Jobs.of(case.server)
    with jobs.run(PAUSED):
        wait_until(lambda: states_of(rollback)[0] == "done", "the first step to end")
        time.sleep(1)
        assert states_of(rollback) == ["done"] + ["pending"] * 10
        assert rollback.state == "running"
    with jobs.run(TWO_AT_ONCE):
        rollback.wait_for("done")
    assert_ended_in_order(case, rollback)


@pytest.mark.slow
def test_channel_is_removed(case: Case) -> None:
    """Its jobs run in the root channel, where others run at once."""
    rollback = case.start_rollback()
    remove_channel(case.story.cooperative.administrator)
    with Jobs.of(case.server).run(ROOT_ALONE):
        rollback.wait_for("done")
    assert_ended_in_order(case, rollback)


def remove_channel(administrator: Client) -> None:
    """Remove the channel, as an administrator does who wants to have one channel only."""
    channel = administrator.id_of(CHANNEL)
    functions = administrator.find_ids(
        "queue.job.function", [("channel_id", "=", channel)]
    )
    root = administrator.id_of("queue_job.channel_root")
    administrator.write("queue.job.function", functions, {"channel_id": root})
    administrator.call("queue.job.channel", "unlink", [channel])


def states_of(rollback: Rollback) -> list[str]:
    return [step.state for step in rollback.steps()]


def assert_ended_in_order(case: Case, rollback: Rollback) -> None:
    """No step began before the one before it had ended, and all is as it should be."""
    steps = rollback.client.find(
        STEP_MODEL,
        [("rollback_id", "=", rollback.record)],
        ["started_at", "done_at"],
        order="sequence",
    )
    for step, following in zip(steps, steps[1:]):
        assert step["done_at"] <= following["started_at"]
    found = checks(
        case.good, case.wrong, case.story.situation(), ALICE.name, BRUNO.name
    )
    assert [check.statement for check in found if not check.true] == []
