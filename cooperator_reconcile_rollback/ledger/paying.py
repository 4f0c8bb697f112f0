"""Who pays what: payments over requests, and what of them is booked over.

Payments, corrections, requests, items and people are whatever a caller tells them by.
Amounts are those of one currency; whoever uses them rounds.

Two corrections share a transfer of 150. The first takes its own money before the second
one's, of which 25 are left over; a correction whose request is larger gets that as well.

>>> claims = [("first", "transfer", "A"), ("second", "transfer", "B")]
>>> own = {"first": 75, "second": 75}
>>> share_out(claims, own, {"transfer": 150}, {"A": 100, "B": 50})
{('first', 'A'): 100, ('second', 'B'): 50}
>>> share_out(claims, own, {"transfer": 150}, {"A": 100, "B": 100})
{('first', 'A'): 75, ('second', 'B'): 75}

Two instalments of one request:

>>> claims = [("first", "transfer", "A"), ("second", "transfer", "A")]
>>> share_out(claims, own, {"transfer": 150}, {"A": 100})
{('first', 'A'): 75, ('second', 'A'): 25}
"""

from typing import Dict, Hashable, Iterable, List, Mapping, NamedTuple, Tuple


class Claim(NamedTuple):
    """A request that a correction wants to be paid with a payment."""

    correction: Hashable
    payment: Hashable
    request: Hashable


class Need(NamedTuple):
    """What a person's request takes of a payment.

    :param item: the journal item of the payment that it takes the money from, if it can
    """

    item: Hashable
    person: Hashable
    amount: float


class Source(NamedTuple):
    """A journal item of a payment: on whom it is booked, and what of it is open."""

    item: Hashable
    payer: Hashable
    amount: float


class Transfer(NamedTuple):
    """An amount of a payment's journal item that is booked over to a person."""

    item: Hashable
    person: Hashable
    amount: float


def share_out(
    claims: Iterable[Tuple[Hashable, Hashable, Hashable]],
    own: Mapping[Hashable, float],
    money: Mapping[Hashable, float],
    wanted: Mapping[Hashable, float],
) -> Dict[Tuple[Hashable, Hashable], float]:
    """Say how much each correction pays of each request.

    Its own money goes to its requests in their order. What is left of the payment then
    goes to whatever of its requests is still open, in the order of the claims.

    :param claims: of type :class:`Claim`
    :param own: what each correction frees of its payment
    :param money: what is open of each payment, all that is freed included
    :param wanted: what is open of each request
    :return: ``{(correction, request): amount}``, 0 where nothing is left
    """
    claims = [Claim(*claim) for claim in claims]
    own, money, wanted = dict(own), dict(money), dict(wanted)
    shares = {(claim.correction, claim.request): 0 for claim in claims}
    for is_own in (True, False):
        for correction, payment, request in claims:
            amount = min(money[payment], wanted[request])
            if is_own:
                amount = min(amount, own[correction])
                own[correction] -= max(0, amount)
            amount = max(0, amount)
            money[payment] -= amount
            wanted[request] -= amount
            shares[correction, request] += amount
    return shares


def book_over(needs: Iterable[Need], sources: Iterable[Source]) -> List[Transfer]:
    """Say what of a payment has to be booked over to whom.

    Everybody takes what is booked on themselves, then what their correction has freed,
    then what is left. Nothing is booked over that nobody takes.

    :return: each item and person once

    >>> sources = [Source("first item", "Ann", 75), Source("second item", "Bob", 75)]
    >>> book_over([Need("first item", "Bob", 75)], sources)
    []
    >>> book_over([Need("first item", "Bob", 100), Need("second item", "Dan", 50)], sources)
    [Transfer(item='first item', person='Bob', amount=25),
     Transfer(item='first item', person='Dan', amount=50)]
    """
    needs, sources = list(needs), list(sources)
    missing = [need.amount for need in needs]
    left = [source.amount for source in sources]
    taken: Dict[Tuple[Hashable, Hashable], float] = {}
    for is_chosen in (_is_own, _is_freed, _is_any):
        for place, need in enumerate(needs):
            for index, source in enumerate(sources):
                amount = min(missing[place], left[index])
                if amount <= 0 or not is_chosen(need, source):
                    continue
                missing[place] -= amount
                left[index] -= amount
                if source.payer != need.person:
                    key = (source.item, need.person)
                    taken[key] = taken.get(key, 0) + amount
    return [Transfer(item, person, amount) for (item, person), amount in taken.items()]


def _is_own(need: Need, source: Source) -> bool:
    return source.payer == need.person


def _is_freed(need: Need, source: Source) -> bool:
    return source.item == need.item


def _is_any(need: Need, source: Source) -> bool:
    return True
