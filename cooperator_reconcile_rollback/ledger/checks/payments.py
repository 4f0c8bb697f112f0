"""Payments against the requests that they pay."""

from collections import defaultdict
from typing import Dict, Hashable, Iterator

from .. import finding as kinds
from ..communication import References
from ..finding import Finding
from .books import Books


def check_payments(books: Books) -> Iterator[Finding]:
    """Check that payments are booked on who subscribes, and name no other request.

    A payment with both faults is one wrong match, so one finding.
    """
    references = References(books.references)
    paid: Dict[Hashable, set] = defaultdict(set)
    for match in books.matches:
        paid[match.payment].add(match.request)
    for match in books.matches:
        named = references.named_in(match.communication)
        if named & paid[match.payment]:
            named = set()
        is_other_payer = match.payer is not None and match.is_other_payer
        is_decided = (match.payment, match.request) in books.decided
        if is_other_payer or (named and not is_decided):
            yield Finding(
                kinds.OTHER_PAYER if is_other_payer else kinds.OTHER_REQUEST_NAMED,
                partners=(match.partner,) + ((match.payer,) if is_other_payer else ()),
                request=match.request,
                named=tuple(sorted(named)),
                payment=match.payment,
            )
