"""Which cause made which effect, where cooperator has not kept it.

An effect is an operation of the register or a share line, a cause a capital release
request or an operation request. Both have the same *match key*: the people and the
shares, and the effective date. Where several have the same people and shares, the date
decides.

>>> first, second = date(2026, 1, 31), date(2026, 2, 28)
>>> effects = {1: MatchKey("Anna, 2 A", first), 2: MatchKey("Anna, 2 A", second)}
>>> causes = {"CRR/1": MatchKey("Anna, 2 A", second), "CRR/2": MatchKey("Anna, 2 A", first)}
>>> Candidates(causes).fitting(effects[1])
('CRR/2',)

Nothing is guessed: a link needs exactly one that fits, seen from both sides.

>>> pair(effects, causes).links
{1: 'CRR/2', 2: 'CRR/1'}
>>> pair(effects, {"CRR/1": MatchKey("Anna, 2 A", first), "CRR/2": MatchKey("Bert, 1 A", first)})
Pairing(links={1: 'CRR/1'}, several=(), none=(2,))
>>> pair(effects, {"CRR/1": MatchKey("Anna, 2 A", date(2026, 3, 31))})
Pairing(links={}, several=(1, 2), none=())
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import (
    Dict,
    Hashable,
    Iterable,
    List,
    Mapping,
    Optional,
    Sequence,
    Tuple,
    Union,
)

from .holding import Holding, ShareLine
from .operation import SUBSCRIPTION, Operation, Shares
from .request import CapitalReleaseRequest, OperationRequest


@dataclass(frozen=True)
class MatchKey:
    """By what an effect and its cause are matched.

    :param substance: the people and the shares
    :param date: the effective date
    """

    substance: Hashable
    date: Optional[date] = None


@dataclass(frozen=True)
class Pairing:
    """Effects with their causes.

    :param links: cause by effect
    :param several: effects without a link that some unclaimed cause fits: several causes
        do, or the cause fits several effects
    :param none: effects without any unclaimed matching cause
    """

    links: Mapping[Hashable, Hashable]
    several: Tuple[Hashable, ...]
    none: Tuple[Hashable, ...]


class Candidates:
    """Causes, or effects, to find those in that fit a match key.

    :param keys: their match keys
    """

    def __init__(self, keys: Mapping[Hashable, MatchKey]):
        self.keys = keys
        self.same: Dict[Hashable, List[Hashable]] = defaultdict(list)
        for one, key in keys.items():
            self.same[key.substance].append(one)

    def fitting(self, key: MatchKey) -> Tuple[Hashable, ...]:
        """Find those that fit ``key``; several where its date does not decide."""
        same = self.same.get(key.substance, [])
        if len(same) > 1:
            same = [one for one in same if self.keys[one].date == key.date] or same
        return tuple(same)


def pair(
    effects: Mapping[Hashable, MatchKey], causes: Mapping[Hashable, MatchKey]
) -> Pairing:
    """Pair effects with their causes, where exactly one fits on both sides.

    :param effects: match key by effect
    :param causes: match key by cause
    """
    possible_effects, possible_causes = Candidates(effects), Candidates(causes)
    fitting = {effect: possible_causes.fitting(key) for effect, key in effects.items()}
    links = {
        effect: found[0]
        for effect, found in fitting.items()
        if len(found) == 1 and possible_effects.fitting(causes[found[0]]) == (effect,)
    }
    taken = set(links.values())
    left = {
        effect: bool(set(found) - taken)
        for effect, found in fitting.items()
        if effect not in links
    }
    return Pairing(
        links=links,
        several=tuple(effect for effect, is_fitting in left.items() if is_fitting),
        none=tuple(effect for effect, is_fitting in left.items() if not is_fitting),
    )


def match_key_of_subscription(
    partner: Hashable, shares: Iterable[Shares], day: Optional[date]
) -> MatchKey:
    """Make the match key of a capital release request, and of the operation it made.

    :param shares: those of each invoice line or register line, in any order
    :param day: the date of the latest payment, which is the operation's

    >>> shares = [Shares("A", 2, 50.0), Shares("B", 1, 25.0)]
    >>> one = match_key_of_subscription("Anna", shares, date(2026, 1, 31))
    >>> one == match_key_of_subscription("Anna", shares[::-1], date(2026, 1, 31))
    True
    """
    return MatchKey((partner, frozenset(Counter(shares).items())), day)


def pair_subscriptions(
    operations: Iterable[Operation], requests: Iterable[CapitalReleaseRequest]
) -> Pairing:
    """Pair subscriptions that do not know their request with paid requests.

    :param operations: the whole register: a request with an operation is not paired again
    :return: links from operations to the identities of requests
    """
    operations = tuple(operations)
    taken = {operation.request for operation in operations}
    return pair(
        {
            operation: match_key_of_subscription(
                operation.partner, operation.shares, operation.date
            )
            for operation in operations
            if operation.kind == SUBSCRIPTION and operation.request is None
        },
        _keys_of_paid(requests, taken),
    )


def pair_other_operations(
    operations: Iterable[Operation], requests: Iterable[OperationRequest]
) -> Pairing:
    """Pair other operations that do not know their request with executed requests.

    Operation requests keep no price. The date has to be the same: cooperator gives it to
    both.

    :param operations: the whole register: a request with an operation is not paired again
    :return: links from operations to the identities of operation requests
    """
    operations = tuple(operations)
    taken = {operation.operation_request for operation in operations}
    return pair(
        {
            operation: MatchKey(match_substance(operation), operation.date)
            for operation in operations
            if operation.kind != SUBSCRIPTION and operation.operation_request is None
        },
        _keys_of_done(requests, taken),
    )


def find_fitting(
    operation: Operation,
    operations: Iterable[Operation],
    requests: Iterable[CapitalReleaseRequest],
    operation_requests: Iterable[OperationRequest],
) -> Tuple[Hashable, ...]:
    """Find the requests that may have made ``operation`` and that no operation knows.

    :param operation: one that does not know its request
    :param operations: the whole register
    :return: identities of ``requests`` for a subscription, else of ``operation_requests``
    """
    operations = tuple(operations)
    if operation.kind == SUBSCRIPTION:
        taken = {one.request for one in operations}
        key = match_key_of_subscription(
            operation.partner, operation.shares, operation.date
        )
        return Candidates(_keys_of_paid(requests, taken)).fitting(key)
    taken = {one.operation_request for one in operations}
    key = MatchKey(match_substance(operation), operation.date)
    return Candidates(_keys_of_done(operation_requests, taken)).fitting(key)


def _keys_of_paid(requests, taken) -> Mapping[Hashable, MatchKey]:
    return {
        request.id: match_key_of_subscription(
            request.partner, request.shares, request.date
        )
        for request in requests
        if request.is_paid and request.id not in taken
    }


def _keys_of_done(requests, taken) -> Mapping[Hashable, MatchKey]:
    return {
        request.id: MatchKey(match_substance(request), request.date)
        for request in requests
        if request.is_done and request.id not in taken
    }


def match_substance(one: Union[Operation, OperationRequest]) -> Hashable:
    """Get the substance of an operation request, and of the operation it made."""
    if isinstance(one, Operation):
        share_type = one.shares[0].share_type
    else:
        share_type = one.share_type
    return (one.kind, one.partner, one.receiver, share_type, one.quantity, one.date)


def pair_share_lines(
    lines: Mapping[Hashable, Sequence[Tuple[Hashable, ShareLine]]],
    holdings: Mapping[Hashable, Holding],
) -> Mapping[Hashable, ShareLine]:
    """Pair share lines with those of a replay, which know what made them.

    Where a partner's lines are those that the register gives, they are in the same
    order. Otherwise lines are the same that are found once on both sides.

    :param lines: by partner, the oldest first: each share line's identity and value
    :param holdings: what the register gives, by partner
    :return: replayed line by share line's identity

    >>> day = date(2026, 1, 31)
    >>> def line(quantity, request=None):
    ...     return ShareLine("A", quantity, 50.0, day, request)
    >>> register = {"Anna": Holding("Anna", (line(2, "CRR/1"), line(2, "CRR/2")))}
    >>> found = pair_share_lines({"Anna": [(7, line(2)), (8, line(2))]}, register)
    >>> {identity: line.request for identity, line in found.items()}
    {7: 'CRR/1', 8: 'CRR/2'}
    >>> pair_share_lines({"Anna": [(7, line(2))]}, register)
    {}
    """
    replayed: Dict[Hashable, ShareLine] = {}
    for partner, own in lines.items():
        expected = holdings.get(partner, Holding(partner)).lines
        if tuple(line for _identity, line in own) == expected:
            replayed.update(zip((identity for identity, _line in own), expected))
            continue
        links = pair(
            {identity: MatchKey(line) for identity, line in own},
            {place: MatchKey(line) for place, line in enumerate(expected)},
        ).links
        replayed.update({one: expected[place] for one, place in links.items()})
    return replayed
