"""What is wrong or suspicious in a company's books.

Each check looks at one thing and is a function of the books, which are loaded before:

>>> from datetime import date
>>> from .operation import SUBSCRIPTION, Operation, Shares
>>> from .plan import Register
>>> from .replay import replay
>>> from .request import CapitalReleaseRequest
>>> day = date(2026, 1, 31)
>>> def subscribe(number, partner, request):
...     shares = (Shares("A", 2, 50.0),)
...     return Operation(number, SUBSCRIPTION, partner, shares, day, request=request)
>>> operations = (subscribe(1, "Anna", "CRR/1"), subscribe(3, "Bert", "CRR/2"))
>>> def request(operation, is_paid):
...     return CapitalReleaseRequest(
...         operation.request, operation.partner, operation.shares, is_paid, day
...     )
>>> register = Register(operations, {"Anna": 11, "Bert": 12}, 4, 13)
>>> books = Books(
...     register=register,
...     holdings=replay(operations, register.numbers).holdings,
...     requests={o.request: request(o, o.number == 1) for o in operations},
... )
>>> [(finding.kind, finding.numbers) for finding in check(books)]
[('operation_gap', (2, 2)), ('operation_not_paid', (3,))]
"""

from typing import Tuple

from . import finding as kinds
from .checks.books import Books, Match
from .checks.holdings import check_holdings
from .checks.links import check_links
from .checks.numbers import (
    check_cooperator_numbers,
    check_operation_numbers,
    gaps,
    left_gaps,
)
from .checks.payments import check_payments
from .checks.requests import check_operation_requests, check_requests
from .finding import Finding


def check(books: Books) -> Tuple[Finding, ...]:
    """Find all that is wrong in ``books``."""
    return (
        *check_operation_numbers(books),
        *check_cooperator_numbers(books),
        *check_holdings(books),
        *check_requests(books),
        *check_operation_requests(books),
        *check_links(books),
        *check_payments(books),
        *(
            Finding(kinds.MAIL_LEFT_HELD, rollback=rollback)
            for rollback in books.holding_mail
        ),
        *books.evidence,
    )


__all__ = ["Books", "Match", "check", "gaps", "left_gaps"]
