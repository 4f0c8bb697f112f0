"""A cooperative's books in this process: mistakes in them, and what puts these right.

A rollback is taken step by step, each in a transaction of its own, as its jobs are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from demonstration.client import Client
from demonstration.rollback import MODEL, NOTE, STEP_MODEL
from fixtures.cooperative import ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD

from .odoo_process import LocalClient, flush, transaction
from .stopwatch import seconds

REQUESTS = """
    SELECT request.id FROM account_move request
    JOIN res_partner partner ON partner.id = request.partner_id
    WHERE request.release_capital_request AND partner.name LIKE %s
    ORDER BY request.id
"""

LATER = """
    SELECT count(later.id) FROM subscription_register wrong
    JOIN subscription_register later
        ON later.register_number_operation > wrong.register_number_operation
    WHERE wrong.capital_release_request_id = %s
"""


@dataclass(frozen=True)
class Requests:
    """The request that was paid wrongly, and the one that the payment was meant for."""

    wrong: int
    right: int


class Books:
    """The books in a database."""

    def __init__(self, database: str) -> None:
        self.database = database

    @cached_property
    def accountant(self) -> Client:
        return LocalClient("here", self.database, ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD)

    def mistakes(self, name: str) -> list[Requests]:
        """The mistakes of that name, in their order."""
        found = [
            [request for (request,) in self.ask(REQUESTS, f"{person} {name}-%")]
            for person in ("Wrong", "Right")
        ]
        return [Requests(wrong, right) for wrong, right in zip(*found)]

    def later_than(self, mistake: Requests) -> int:
        """How many operations came after the one that a mistake made."""
        ((later,),) = self.ask(LATER, mistake.wrong)
        return later

    def ask(self, query: str, *values: Any) -> list[tuple]:
        with transaction(self.database) as env:
            env.cr.execute(query, values)
            return env.cr.fetchall()

    def draft(self, mistake: Requests, **options: str) -> int:
        """A rollback of a mistake; its id. `options` are fields of it."""
        with transaction(self.database) as env:
            request = env["account.move"].browse(mistake.wrong)
            rollback = env[MODEL].create_from(request)
            rollback.line_ids.right_move_id = mistake.right
            rollback.write({"note": NOTE, **options})
            return rollback.id

    def press(self, rollback: int, *buttons: str) -> None:
        """Press buttons of the rollback's form, one after the other."""
        for button in buttons:
            self.accountant.call(MODEL, button, [rollback])

    def steps(self, rollback: int) -> list[int]:
        domain = [("rollback_id", "=", rollback)]
        return self.accountant.find_ids(STEP_MODEL, domain, order="sequence")

    def run_step(self, step: int) -> float:
        """Run a step's job to its end; how long it takes, in seconds."""
        with transaction(self.database) as env:
            record = env[STEP_MODEL].browse(step)

            def work() -> None:
                record._run_job()
                flush(env)

            return seconds(work)

    def run_steps(self, rollback: int) -> float:
        """Run all steps; how long they take together, in seconds."""
        took = sum(map(self.run_step, self.steps(rollback)))
        self.expect_done(rollback)
        return took

    def expect_done(self, rollback: int) -> None:
        state = self.accountant.read(MODEL, rollback, ["state"])["state"]
        assert state == "done", state

    def match_bare(self, mistake: Requests) -> float:
        """Match the payment rightly without a rollback, and undo it; how long it takes.

        Both calls begin with nothing cached, as the two requests of an accountant do.
        """
        with transaction(self.database, keep=False) as env:
            wrong = env["account.move"].browse(mistake.wrong)
            right = env["account.move"].browse(mistake.right)
            match = wrong._get_request_matches()
            match_id, payment_id = match.id, match.credit_move_id.id

            def call(method: Any, record_id: int) -> float:
                env.clear()

                def work() -> None:
                    method(record_id)
                    flush(env)

                return seconds(work)

            return call(wrong.js_remove_outstanding_partial, match_id) + call(
                right.js_assign_outstanding_line, payment_id
            )
