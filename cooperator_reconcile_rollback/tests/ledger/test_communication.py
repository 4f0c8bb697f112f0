"""Requests are found in a text by whole words, however they are written."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests.common import BaseCase, tagged

from ...ledger.communication import START, Beginnings, References

thorough = settings(max_examples=300, deadline=None, derandomize=True)
# few letters and digits, so that texts and names have pieces in common
words = st.lists(st.text("aB1ß2é", max_size=4), max_size=8)
separators = st.sampled_from([" ", "\n", ", ", ": ", " (", ") ", "[", ";"])
punctuation = st.sampled_from(["", "/", "-", "_", "+++", ".", "€"])
other_names = st.text("aB1ß2é/-_ ", max_size=8)


def write(data, pieces, between):
    """The pieces, with what is drawn from ``between`` before each but the first."""
    written = pieces[:1]
    for piece in pieces[1:]:
        written += [data.draw(between), piece]
    return "".join(written)


def plain(text):
    return "".join(filter(str.isalnum, text)).upper()


def start_of(name):
    """What the database says of a reference's beginning."""
    return re.sub("[1-9]", "0", name[:START])


@tagged("ledger")
class TestCommunication(BaseCase):
    """Requests are found in a text by whole words, however they are written."""

    @thorough
    @given(words, st.data())
    def test_what_the_words_of_a_text_say_is_named(self, pieces, data):
        """The requests found are those whose name some words after each other are."""
        # of two names one is often some words of the text
        places = st.integers(0, len(pieces))
        its_words = st.builds(lambda a, b: "/".join(pieces[a:b]), places, places)
        names = st.lists(its_words | other_names)
        references = data.draw(st.dictionaries(st.integers(), names))
        written = [write(data, list(piece), punctuation) for piece in pieces]
        text = write(data, written, separators)
        said = {
            plain("".join(pieces[start:end]))
            for start in range(len(pieces))
            for end in range(start + 1, len(pieces) + 1)
        }
        named = {
            request
            for request, its_names in references.items()
            for name in map(plain, its_names)
            if name in said and len(name) >= 5 and any(map(str.isdigit, name))
        }
        assert References(references).named_in(text) == named
        beginnings = Beginnings(
            start_of(name) for some in references.values() for name in some
        )
        possible = beginnings.possible_names(text)
        for request in named:
            self.assertTrue(possible & set(map(plain, references[request])))
            # an empty pattern fits each text
            self.assertTrue(re.search(beginnings.pattern, text.upper()))

    @thorough
    @given(st.from_regex(r"[A-Z]{3,5}/20[0-9]{2}/[0-9]{3}", fullmatch=True), st.data())
    def test_a_reference_is_found_however_it_is_written(self, name, data):
        pieces = [piece.lower() for piece in name.split("/")]
        text = write(data, pieces, separators | punctuation)
        before, after = data.draw(separators), data.draw(separators)
        references = References({7: [name]})
        assert references.named_in(f"Shares{before}{text}{after}Thank you") == {7}
        assert references.named_in(f"Shares{before}{text}9{after}Thank you") == set()
