"""The mistake: somebody's payment is matched with somebody else's request."""

from __future__ import annotations

from dataclasses import dataclass

from .bookkeeping import Accountant, Payment, Subscription
from .people import Person

QUANTITY = 3
SHARE_TYPE = "Ordinary share"


@dataclass(frozen=True)
class Mistake:
    """Two subscriptions of the same amount, and the payment of one, yet unmatched.

    `wrong` is the subscription whose request is going to be paid, `right` the payer's.
    """

    accountant: Accountant
    wrong: Subscription
    right: Subscription
    payment: Payment

    @classmethod
    def prepare(cls, accountant: Accountant, wrong: Person, right: Person) -> Mistake:
        """Enter both subscriptions and book the payment: up to here all is right."""
        wrong_subscription = accountant.subscribe(wrong, QUANTITY, SHARE_TYPE)
        right_subscription = accountant.subscribe(right, QUANTITY, SHARE_TYPE)
        payment = accountant.book_payment(right_subscription)
        return cls(accountant, wrong_subscription, right_subscription, payment)

    def make(self) -> None:
        """Match the payment with the wrong request."""
        self.accountant.match(self.payment, self.wrong)

    def __str__(self) -> str:
        payer, other = self.right.person.name, self.wrong.person.name
        return (
            f"{payer} paid {self.payment.amount:.2f} EUR for {QUANTITY} shares"
            f" ({self.payment.name}).\n"
            f"The accountant matched the payment with {other}'s request"
            f" {self.wrong.request_name}\n"
            f"instead of {payer}'s own, {self.right.request_name}."
        )
