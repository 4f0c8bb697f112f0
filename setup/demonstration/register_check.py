"""The register check, in the hands of a cooperator manager."""

from __future__ import annotations

from dataclasses import dataclass

from fixtures.cooperative import Cooperative

MODEL = "cooperator.register.check"
FINDING_MODEL = "cooperator.register.finding"
ACTION = "cooperator_reconcile_rollback.action_open_register_check"


@dataclass(frozen=True)
class Finding:
    """Something that the check has found, in the words that people read."""

    record: int
    kind: str
    description: str


class RegisterCheck:
    """The check of the cooperative's register, opened from its menu."""

    def __init__(self, cooperative: Cooperative) -> None:
        self.cooperative = cooperative
        self.client = cooperative.accountant

    def run(self) -> list[Finding]:
        """Press "Check now"; the findings."""
        action = self.cooperative.administrator.id_of(ACTION)
        # a menu, so that there are no active records
        opened = self.client.call("ir.actions.server", "run", [action])
        assert opened and opened["res_model"] == MODEL, opened
        check = opened["res_id"]
        self.client.call(MODEL, "action_check", [check])
        found = self.client.find(
            FINDING_MODEL,
            [("check_id", "=", check)],
            ["kind", "description"],
            order="sequence, number, id",
        )
        return [Finding(one["id"], one["kind"], one["description"]) for one in found]

    def press_button(self, kind: str, request: int) -> int:
        """Press the button of a request's finding; the rollback that it opens."""
        finding = self.client.find_one(
            FINDING_MODEL, [("kind", "=", kind), ("request_id", "=", request)]
        )
        opened = self.client.call(FINDING_MODEL, "action_mend", [finding["id"]])
        assert opened["res_model"] == "reconciliation.rollback", opened
        return opened["res_id"]
