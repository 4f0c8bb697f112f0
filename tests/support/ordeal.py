"""A rollback that something happens to, on a server and in a database of its own."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass

from demonstration.client import Client, NoAnswer, Refused
from demonstration.patience import INTERVAL, wait_until
from demonstration.rollback import Rollback
from prepare.databases import Databases
from prepare.postgresql_connection import OURS, rows_of
from prepare.server import Server

from .books import Books
from .case import MAIL_SCHEDULER
from .held import Held, row_held
from .scene_databases import accountant_of, rollback_in, unfinished_jobs
from .smtp_sink import SmtpSink

STEPS = """
    SELECT step.id, place, kind, step.state, job.id, job.uuid, job.state
    FROM reconciliation_rollback_step step
    LEFT JOIN queue_job job ON job.uuid = coalesce(revert_job_uuid, job_uuid)
    ORDER BY step.sequence
"""
PATIENCE = 120
FAILED = "failed"
LOOKS = 8
# not the one that removes old jobs
LOOKING_AFTER_JOBS = [
    ("model_id.model", "=", "queue.job"),
    ("code", "not like", "autovacuum"),
]
MOMENTS_OF_JOBS = ("date_enqueued", "date_started", "date_done", "eta", "next_attempt")


WORKING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND state <> 'idle' AND application_name <> %s
"""


@dataclass(frozen=True)
class Step:
    """A step, with the id of its job in `queue_job` and the job's state.

    Where the rollback is being reverted it is the job that undoes the step.
    """

    record: int
    place: str
    kind: str
    state: str
    job: int
    job_uuid: str
    job_state: str


@dataclass
class Ordeal:
    """The rollback of the scene, started, and the server that is to run its jobs.

    The server does not run yet. Mail goes to `sink`; `numbering` is the rollback's.
    """

    server: Server
    sink: SmtpSink
    numbering: str

    @property
    def databases(self) -> Databases:
        return self.server.environment.databases

    @property
    def database(self) -> str:
        return self.server.database

    def ask(self, query: str, *values: object) -> list[tuple]:
        return rows_of(self.databases, self.database, query, *values)

    def steps(self) -> list[Step]:
        """The steps in their order."""
        return [Step(*values) for values in self.ask(STEPS)]

    def step(self, place: str) -> Step:
        """The step with a number, such as "2.1"."""
        (found,) = (step for step in self.steps() if step.place == place)
        return found

    def next_step(self, step: Step) -> Step:
        """The step whose job comes after a step's: undoing goes backwards."""
        steps = self.steps()
        if self.state == "reverting":
            steps.reverse()
        places = [other.place for other in steps]
        return steps[places.index(step.place) + 1]

    def hold(self, table: str, record: int, change: str = "") -> Held:
        return row_held(self.databases, self.database, table, record, change)

    def books(self) -> Books:
        return Books.read(self.databases, self.database)

    @property
    def state(self) -> str:
        ((state,),) = self.ask("SELECT state FROM reconciliation_rollback")
        return state

    def rollback(self) -> Rollback:
        """The rollback in the hands of the accountant who started it."""
        return Rollback(
            accountant_of(self.server),
            rollback_in(self.server.environment, self.database),
        )

    def administrator(self) -> Client:
        return Client(self.server.url, self.database, "admin", "admin")

    def let_time_pass(self) -> None:
        """Make all jobs an hour older, as if nothing had happened meanwhile."""
        columns = self.ask(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = 'queue_job' AND column_name = ANY (%s)",
            list(MOMENTS_OF_JOBS),
        )
        older = ", ".join(f"{name} = {name} - interval '1 hour'" for (name,) in columns)
        self.ask(
            f"UPDATE queue_job SET {older} WHERE id IN"
            " (SELECT id FROM queue_job FOR UPDATE SKIP LOCKED)"
        )

    def reach(self, state: str) -> None:
        """Wait until the rollback has come to an end in a state, with all its jobs.

        Meanwhile Odoo's scheduled actions for jobs run now and then, as they do in life.
        """

        def reached() -> bool:
            found = self.state
            if found == FAILED or (found == state and not self.unfinished_jobs()):
                return True
            self.look_after_jobs()
            return False

        wait_until(reached, f"the rollback to be {state}")
        assert self.state == state, self.errors()

    def errors(self) -> list[str]:
        """What the steps say that failed."""
        query = "SELECT place || ': ' || error FROM reconciliation_rollback_step"
        return [error for (error,) in self.ask(query) if error]

    def wait_for_backends(self, hold: Held, how_many: int = 1) -> list[int]:
        """Wait until so many backends wait for a row that is held; their processes."""

        def found() -> list[int]:
            waiting = hold.waiting()
            if len(waiting) >= how_many:
                return waiting
            self.look_after_jobs()
            return []

        return wait_until(found, f"{how_many} to wait for {hold.what}", PATIENCE)

    def look_after_jobs(self) -> None:
        """Let the scheduled actions for jobs run, later ones too where nothing goes on."""
        if self.is_stalled():
            self.let_time_pass()
        self.run_scheduled_actions()

    def is_stalled(self) -> bool:
        """Whether nobody has worked on the database for a moment."""
        for _look in range(LOOKS):
            if self.ask(WORKING, OURS) != [(0,)]:
                return False
            time.sleep(INTERVAL)
        return True

    def unfinished_jobs(self) -> Collection[tuple[str, str]]:
        return unfinished_jobs(self.server.environment, self.database)

    def run_scheduled_actions(self) -> None:
        """Let the scheduled actions run that look after jobs."""
        try:
            administrator = self.administrator()
            for action in administrator.find_ids("ir.cron", LOOKING_AFTER_JOBS):
                administrator.call("ir.cron", "method_direct_trigger", [action])
        except (NoAnswer, Refused):
            # where the database was away the next time will do
            return

    def send_mail(self) -> list[tuple[str, str]]:
        """Let Odoo send the mail that waits; what has ever arrived for members of all mail.

        Each by address and subject. Who works for the cooperative may be told of failures.
        """
        administrator = self.administrator()
        scheduler = administrator.id_of(MAIL_SCHEDULER)
        administrator.call("ir.cron", "method_direct_trigger", [scheduler])
        return sorted(mail for mail in self.sink.summary if is_member(mail[0]))


def is_member(address: str) -> bool:
    """Whether an address is that of one of the scene's people.

    >>> is_member("alice.adam@example.org"), is_member("admin@example.com")
    (True, False)
    """
    return address.endswith("@example.org")
