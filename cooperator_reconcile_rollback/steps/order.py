"""The order of the kinds of steps, from what each says of its place.

The manual's steps have numbers. Every other kind says before or after which kind it comes:

>>> manual = {"remove": 1, "match": 2, "verify": 3}
>>> places = {"note": Place(after="verify"), "count": Place(before="note")}
>>> [(place.kind, place.number) for place in order_kinds(manual, places)]
[('remove', 1), ('match', 2), ('verify', 3), ('count', 3), ('note', 3)]

Kinds that name the same place follow each other by name, so that the order is always the
same:

>>> places = {"b": Place(after="remove"), "a": Place(after="remove")}
>>> [place.kind for place in order_kinds(manual, places)]
['remove', 'a', 'b', 'match', 'verify']

What comes before a step of the manual has the number of the step before that:

>>> places = {"ask": Place(before="match")}
>>> [(place.kind, place.number) for place in order_kinds(manual, places)]
[('remove', 1), ('ask', 1), ('match', 2), ('verify', 3)]

A place that leads nowhere is an error:

>>> order_kinds(manual, {"note": Place(after="verfy")})
Traceback (most recent call last):
ValueError: No place for step kind note (after verfy).
>>> order_kinds(manual, {"a": Place(after="b"), "b": Place(after="a")})
Traceback (most recent call last):
ValueError: No place for step kinds a (after b), b (after a).
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Iterator, List, Mapping, Optional


@dataclass(frozen=True)
class Place:
    """Where a kind of step comes: right before, or right after, another kind."""

    before: Optional[str] = None
    after: Optional[str] = None

    def __post_init__(self):
        if bool(self.before) == bool(self.after):
            raise ValueError("A place names one kind, to come before or after it.")

    def __str__(self):
        return f"before {self.before}" if self.before else f"after {self.after}"


@dataclass(frozen=True)
class OrderedKind:
    """A kind, and the number of the manual's step that it is or follows."""

    kind: str
    number: int


def order_kinds(
    manual: Mapping[str, int], places: Mapping[str, Place]
) -> List[OrderedKind]:
    """Put kinds of steps in order.

    :param manual: number by kind, of the manual's steps
    :param places: place by kind, of all others
    :raises ValueError: places that name no kind, or each other in a circle
    """
    neighbours = defaultdict(list)
    for kind in sorted(places):
        neighbours[places[kind]].append(kind)

    def with_neighbours(kind: str) -> Iterator[str]:
        for other in neighbours[Place(before=kind)]:
            yield from with_neighbours(other)
        yield kind
        for other in neighbours[Place(after=kind)]:
            yield from with_neighbours(other)

    ordered, number = [], 0
    for manual_kind in sorted(manual, key=manual.__getitem__):
        for kind in with_neighbours(manual_kind):
            number = manual.get(kind, number)
            ordered.append(OrderedKind(kind, number))
    lost = sorted(places.keys() - {place.kind for place in ordered})
    if lost:
        raise ValueError(
            "No place for step kind%s %s."
            % (
                "s" * (len(lost) > 1),
                ", ".join(f"{kind} ({places[kind]})" for kind in lost),
            )
        )
    return ordered
