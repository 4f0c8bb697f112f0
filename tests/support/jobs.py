"""Jobs of queue_job on a running server, that belong to no add-on of this project."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

import psycopg2

from demonstration.client import Client
from demonstration.patience import wait_until
from fixtures.client import Record
from prepare.server import Server

from .held import Held
from .job_runner import JobRunner

DELAY = (
    "env['ir.actions.server'].browse({action}).with_delay(description={name!r}).run()"
)
SAY_SO = """
env.cr.execute("SELECT id FROM res_partner WHERE id = {partner} FOR UPDATE")
env["res.partner"].browse({partner}).message_post(body={text!r})
"""
PARTNER = "SELECT id FROM res_partner WHERE id = %s FOR UPDATE"
FIELDS = ("state", "retry", "attempt_count", "next_attempt", "given_up", "exc_message")


@dataclass
class Jobs:
    """Jobs that an administrator makes: each runs a piece of code of his."""

    administrator: Client
    database: str

    @classmethod
    def of(cls, server: Server) -> Jobs:
        client = Client(server.url, server.database, "admin", "admin")
        return cls(client, server.database)

    @contextmanager
    def run(self, channels: str) -> Iterator[None]:
        """Have jobs run in the given channels for as long as this lasts."""
        port = urlsplit(self.administrator.url).port
        runner = JobRunner(port, self.database, channels)
        runner.start()
        try:
            yield
        finally:
            runner.stop()

    def delay(self, name: str, code: str) -> int:
        """Make a job that runs a server action's code; the id of the job."""
        action = self._make_action(name, code)
        delaying = self._make_action(name, DELAY.format(action=action, name=name))
        self.administrator.run_action(delaying, "res.partner", [1])
        return self.administrator.find_one("queue.job", [("name", "=", name)])["id"]

    def _make_action(self, name: str, code: str) -> int:
        values = {
            "name": name,
            "model_id": self.administrator.id_of("base.model_res_partner"),
            "state": "code",
            "code": code,
        }
        return self.administrator.create("ir.actions.server", values)

    def delay_message(self, partner: int, text: str) -> int:
        """Make a job that posts a message on a partner, once it has the partner's row."""
        return self.delay(text, SAY_SO.format(partner=partner, text=text))

    def messages(self, partner: int, text: str) -> int:
        """How many messages with a text there are on a partner."""
        domain = [
            ("model", "=", "res.partner"),
            ("res_id", "=", partner),
            ("body", "like", text),
        ]
        return len(self.administrator.find_ids("mail.message", domain))

    def read(self, job: int) -> Record:
        return self.administrator.read("queue.job", job, FIELDS)

    def wait_for(self, job: int, state: str) -> Record:
        """The job as it is once it has a state."""
        return wait_until(
            lambda: (found := self.read(job))["state"] == state and found,
            f"job {job} to be {state}",
        )

    def run_scheduled_action(self, name: str) -> None:
        """Let one of queue_job_config's scheduled actions run now."""
        action = self.administrator.id_of(f"queue_job_config.{name}")
        self.administrator.call("ir.cron", "method_direct_trigger", [action])

    def retry_failed(self) -> None:
        self.run_scheduled_action("ir_cron_retry_failed_jobs")

    def revive(self) -> None:
        self.run_scheduled_action("ir_cron_revive_jobs")

    def set_patience(self, seconds: int) -> None:
        """Say how long jobs may wait before that is a problem."""
        key = "queue_job_config.waiting_patience"
        self.administrator.call("ir.config_parameter", "set_param", key, str(seconds))

    def held_up(self, partner: int) -> Held:
        """Hold up whatever needs the row of a partner, as another transaction would."""
        connection = partial(psycopg2.connect, dbname=self.database)
        return Held(connection, f"partner {partner}", PARTNER, partner)
