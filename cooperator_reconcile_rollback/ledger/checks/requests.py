"""Capital release requests and operation requests against the register."""

from collections import defaultdict
from typing import Dict, Hashable, Iterator, List, Sequence

from .. import finding as kinds
from ..finding import Finding
from ..linking import match_key_of_subscription, match_substance
from ..operation import SUBSCRIPTION, Operation
from .books import Books
from .operation_findings import find_operation, lines_of, partners_of


def check_requests(books: Books) -> Iterator[Finding]:
    """Check that paid capital release requests have one operation, and others none."""
    by_request: Dict[Hashable, List[Operation]] = defaultdict(list)
    unlinked = set()
    for operation in books.register.operations:
        if operation.request is not None:
            by_request[operation.request].append(operation)
        elif operation.kind == SUBSCRIPTION:
            unlinked.add(_match_substance(operation))
    for identity, operations in by_request.items():
        request = books.requests.get(identity)
        if len(operations) > 1:
            yield _find_request(kinds.REGISTERED_TWICE, identity, operations)
        if request and not request.is_paid:
            yield _find_request(kinds.OPERATION_NOT_PAID, identity, operations)
    for identity, request in books.requests.items():
        if (
            request.is_paid
            and identity not in by_request
            and identity not in books.waiting
            # one of the operations that do not know their request may be its own
            and _match_substance(request) not in unlinked
        ):
            yield Finding(
                kinds.PAID_WITHOUT_OPERATION,
                partners=(request.partner,),
                request=identity,
            )


def check_operation_requests(books: Books) -> Iterator[Finding]:
    """Check that executed operation requests have an operation, and others none."""
    requests = {request.id: request for request in books.operation_requests}
    linked, unlinked = set(), set()
    for operation in books.register.operations:
        request = requests.get(operation.operation_request)
        if request:
            linked.add(request.id)
            if not request.is_done:
                yield find_operation(kinds.OPERATION_NOT_DONE, operation)
        elif operation.kind != SUBSCRIPTION:
            unlinked.add(match_substance(operation))
    for request in requests.values():
        if (
            request.is_done
            and request.id not in linked
            and match_substance(request) not in unlinked
        ):
            yield Finding(
                kinds.DONE_WITHOUT_OPERATION,
                partners=(request.partner,),
                operation_request=request.id,
            )


def _find_request(
    kind: str, request: Hashable, operations: Sequence[Operation]
) -> Finding:
    return Finding(
        kind,
        numbers=tuple(operation.number for operation in operations),
        partners=partners_of(operations),
        lines=lines_of(operations),
        request=request,
    )


def _match_substance(one) -> Hashable:
    """People and shares of a subscription or of its request."""
    return match_key_of_subscription(one.partner, one.shares, None).substance
