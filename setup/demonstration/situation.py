"""The books of a cooperative at one moment, as far as a wrong match changes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

from fixtures.accountant import Subscription
from fixtures.cooperative import Cooperative

from .client import Client

SEQUENCES = ("register.operation", "cooperator.number")


@dataclass(frozen=True)
class Standing:
    """Where one person stands, in the words that their file shows.

    `number` is None for whoever has none; `owes` is what is open of their requests,
    `unmatched` what is open of their payments, both on the cooperators' account.
    """

    name: str
    member: bool
    number: Optional[int]
    shares: tuple[str, ...]
    operations: tuple[int, ...]
    request: str
    subscription: str
    certificates: tuple[str, ...]
    owes: float
    unmatched: float


@dataclass(frozen=True)
class Situation:
    """Everyone's standing, by name, and the numbers to be given next."""

    people: dict[str, Standing]
    next_operation: int
    next_cooperator: int


def situation_of(
    cooperative: Cooperative, subscriptions: Sequence[Subscription]
) -> Situation:
    """Read the situation of those who subscribed, each once."""
    reader = SituationReader(cooperative)
    people = [reader.standing_of(subscription) for subscription in subscriptions]
    next_operation, next_cooperator = map(reader.next_number, SEQUENCES)
    return Situation(
        {standing.name: standing for standing in people},
        next_operation,
        next_cooperator,
    )


class SituationReader:
    """Reads the records that show where people stand."""

    def __init__(self, cooperative: Cooperative) -> None:
        self.cooperative = cooperative
        self.client: Client = cooperative.administrator

    def standing_of(self, subscription: Subscription) -> Standing:
        partner = ("partner_id", "=", subscription.partner)
        company = ("company_id", "=", self.cooperative.company)
        membership = self.client.find_one(
            "cooperative.membership",
            [partner, company],
            ["member", "cooperator_register_number"],
        )
        shares = self.client.find(
            "share.line", [partner, company], ["share_number", "share_short_name"]
        )
        operations = self.client.find(
            "subscription.register", [partner, company], ["register_number_operation"]
        )
        request = self.client.read(
            "account.move", subscription.request, ["payment_state"]
        )
        record = self.client.read(
            "subscription.request", subscription.record, ["state"]
        )
        owes, unmatched = self.ledger_of(subscription.partner)
        return Standing(
            name=subscription.person.name,
            member=membership["member"],
            number=membership["cooperator_register_number"] or None,
            shares=tuple(
                f"{line['share_number']} x {line['share_short_name']}"
                for line in shares
            ),
            operations=tuple(line["register_number_operation"] for line in operations),
            request=request["payment_state"],
            subscription=record["state"],
            certificates=self.certificates_of(subscription.partner),
            owes=owes,
            unmatched=unmatched,
        )

    def ledger_of(self, partner: int) -> tuple[float, float]:
        """What somebody owes on the cooperators' account, and what they paid too much."""
        items = self.client.find(
            "account.move.line",
            [
                ("partner_id", "=", partner),
                ("account_id", "=", self.cooperative.account),
                ("parent_state", "=", "posted"),
            ],
            ["amount_residual"],
        )
        open_amounts = [item["amount_residual"] for item in items]
        owes = sum(amount for amount in open_amounts if amount > 0)
        unmatched = -sum(amount for amount in open_amounts if amount < 0)
        return owes, unmatched

    def certificates_of(self, partner: int) -> tuple[str, ...]:
        """The states of the mails in the queue that bring somebody a PDF."""
        mails = self.client.find(
            "mail.mail",
            [("recipient_ids", "in", [partner]), ("attachment_ids", "!=", False)],
            ["state"],
        )
        return tuple(mail["state"] for mail in mails)

    def next_number(self, code: str) -> int:
        sequence = self.client.find_one(
            "ir.sequence",
            [("code", "=", code), ("company_id", "=", self.cooperative.company)],
            ["number_next_actual"],
        )
        return sequence["number_next_actual"]
