"""What may befall a step that is halted; afterwards it goes on."""

from __future__ import annotations

import contextlib
import threading
import urllib.request
import uuid
from typing import Callable

from demonstration.patience import wait_until

from .moments import BEGIN, NO_CHANGE, Halt
from .ordeal import Ordeal, Step

Fault = Callable[[Ordeal, Halt], None]

A_REQUEST_OF_THE_BATCH = """
    SELECT capital_release_request_id FROM subscription_register
    WHERE register_number_operation = 4
"""
THE_MEMBERSHIP_OF_ITS_PERSON = """
    SELECT membership.id FROM subscription_register
    JOIN cooperative_membership membership USING (company_id, partner_id)
    WHERE register_number_operation = 4
"""
WRONG_REQUEST = "SELECT max(wrong_move_id) FROM reconciliation_rollback_line"
RIGHT_REQUEST = "SELECT max(right_move_id) FROM reconciliation_rollback_line"
ROLLBACK = "SELECT max(id) FROM reconciliation_rollback"


def cut_connection(_ordeal: Ordeal, halt: Halt) -> None:
    """The connection of the step to PostgreSQL is cut."""
    halt.cut()


def change_its_row(_ordeal: Ordeal, halt: Halt) -> None:
    """Somebody changes the row that the step waits for: PostgreSQL refuses its change.

    At the beginning that is the step's own row, at the end its job's.
    """
    halt.commit()


def change_row(table: str, which: str) -> Fault:
    """Somebody changes another row that a step, now at its beginning, is about to write."""

    def change(ordeal: Ordeal, halt: Halt) -> None:
        ((record,),) = ordeal.ask(which)
        with ordeal.hold(table, record, NO_CHANGE) as hold:
            halt.release()
            ordeal.wait_for_backends(hold)
            hold.commit()

    return change


def bring_back(ordeal: Ordeal, halt: Halt) -> None:
    """Its job is taken for a dead worker's, by somebody who is in a hurry."""
    step = halt.step
    ordeal.ask("UPDATE queue_job SET state = 'pending' WHERE uuid = %s", step.job_uuid)
    wait_until(
        lambda: ordeal.step(step.place).job_state != "pending",
        "the runner to ask for the job again",
    )


def run_another(ordeal: Ordeal, halt: Halt) -> None:
    """A second job for the same step runs, past the runner and its channels."""
    job = add_job_like(ordeal, halt.step)
    thread = threading.Thread(target=ask_for, args=(ordeal, job), daemon=True)
    thread.start()
    if halt.moment == BEGIN:
        ordeal.wait_for_backends(halt.last, 2)
    else:
        thread.join(60)
        assert not thread.is_alive()


def add_job_like(ordeal: Ordeal, step: Step) -> str:
    """The uuid of a new job that does the same, and that a runner has asked for."""
    values = {
        "uuid": f"'{uuid.uuid4()}'",
        "state": "'enqueued'",
        **dict.fromkeys(("graph_uuid", "dependencies", "identity_key"), "NULL"),
    }
    columns = [
        name
        for (name,) in ordeal.ask(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = 'queue_job' AND column_name <> 'id'"
        )
    ]
    ((job,),) = ordeal.ask(
        f"INSERT INTO queue_job ({', '.join(columns)})"
        f" SELECT {', '.join(values.get(name, name) for name in columns)}"
        " FROM queue_job WHERE uuid = %s RETURNING uuid",
        step.job_uuid,
    )
    return job


def ask_for(ordeal: Ordeal, job: str) -> None:
    """Ask the server to run a job, as the runner does."""
    query = f"db={ordeal.database}&job_uuid={job}"
    url = f"{ordeal.server.url}/queue_job/runjob?{query}"
    with contextlib.suppress(OSError), urllib.request.urlopen(url):
        pass
