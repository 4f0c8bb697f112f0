"""A rollback as a cooperator manager carries it out, from the Action menu to its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Callable

from fixtures.client import Record
from fixtures.cooperative import Cooperative

from .client import Client
from .patience import wait_until

MODEL = "reconciliation.rollback"
MAIL_MODEL = "reconciliation.rollback.mail"
STEP_MODEL = "reconciliation.rollback.step"
ACTION = "cooperator_reconcile_rollback.action_roll_back_move"
NOTE = "The bank statement names the payer"
STEP_FIELDS = ["number", "kind", "state", "error", "job_state"]


@dataclass(frozen=True)
class Step:
    """One step of a rollback, as its list shows it. `number` is the manual's."""

    number: int
    kind: str
    label: str
    state: str
    error: str
    job_state: str


class Rollback:
    """One rollback of a running Odoo, in the hands of a cooperator manager."""

    def __init__(self, client: Client, record: int) -> None:
        self.client = client
        self.record = record

    @classmethod
    def draft(cls, cooperative: Cooperative, request: int) -> Rollback:
        """Choose "Roll back reconciliation" in the Action menu of a request."""
        action = cooperative.administrator.id_of(ACTION)
        opened = cooperative.accountant.run_action(action, "account.move", [request])
        assert opened and opened["res_model"] == MODEL, opened
        return cls(cooperative.accountant, opened["res_id"])

    @classmethod
    def find_planned(cls, cooperative: Cooperative) -> Rollback:
        """The only rollback that is planned."""
        found = cooperative.accountant.find_one(MODEL, [("state", "=", "planned")])
        return cls(cooperative.accountant, found["id"])

    def choose_right_request(self, request: int, reason: str = "wrong_person") -> None:
        """Say which request the payment was meant for, in the one line there is."""
        (line,) = self.read("line_ids")["line_ids"]
        corrected = [(1, line, {"right_move_id": request})]
        values = {"line_ids": corrected, "reason": reason, "note": NOTE}
        self.client.write(MODEL, [self.record], values)

    def press(self, button: str) -> None:
        """Press a button of the form, by the name of its method."""
        self.client.call(MODEL, button, [self.record])
        if button == "action_plan":
            self.tell_otherwise()

    def tell_otherwise(self) -> None:
        """Say that whoever has a wrong certificate was told, where nothing is chosen."""
        rows = self.client.find_ids(
            MAIL_MODEL, [("rollback_id", "=", self.record), ("choice", "=", "decide")]
        )
        told = {"choice": "told", "told_on": str(date.today()), "told_how": "By phone"}
        if rows:
            self.client.write(MAIL_MODEL, rows, told)

    def read(self, *names: str) -> Record:
        return self.client.read(MODEL, self.record, names)

    @property
    def name(self) -> str:
        return self.read("name")["name"]

    @property
    def state(self) -> str:
        return self.read("state")["state"]

    def steps(self) -> list[Step]:
        """The steps in their order."""
        labels = self.step_labels()
        found = self.client.find(
            STEP_MODEL,
            [("rollback_id", "=", self.record)],
            STEP_FIELDS,
            order="sequence",
        )
        return [
            Step(
                number=step["number"],
                kind=step["kind"],
                label=labels[step["kind"]],
                state=step["state"],
                error=step["error"] or "",
                job_state=step["job_state"] or "",
            )
            for step in found
        ]

    def step_labels(self) -> dict[str, str]:
        """What people see instead of each kind of step."""
        fields = self.client.call(STEP_MODEL, "fields_get", ["kind"], ["selection"])
        return dict(fields["kind"]["selection"])

    def wait_for(self, state: str) -> None:
        """Wait until the jobs have brought the rollback to a state."""
        wait_until(
            lambda: self.state == state or None,
            f"rollback {self.record} to be {state}",
        )

    def watch(self, tell: Callable[[Step], None]) -> str:
        """Tell each step once it has ended; the state in which the rollback stops."""
        told: set[str] = set()

        def stopped() -> str:
            state = self.state
            for step in self.steps():
                if step.state != "pending" and step.kind not in told:
                    told.add(step.kind)
                    tell(step)
            return state if state != "running" else ""

        return wait_until(stopped, f"rollback {self.record} to stop")
