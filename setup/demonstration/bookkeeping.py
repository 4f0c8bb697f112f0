"""What the accountant does day by day: subscriptions, payments, and matching the two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from .client import Client
from .cooperative import Cooperative, first_journal
from .people import Person


@dataclass(frozen=True)
class Subscription:
    """A validated subscription: who, and the capital release request to be paid."""

    person: Person
    partner: int
    record: int
    request: int
    request_name: str
    amount: float


@dataclass(frozen=True)
class Payment:
    """A booked payment, with the journal item that can be matched with a request."""

    record: int
    name: str
    item: int
    amount: float


class Accountant:
    """The accountant of a cooperative, at work."""

    def __init__(self, cooperative: Cooperative) -> None:
        self.cooperative = cooperative
        self.client: Client = cooperative.accountant

    def subscribe(self, person: Person, quantity: int, share_type: str) -> Subscription:
        """Enter somebody's subscription and validate it, which makes the request."""
        share = self.cooperative.share_types[share_type]
        record = self.client.create(
            "subscription.request",
            {
                "company_id": self.cooperative.company,
                "firstname": person.first_name,
                "lastname": person.last_name,
                "email": person.email,
                "address": "Cooperation Street 1",
                "zip_code": "1000",
                "city": "Brussels",
                "country_id": self.country(),
                "lang": "en_US",
                "source": "manual",
                "ordered_parts": quantity,
                "share_product_id": share,
                "skip_iban_control": True,
            },
        )
        self.client.call(
            "subscription.request", "validate_subscription_request", [record]
        )
        request = self.client.find_one(
            "account.move",
            [("subscription_request", "=", record)],
            ["name", "partner_id", "amount_total"],
        )
        return Subscription(
            person=person,
            partner=request["partner_id"][0],
            record=record,
            request=request["id"],
            request_name=request["name"],
            amount=request["amount_total"],
        )

    def book_payment(
        self, payer: Subscription, amount: Optional[float] = None
    ) -> Payment:
        """Book money that came from somebody; the whole of the request by default."""
        amount = payer.amount if amount is None else amount
        record = self.client.create(
            "account.payment",
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": payer.partner,
                "amount": amount,
                "journal_id": first_journal(self.client, "bank"),
                "destination_account_id": self.cooperative.account,
            },
        )
        self.client.call("account.payment", "action_post", [record])
        item = self.client.find_one(
            "account.move.line",
            [
                ("payment_id", "=", record),
                ("account_id", "=", self.cooperative.account),
            ],
            ["move_name"],
        )
        return Payment(record, item["move_name"], item["id"], amount)

    def match(self, payment: Payment, subscription: Subscription) -> None:
        """Choose an open payment on a request, with what the web client calls for it."""
        self.client.call(
            "account.move",
            "js_assign_outstanding_line",
            [subscription.request],
            payment.item,
        )

    def unmatch(self, payment: Payment, subscription: Subscription) -> None:
        """Remove a payment from a request, with what the web client calls for it."""
        match = self.client.find_one(
            "account.partial.reconcile", [("credit_move_id", "=", payment.item)]
        )
        self.client.call(
            "account.move",
            "js_remove_outstanding_partial",
            [subscription.request],
            match["id"],
        )

    def cancel(self, payment: Payment) -> None:
        """Take a payment that is not matched out of the books."""
        self.client.call("account.payment", "action_draft", [payment.record])
        self.client.call("account.payment", "action_cancel", [payment.record])

    def take_back(self, subscription: Subscription) -> None:
        """Take a request that is not paid back to draft."""
        self.client.call("account.move", "button_draft", [subscription.request])

    def post(self, subscription: Subscription) -> None:
        """Post a request that was taken back to draft."""
        self.client.call("account.move", "action_post", [subscription.request])

    def welcome(self, person: Person, quantity: int, share_type: str) -> Subscription:
        """A subscription that is paid as it should be: its person becomes a member."""
        subscription = self.subscribe(person, quantity, share_type)
        self.match(self.book_payment(subscription), subscription)
        return subscription

    def hand_over(
        self, giver: Subscription, receiver: Subscription, share_type: str
    ) -> None:
        """One share goes from one to another."""
        self.operate(
            giver, share_type, operation_type="transfer", partner_id_to=receiver.partner
        )

    def buy_back(self, seller: Subscription, share_type: str) -> None:
        """The cooperative takes one share back."""
        self.operate(seller, share_type, operation_type="sell_back")

    def operate(self, member: Subscription, share_type: str, **values: object) -> None:
        """Enter an operation request over one share and carry it out."""
        record = self.client.create(
            "operation.request",
            {
                "partner_id": member.partner,
                "share_product_id": self.cooperative.share_types[share_type],
                "quantity": 1,
                **values,
            },
        )
        for button in ("submit_operation", "approve_operation", "execute_operation"):
            self.client.call("operation.request", button, [record])

    def country(self) -> int:
        return self.client.find_ids("res.country", [("code", "=", "BE")])[0]
