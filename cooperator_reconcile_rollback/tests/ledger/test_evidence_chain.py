"""Whatever somebody does to a chain of evidence is found."""

from __future__ import annotations

from dataclasses import replace
from typing import Sequence

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from odoo.tests.common import BaseCase, tagged

from ...ledger.evidence_chain import (
    AMENDED,
    END,
    FIX,
    REVERT,
    REVERTED,
    START,
    STATES,
    Entry,
    Head,
    Link,
    contains,
    find_breaks,
    find_other_records,
    get_head,
    make_link,
)

thorough = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
#: What can happen to a rollback, one thing after the other.
STORIES = (
    (START,),
    (START, END),
    (START, END, AMENDED),
    (START, REVERT),
    (START, END, REVERT, REVERTED),
    (START, REVERT, REVERTED, AMENDED),
)


def append(
    links: list[Link], event: str, record: str, record_hash: str, at: str = "2026-01-31"
) -> None:
    links.append(make_link(get_head(links), event, record, record_hash, at))


@st.composite
def chains(draw: st.DrawFn) -> tuple[list[Link], list[Entry]]:
    """A chain of two things or more, and the rollbacks and fixes behind it."""
    stories = draw(st.lists(st.sampled_from(STORIES), max_size=4))
    events = [
        (f"rollback,{number}", event)
        for number, story in enumerate(stories)
        for event in story
    ]
    fixes = draw(st.integers(2 if not events else 1, 3))
    events += [(f"fix,{number}", FIX) for number in range(fixes)]
    links: list[Link] = []
    for number, (record, event) in enumerate(events):
        append(links, event, record, f"hash {number}")
    return links, [make_entry(links, record) for record, _event in dict(events).items()]


def make_entry(links: Sequence[Link], record: str) -> Entry:
    """The rollback or fix as its links say."""
    own = [link for link in links if link.record == record]
    if own[0].event == FIX:
        return Entry(record, own[0].record_hash)
    sealed = [link for link in own if link.event in (END, REVERTED, AMENDED)]
    revert = [link for link in own if link.event == REVERT]
    decisive = [link.event for link in own if link.event != AMENDED][-1]
    return Entry(
        record,
        own[0].record_hash,
        sealed[-1].record_hash if sealed else "",
        revert[-1].record_hash if revert else "",
        STATES[decisive][0],
    )


def reseal(links: Sequence[Link], first: int) -> list[Link]:
    """Number and hash all links anew from a place on, as a forger does."""
    made = list(links[:first])
    for link in links[first:]:
        append(made, link.event, link.record, link.record_hash, link.at)
    return made


@tagged("ledger")
class TestEvidenceChain(BaseCase):
    @thorough
    @given(chains())
    def test_nothing_is_found_where_nothing_was_done(self, chain) -> None:
        links, entries = chain
        assert find_breaks(links, get_head(links)) == ()
        assert find_other_records(links, entries) == ()
        for link in links:
            assert contains(links, link.number, link.hash[:12])

    @thorough
    @given(chains(), st.data())
    def test_links_taken_away(self, chain, data: st.DataObject) -> None:
        links, _entries = chain
        gone = data.draw(st.sets(st.sampled_from(links), min_size=1))
        left = [link for link in links if link not in gone]
        found = find_breaks(left, get_head(links))
        numbers = {n for one in found for n in range(one.first, one.last + 1)}
        assert numbers >= {link.number for link in gone}

    @thorough
    @given(chains(), st.data())
    def test_links_put_in(self, chain, data: st.DataObject) -> None:
        links, _entries = chain
        place = data.draw(st.integers(0, len(links)))
        copied = data.draw(st.sampled_from(links))
        forged = [*links[:place], copied, *links[place:]]
        assert find_breaks(forged, get_head(links))
        # numbered and hashed anew, whatever comes after it too
        self.check_forged(links, reseal(forged, place))

    @thorough
    @given(chains(), st.data())
    def test_links_swapped(self, chain, data: st.DataObject) -> None:
        links, _entries = chain
        one, other = sorted(
            data.draw(
                st.lists(
                    st.integers(0, len(links) - 1), min_size=2, max_size=2, unique=True
                )
            )
        )
        swapped = list(links)
        swapped[one], swapped[other] = links[other], links[one]
        assert find_breaks(swapped, get_head(links))
        self.check_forged(links, reseal(swapped, one))

    @thorough
    @given(chains(), st.data())
    def test_a_link_changed(self, chain, data: st.DataObject) -> None:
        """Emptied hashes are changes as well."""
        links, _entries = chain
        place = data.draw(st.integers(0, len(links) - 1))
        name = data.draw(st.sampled_from(["record", "record_hash", "at", "hash"]))
        changed = replace(links[place], **{name: data.draw(st.sampled_from(["", "0"]))})
        forged = [*links[:place], changed, *links[place + 1 :]]
        assert find_breaks(forged, get_head(links))
        if name != "hash":
            assume(changed != links[place])
            self.check_forged(links, reseal(forged, place))

    def check_forged(self, links: Sequence[Link], forged: Sequence[Link]) -> None:
        """What is sealed anew is whole in itself, but is not what was on paper."""
        head = get_head(links)
        assert find_breaks(forged, get_head(forged)) == ()
        assert find_breaks(forged, head)
        # what is only added is no matter for paper
        is_added = list(forged[: head.count]) == list(links)
        assert bool(contains(forged, head.count, head.hash)) == is_added

    @thorough
    @given(chains(), st.data())
    def test_records_changed(self, chain, data: st.DataObject) -> None:
        """Sealed anew, emptied, in another state, taken away, or put in."""
        links, entries = chain
        entry = data.draw(st.sampled_from(entries))
        others = [other for other in entries if other != entry]
        forged = [replace(entry, first_hash=""), replace(entry, first_hash="0")]
        if entry.state:
            forged.append(replace(entry, state="draft"))
            sealed = entry.state in ("done", "reverted")
            forged += [replace(entry, last_hash="")] if sealed else []
            forged += [replace(entry, last_hash="0")] if sealed else []
        for changed in forged:
            (found,) = find_other_records(links, [*others, changed])
            assert (found.kind, found.record) == ("other_record", entry.record)
        (found,) = find_other_records(links, others)
        assert (found.kind, found.record) == ("gone", entry.record)
        stranger = replace(entry, record="stranger,1")
        (found,) = find_other_records(links, [*entries, stranger])
        assert (found.kind, found.record) == ("not_chained", "stranger,1")

    def test_no_link_yet(self) -> None:
        assert find_breaks([], Head()) == ()
        assert find_other_records([], [Entry("rollback,1", state="planned")]) == ()
