"""Shares and memberships against the register."""

from typing import Iterator

from .. import finding as kinds
from ..finding import Finding
from ..holding import Holding
from ..replay import replay
from .books import Books
from .operation_findings import find_operation


def check_holdings(books: Books) -> Iterator[Finding]:
    """Check that everyone holds what the register gives, and gave only what was held.

    What somebody has explained as an opening holding was there before the register.
    """
    register = books.register
    replayed = replay(register.operations, register.numbers, books.openings)
    for operation in replayed.rejected:
        yield find_operation(kinds.OPERATION_WITHOUT_GROUND, operation)
    for partner in dict.fromkeys([*replayed.holdings, *books.holdings]):
        expected = replayed.holdings.get(partner, Holding(partner))
        actual = books.holdings.get(partner, Holding(partner))
        if expected != actual:
            yield Finding(
                kinds.SHARES_UNLIKE_REGISTER,
                partners=(partner,),
                expected=expected,
                actual=actual,
            )
