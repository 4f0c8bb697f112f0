"""Links from operations to what made them."""

from typing import Iterator, Tuple

from .. import finding as kinds
from ..finding import Finding
from ..linking import Pairing, pair_other_operations, pair_subscriptions
from .books import Books
from .operation_findings import find_operation


def check_links(books: Books) -> Iterator[Finding]:
    """Check that each operation knows what made it, or exactly one request fits.

    An operation that no request fits may have been explained.
    """
    operations = books.register.operations
    pairings: Tuple[Pairing, ...] = (
        pair_subscriptions(operations, books.requests.values()),
        pair_other_operations(operations, books.operation_requests),
    )
    for pairing in pairings:
        for operation in pairing.several:
            yield find_operation(kinds.SEVERAL_REQUESTS_FIT, operation)
        for operation in pairing.none:
            if not books.explained.issuperset(operation.lines):
                yield find_operation(kinds.NO_REQUEST_FITS, operation)
