"""The chain of evidence of one company: a numbered link for each thing that was sealed.

A link stands for the start of a rollback, its end, its revert, a fix, or a seal of the
register. Its hash covers the hash of the link before, so the last one stands for all of them:
it is the *head*.

>>> links, head = [], Head()
>>> for event, record in ((START, "rollback,1"), (END, "rollback,1"), (FIX, "fix,1")):
...     links.append(make_link(head, event, record, "hash of %s" % record, "2026-01-31"))
...     head = get_head(links)
>>> head.count, find_breaks(links, head)
(3, ())

Whatever is taken away, put in, or changed is found:

>>> find_breaks(links[:-1], head)
(Break(kind='cut_off', first=3, last=3, record=''),)
>>> find_breaks([links[0], links[2]], head)
(Break(kind='missing', first=2, last=2, record=''),)
>>> emptied = replace(links[1], record_hash="")
>>> find_breaks([links[0], emptied, links[2]], head)
(Break(kind='changed', first=2, last=2, record='rollback,1'),)

Whoever computes all later hashes again is found by a head that is kept elsewhere:

>>> forged = make_link(get_head(links[:1]), END, "rollback,1", "forged", "2026-01-31")
>>> find_breaks([links[0], forged], get_head([links[0], forged]))
()
>>> contains([links[0], forged], 2, links[1].hash), contains(links, 2, links[1].hash)
(False, True)
"""

from dataclasses import astuple, dataclass, replace
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from .hash_chain import link as compute_hash

START = "start"
END = "end"
REVERT = "revert"
REVERTED = "reverted"
AMENDED = "amended"
FIX = "fix"
SEAL = "seal"

MISSING = "missing"
CHANGED = "changed"
CUT_OFF = "cut_off"
OTHER_HEAD = "other_head"
GONE = "gone"
NOT_CHAINED = "not_chained"
OTHER_RECORD = "other_record"
NO_PREVIOUS = "no_previous"

#: Breaks of the links themselves, wherever they are found.
OF_LINKS = (MISSING, CHANGED, CUT_OFF, OTHER_HEAD)
#: The states that a rollback can be in after an event. An amendment changes no state.
STATES: Mapping[str, Tuple[str, ...]] = {
    START: ("running", "failed"),
    END: ("done",),
    REVERT: ("reverting", "failed"),
    REVERTED: ("reverted",),
}
#: The states of a rollback that is not started: it has no link.
UNSTARTED = ("draft", "planned", "cancelled")


@dataclass(frozen=True)
class Head:
    """What stands for a whole chain.

    :param count: the number of its links
    :param hash: the hash of the last one, empty where there is none
    """

    count: int = 0
    hash: str = ""


@dataclass(frozen=True)
class Link:
    """One link.

    :param number: 1 for the first one, then without gaps
    :param event: one of the events above
    :param record: what the link stands for
    :param record_hash: the hash of that, as it was then
    :param at: when, as text
    :param hash: covers all of it, and the link before
    """

    number: int
    event: str
    record: str
    record_hash: str
    at: str
    hash: str = ""


@dataclass(frozen=True)
class Entry:
    """A rollback, fix or seal as it is now.

    :param record: as links name it
    :param first_hash: the hash of its start, of the fix or of the seal
    :param last_hash: the hash of its end; empty where it has none
    :param revert_hash: the hash of who reverts it; see :func:`get_revert_hash`
    :param state: of a rollback; empty for others
    :param previous_hash: the hash of the rollback or fix before, with which it begins
    """

    record: str
    first_hash: str = ""
    last_hash: str = ""
    revert_hash: str = ""
    state: str = ""
    previous_hash: str = ""


@dataclass(frozen=True)
class Break:
    """Where a chain is broken.

    :param kind: ``missing`` (links are gone), ``changed`` (a link is not what its hash
        says), ``cut_off`` (links after the last one are gone), ``other_head`` (what is kept
        of the head is not the last link), ``gone`` (what a link stands for is not there),
        ``not_chained`` (a record has no link), ``other_record`` (a record is not what its
        links say), ``no_previous`` (what it begins with is not there)
    :param first: the number of the first link concerned; 0 where there is none
    :param last: the number of the last one
    :param record: what the link stands for
    """

    kind: str
    first: int = 0
    last: int = 0
    record: str = ""


def make_link(head: Head, event: str, record: str, record_hash: str, at: str) -> Link:
    """Make the link after ``head``."""
    made = Link(head.count + 1, event, record, record_hash, at)
    return replace(made, hash=_get_hash(head.hash, made))


def get_revert_hash(previous: str, started_at: Any, user: Any) -> str:
    """Get the hash of who reverts a rollback, and since when.

    :param previous: the hash of its end, or of its start where it has not ended
    """
    return compute_hash(previous, {"started_at": started_at, "user": user})


def get_head(links: Sequence[Link]) -> Head:
    """Get the head of a chain whose links are in their order."""
    return Head(links[-1].number, links[-1].hash) if links else Head()


def contains(links: Sequence[Link], count: int, beginning: str) -> Optional[bool]:
    """Whether a chain still contains a head that was written down earlier.

    :param links: in their order
    :param count: how many links there were
    :param beginning: the hash of the last one, or its first characters
    :return: ``None`` where there is no such link

    >>> contains([], 1, "3f") is None
    True
    """
    for link in links:
        if link.number == count:
            return link.hash.startswith(beginning)
    return None


def find_breaks(links: Sequence[Link], head: Head) -> Tuple[Break, ...]:
    """Find where a chain is not what was kept of it.

    After links that are missing it goes on with the next one as it is.

    :param links: in the order of their numbers
    :param head: what was kept of the head
    """
    found: List[Break] = []
    previous = Head()
    for link in links:
        if link.number > previous.count + 1:
            found.append(Break(MISSING, previous.count + 1, link.number - 1))
        elif link.number <= previous.count or link.hash != _get_hash(
            previous.hash, link
        ):
            found.append(Break(CHANGED, link.number, link.number, link.record))
        previous = Head(link.number, link.hash)
    if previous.count < head.count:
        found.append(Break(CUT_OFF, previous.count + 1, head.count))
    elif previous != head:
        found.append(Break(OTHER_HEAD, head.count, previous.count))
    return tuple(found)


def find_other_records(
    links: Iterable[Link], entries: Iterable[Entry]
) -> Tuple[Break, ...]:
    """Find the records that are not what their links say.

    >>> links = [make_link(Head(), START, "rollback,1", "a", "2026-01-31")]
    >>> running = Entry("rollback,1", "a", state="running")
    >>> find_other_records(links, [running])
    ()
    >>> find_other_records(links, [replace(running, state="done", last_hash="b")])
    (Break(kind='other_record', first=1, last=1, record='rollback,1'),)
    >>> find_other_records(links, [])
    (Break(kind='gone', first=1, last=1, record='rollback,1'),)
    >>> find_other_records([], [running])
    (Break(kind='not_chained', first=0, last=0, record='rollback,1'),)
    """
    by_record: Dict[str, List[Link]] = {}
    for link in links:
        by_record.setdefault(link.record, []).append(link)
    found = []
    for entry in entries:
        own = by_record.pop(entry.record, [])
        if not own and _needs_link(entry):
            found.append(Break(NOT_CHAINED, record=entry.record))
        elif own and not _is_as_linked(entry, own):
            number = own[-1].number
            found.append(Break(OTHER_RECORD, number, number, entry.record))
    for record, own in by_record.items():
        found.append(Break(GONE, own[0].number, own[-1].number, record))
    return tuple(found)


def find_without_previous(
    entries: Iterable[Entry], hashes: Iterable[str]
) -> Tuple[Break, ...]:
    """Find the records that begin with a hash that nothing has.

    :param hashes: all hashes of the company's rollbacks and fixes

    >>> find_without_previous([Entry("fix,2", previous_hash="a")], ["a"])
    ()
    >>> find_without_previous([Entry("fix,2", previous_hash="a")], [])
    (Break(kind='no_previous', first=0, last=0, record='fix,2'),)
    """
    known = {"", *hashes}
    return tuple(
        Break(NO_PREVIOUS, record=entry.record)
        for entry in entries
        if entry.previous_hash not in known
    )


def _get_hash(previous: str, link: Link) -> str:
    return compute_hash(previous, {"link": astuple(link)[:-1]})


def _needs_link(entry: Entry) -> bool:
    return not entry.state or bool(entry.first_hash) or entry.state not in UNSTARTED


def _is_as_linked(entry: Entry, links: Sequence[Link]) -> bool:
    """Whether a record has the hashes and the state that its links say."""
    first, last = links[0], links[-1]
    if first.record_hash != entry.first_hash:
        return False
    if first.event in (FIX, SEAL):
        return len(links) == 1
    if last.event in (END, REVERTED, AMENDED) and last.record_hash != entry.last_hash:
        return False
    if last.event == REVERT and last.record_hash != entry.revert_hash:
        return False
    if last.event == START and entry.last_hash:
        return False
    decisive = [link.event for link in links if link.event != AMENDED]
    return entry.state in STATES.get(decisive[-1], ()) if decisive else False
