"""A payment and a rollback on two connections at once, in every order."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from demonstration.client import Refused
from demonstration.patience import wait_until
from demonstration.rollback import MODEL, Rollback
from fixtures.accountant import Payment, Subscription
from fixtures.client import Record
from fixtures.people import ALICE, BRUNO, EMMA
from support.case import Case
from support.held import step_held_up, table_locked

TABLE = "reconciliation_rollback_postponed"


@pytest.fixture
def emma(case: Case) -> tuple[Payment, Subscription]:
    """Emma's money is booked, and not matched with her request yet."""
    subscription = case.story.accountant.subscribe(EMMA, 2, "Ordinary share")
    return case.story.accountant.book_payment(subscription), subscription


@pytest.fixture
def meanwhile() -> Iterator[ThreadPoolExecutor]:
    """Where to do something at the same time as something else."""
    with ThreadPoolExecutor() as executor:
        yield executor


def test_payment_first(
    case: Case, emma: tuple[Payment, Subscription], meanwhile: ThreadPoolExecutor
) -> None:
    """The payment has drawn a number when the rollback starts: the start waits and is
    refused, since what it saw has grown old. Planned anew it leaves the payment alone."""
    rollback = planned(case)
    with table_locked(case.server.database, "share_line") as lock:
        paying = meanwhile.submit(case.story.accountant.match, *emma)
        lock.wait_for(1)
        starting = meanwhile.submit(rollback.press, "action_start")
        lock.wait_for(2)
        assert not starting.done()
        lock.release()
        paying.result()
        with pytest.raises(Refused, match=f"while {rollback.name} waited"):
            starting.result()
    assert_passes_the_payment_by(case, rollback)


@pytest.mark.slow
def test_payment_under_way_when_it_is_planned(
    case: Case, emma: tuple[Payment, Subscription], meanwhile: ThreadPoolExecutor
) -> None:
    """The plan sees the number that the payment has drawn and not its operation, and so
    does the start, which waits for it: it is refused rather than give the number again."""
    with table_locked(case.server.database, "share_line") as lock:
        paying = meanwhile.submit(case.story.accountant.match, *emma)
        lock.wait_for(1)
        rollback = planned(case)
        starting = meanwhile.submit(rollback.press, "action_start")
        lock.wait_for(2)
        lock.release()
        paying.result()
        with pytest.raises(Refused, match=f"while {rollback.name} waited"):
            starting.result()
    assert_passes_the_payment_by(case, rollback)


@pytest.mark.slow
def test_start_first(
    case: Case, emma: tuple[Payment, Subscription], meanwhile: ThreadPoolExecutor
) -> None:
    """The rollback is being started when the payment comes: it waits for that, sees the
    lock, is accepted, and is registered after the rollback."""
    rollback = planned(case)
    with table_locked(case.server.database, "reconciliation_rollback_step") as lock:
        starting = meanwhile.submit(rollback.press, "action_start")
        lock.wait_for(1)
        paying = meanwhile.submit(case.story.accountant.match, *emma)
        lock.wait_for(2)
        lock.release()
        starting.result()
        paying.result()
    assert rollback.state == "running"
    assert payment_state(case, emma[1]) == "paid"
    assert operations_of(case, EMMA.name) == []
    assert next_operation(case) == 4

    case.start_job_runner()
    rollback.wait_for("done")
    wait_for_registration(case)
    assert operations_of(case, BRUNO.name) == [3]
    assert operations_of(case, EMMA.name) == [4]
    assert next_operation(case) == 5


@pytest.mark.slow
def test_payment_while_it_ends(
    case: Case, emma: tuple[Payment, Subscription], meanwhile: ThreadPoolExecutor
) -> None:
    """The payment has seen the lock and is not committed when the last step ends: the
    step waits for it, and it is registered."""
    rollback = case.start_rollback()
    with table_locked(case.server.database, TABLE) as lock:
        with step_held_up(case.server.database, rollback.record, "release_mail"):
            case.start_job_runner()
            wait_until(
                lambda: [step.state for step in rollback.steps()].count("done") == 10,
                "everything before the last step to be done",
            )
            paying = meanwhile.submit(case.story.accountant.match, *emma)
            lock.wait_for(1, "INSERT INTO")
        lock.wait_for(1, "cooperator_register_lock")
        lock.release()
        paying.result()
    rollback.wait_for("done")
    wait_for_registration(case)
    assert operations_of(case, EMMA.name) == [4]
    assert next_operation(case) == 5
    proof = rollback.client.call(MODEL, "action_prove", [rollback.record])
    assert proof["params"]["type"] == "success", proof


def assert_passes_the_payment_by(case: Case, rollback: Rollback) -> None:
    """Nothing has happened yet; planned anew, the rollback leaves Emma's operation alone."""
    assert rollback.state == "planned"
    assert operations_of(case, EMMA.name) == [4]
    with pytest.raises(Refused, match=f"{rollback.name}.*plan it again"):
        rollback.press("action_start")

    rollback.press("action_plan")
    rollback.press("action_start")
    case.start_job_runner()
    rollback.wait_for("done")
    assert operations_of(case, EMMA.name) == [4]
    assert operations_of(case, BRUNO.name) == [3]
    assert operations_of(case, ALICE.name) == []
    assert next_operation(case) == 5


def planned(case: Case) -> Rollback:
    """The rollback of the mistake, not started yet."""
    mistake = case.story.mistake
    rollback = Rollback.draft(case.story.cooperative, mistake.wrong.request)
    rollback.choose_right_request(mistake.right.request)
    rollback.press("action_plan")
    return rollback


def operations_of(case: Case, name: str) -> list[int]:
    """The numbers of a person's operations in the register."""
    lines = case.story.accountant.client.find(
        "subscription.register",
        [("partner_id.name", "=", name)],
        ["register_number_operation"],
        order="register_number_operation",
    )
    return [line["register_number_operation"] for line in lines]


def wait_for_registration(case: Case) -> None:
    """Wait until nothing waits for the end of a rollback any more."""
    wait_until(
        lambda: [row["state"] for row in postponed(case)] == ["done"],
        "the payment to be registered",
    )


def postponed(case: Case) -> list[Record]:
    return case.story.accountant.client.find(
        "reconciliation.rollback.postponed", [], ["state"]
    )


def payment_state(case: Case, subscription: Subscription) -> str:
    request = case.story.accountant.client.read(
        "account.move", subscription.request, ["payment_state"]
    )
    return request["payment_state"]


def next_operation(case: Case) -> int:
    return case.story.situation().next_operation
