"""What is wrong or suspicious in a company's books (requirement V4).

Each check looks at one thing and is a function of the books, which are loaded before:

>>> from .operation import Shares
>>> from datetime import date
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

from collections import defaultdict
from dataclasses import dataclass
from typing import (
    AbstractSet,
    Dict,
    Hashable,
    Iterable,
    Iterator,
    List,
    Mapping,
    Optional,
    Sequence,
    Tuple,
)

from . import finding as kinds
from .communication import References
from .finding import Finding
from .holding import Holding
from .linking import (
    Pairing,
    mark_other_operation,
    mark_subscription,
    pair_other_operations,
    pair_subscriptions,
)
from .numbering import Shift, moved
from .operation import SUBSCRIPTION, Operation
from .plan import Register
from .replay import replay
from .request import CapitalReleaseRequest, OperationRequest


@dataclass(frozen=True)
class Match:
    """What pays a capital release request, wholly or in part.

    :param payment: the payment's entry
    :param request: the request
    :param payer: whom the payment is booked on; ``None`` where on nobody
    :param is_other_payer: whether that is somebody else than who subscribes
    :param communication: all texts of the payment
    :param partner: who subscribes
    """

    payment: Hashable
    request: Hashable
    payer: Optional[Hashable] = None
    is_other_payer: bool = False
    communication: str = ""
    partner: Optional[Hashable] = None


@dataclass(frozen=True)
class Books:
    """All that the check looks at in one company.

    People in whose books nothing is wrong may be left out, with all that is theirs. The
    numbers and the references are given then, since they are compared with everybody's.

    :param register: the register, the numbers and the sequences
    :param holdings: what each partner has, by partner
    :param requests: capital release requests by their identity
    :param operation_requests: operation requests
    :param matches: what pays the capital release requests; of a payment all or none
    :param references: what capital release requests are called, by their identity; those
        of ``requests`` by default
    :param waiting: paid requests that are registered after a rollback
    :param decided: payment and request of matches that a rollback has made: a person has
        looked at them
    :param operation_numbers: operation numbers in use; those of ``register`` by default
    :param operation_gaps: operation numbers that rollbacks have left unused
    :param cooperator_numbers: cooperator numbers in use, likewise
    :param cooperator_gaps: cooperator numbers that rollbacks have left unused
    :param holding_mail: ended rollbacks that still hold mail
    """

    register: Register
    holdings: Mapping[Hashable, Holding]
    requests: Mapping[Hashable, CapitalReleaseRequest]
    operation_requests: Sequence[OperationRequest] = ()
    matches: Sequence[Match] = ()
    references: Optional[Mapping[Hashable, Iterable[str]]] = None
    waiting: AbstractSet[Hashable] = frozenset()
    decided: AbstractSet[Tuple[Hashable, Hashable]] = frozenset()
    operation_numbers: Optional[Iterable[int]] = None
    operation_gaps: AbstractSet[int] = frozenset()
    cooperator_numbers: Optional[Iterable[int]] = None
    cooperator_gaps: AbstractSet[int] = frozenset()
    holding_mail: Sequence[Hashable] = ()

    def __post_init__(self) -> None:
        register = self.register
        defaults = {
            "references": {one.id: one.references for one in self.requests.values()},
            "operation_numbers": {one.number for one in register.operations},
            "cooperator_numbers": set(register.numbers.values()),
        }
        for name, value in defaults.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, value)


def check(books: Books) -> Tuple[Finding, ...]:
    """All findings in ``books``; none where nothing is wrong."""
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
    )


def check_operation_numbers(books: Books) -> Iterator[Finding]:
    """Each number once, no gap that nobody has left, the sequence behind the last."""
    register = books.register
    by_number: Dict[int, List[Operation]] = defaultdict(list)
    for operation in register.operations:
        by_number[operation.number].append(operation)
    for number, operations in by_number.items():
        if len(operations) > 1:
            yield Finding(
                kinds.DOUBLE_OPERATION_NUMBER,
                numbers=(number,),
                partners=_partners(operations),
                lines=_lines(operations),
            )
    for gap in gaps(books.operation_numbers, books.operation_gaps):
        yield Finding(kinds.OPERATION_GAP, numbers=gap)
    yield from _check_sequence(
        kinds.OPERATION_SEQUENCE_OFF, register.next_operation, books.operation_numbers
    )


def check_cooperator_numbers(books: Books) -> Iterator[Finding]:
    """Each member one number, each number one person."""
    register = books.register
    by_number: Dict[int, List[Hashable]] = defaultdict(list)
    for partner, number in register.numbers.items():
        by_number[number].append(partner)
    for number, partners in sorted(by_number.items()):
        if len(partners) > 1:
            yield Finding(
                kinds.DOUBLE_COOPERATOR_NUMBER,
                numbers=(number,),
                partners=tuple(partners),
            )
    for holding in books.holdings.values():
        if (holding.member or holding.old_member) and holding.number is None:
            yield Finding(kinds.MEMBER_WITHOUT_NUMBER, partners=(holding.partner,))
    for gap in gaps(books.cooperator_numbers, books.cooperator_gaps):
        yield Finding(kinds.COOPERATOR_GAP, numbers=gap)
    yield from _check_sequence(
        kinds.COOPERATOR_SEQUENCE_OFF,
        register.next_cooperator,
        books.cooperator_numbers,
    )


def check_holdings(books: Books) -> Iterator[Finding]:
    """Everyone has what the register gives, and nobody gave what he did not have."""
    register = books.register
    replayed = replay(register.operations, register.numbers)
    for operation in replayed.groundless:
        yield _find_operation(kinds.OPERATION_WITHOUT_GROUND, operation)
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


def check_requests(books: Books) -> Iterator[Finding]:
    """Each paid capital release request has one operation, the others have none."""
    by_request: Dict[Hashable, List[Operation]] = defaultdict(list)
    unlinked = set()
    for operation in books.register.operations:
        if operation.request is not None:
            by_request[operation.request].append(operation)
        elif operation.kind == SUBSCRIPTION:
            unlinked.add(_mark(operation))
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
            # one of the operations that do not know theirs may be its own
            and _mark(request) not in unlinked
        ):
            yield Finding(
                kinds.PAID_WITHOUT_OPERATION,
                partners=(request.partner,),
                request=identity,
            )


def check_operation_requests(books: Books) -> Iterator[Finding]:
    """Each executed operation request has an operation, the others have none."""
    requests = {request.id: request for request in books.operation_requests}
    linked, unlinked = set(), set()
    for operation in books.register.operations:
        request = requests.get(operation.operation_request)
        if request:
            linked.add(request.id)
            if not request.is_done:
                yield _find_operation(kinds.OPERATION_NOT_DONE, operation)
        elif operation.kind != SUBSCRIPTION:
            unlinked.add(mark_other_operation(operation))
    for request in requests.values():
        if (
            request.is_done
            and request.id not in linked
            and mark_other_operation(request) not in unlinked
        ):
            yield Finding(
                kinds.DONE_WITHOUT_OPERATION,
                partners=(request.partner,),
                operation_request=request.id,
            )


def check_links(books: Books) -> Iterator[Finding]:
    """Each operation knows what made it, or exactly one request fits (V5)."""
    operations = books.register.operations
    pairings: Tuple[Pairing, ...] = (
        pair_subscriptions(operations, books.requests.values()),
        pair_other_operations(operations, books.operation_requests),
    )
    for pairing in pairings:
        for operation in pairing.several:
            yield _find_operation(kinds.SEVERAL_REQUESTS_FIT, operation)
        for operation in pairing.none:
            yield _find_operation(kinds.NO_REQUEST_FITS, operation)


def check_payments(books: Books) -> Iterator[Finding]:
    """Each payment is booked on who subscribes, and names no other request.

    A payment that does both is one wrong match, so one finding.
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


def gaps(
    numbers: Iterable[int], explained: AbstractSet[int] = frozenset()
) -> Tuple[Tuple[int, int], ...]:
    """The first and the last of numbers that are missing in between.

    :param explained: numbers that are known to be missing

    >>> gaps([1, 2, 5, 9], {7}), gaps([])
    (((3, 4), (6, 6), (8, 8)), ())
    """
    present = set(numbers)
    if not present:
        return ()
    lowest, highest = min(present), max(present)
    present.update(number for number in explained if lowest < number < highest)
    row = sorted(present)
    return tuple(
        (number + 1, following - 1)
        for number, following in zip(row, row[1:])
        if following - number > 1
    )


def left_gaps(
    corrections: Iterable[Tuple[Iterable[int], Iterable[Shift]]],
) -> AbstractSet[int]:
    """The numbers that corrections have left unused, as they are now.

    :param corrections: what each has left unused and moved, the oldest first

    >>> sorted(left_gaps([([4, 7], []), ([], [Shift(6, 9, 1)])]))
    [4, 6]
    """
    left: AbstractSet[int] = set()
    for unused, shifts in corrections:
        shifts = tuple(shifts)
        left = {moved(number, shifts) for number in left} | set(unused)
    return left


def _check_sequence(
    kind: str, following: int, numbers: Iterable[int]
) -> Iterator[Finding]:
    right = max(numbers, default=0) + 1
    # nothing says where the first one has to be
    if right > 1 and following != right:
        yield Finding(kind, numbers=(following, right))


def _find_operation(kind: str, operation: Operation) -> Finding:
    return Finding(
        kind,
        numbers=(operation.number,),
        partners=operation.partners,
        lines=operation.lines,
        operation_request=operation.operation_request,
    )


def _find_request(
    kind: str, request: Hashable, operations: Sequence[Operation]
) -> Finding:
    return Finding(
        kind,
        numbers=tuple(operation.number for operation in operations),
        partners=_partners(operations),
        lines=_lines(operations),
        request=request,
    )


def _mark(one) -> Hashable:
    """People and shares of a subscription or of its request."""
    return mark_subscription(one.partner, one.shares, None).substance


def _partners(operations: Iterable[Operation]) -> Tuple[Hashable, ...]:
    return tuple(
        dict.fromkeys(partner for one in operations for partner in one.partners)
    )


def _lines(operations: Iterable[Operation]) -> Tuple[Hashable, ...]:
    return tuple(line for operation in operations for line in operation.lines)
