"""Which requests the communication of a payment names.

People and banks write a reference in their own way: with other punctuation, in small
letters, with spaces in between. A reference is found where its letters and digits are
those of one or several whole words.

>>> references = References({7: ["SUBJ/2026/001", "+++000/0000/00101+++"], 8: ["SUBJ/2026/0012"]})
>>> references.named_in("Shares, subj-2026-001. Thank you"), references.named_in("000 0000 00101")
({7}, {7})
>>> references.named_in("SUBJ/2026/0012"), references.named_in("For shares of 2026")
({8}, set())
"""

import re
from collections import defaultdict
from itertools import accumulate, combinations
from typing import Dict, Hashable, Iterable, List, Mapping, Set

SEPARATORS = re.compile(r"[\s,;:()\[\]]+")
PUNCTUATION = re.compile(r"[^\w\s,;:()\[\]]")
# shorter ones, and those without a digit, are words and numbers of any text
SHORTEST = 5
# of a reference, punctuation included: enough to know how it begins
START = 15
# beginnings in one pattern
MOST = 50
ANY_DIGIT = str.maketrans("123456789", "0" * 9)
PLAIN = re.compile("[A-Z0-9]*")


class References:
    """Requests by their names.

    :param references: the names of each request
    """

    def __init__(self, references: Mapping[Hashable, Iterable[str]]):
        self.requests: Dict[str, Set[Hashable]] = defaultdict(set)
        for request, names in references.items():
            for name in names:
                plain = "".join(_words(name))
                if _is_reference(plain):
                    self.requests[plain].add(request)
        self.longest = max(map(len, self.requests), default=0)
        # there are few of them: most words of a text can be skipped
        self.beginnings = {plain[:SHORTEST] for plain in self.requests}

    def named_in(self, text: str) -> Set[Hashable]:
        """Find the requests that ``text`` names."""
        words = _words(text)
        plain = "".join(words)
        ends = list(accumulate(map(len, words)))
        found: Set[Hashable] = set()
        for start in (0, *ends):
            if plain[start : start + SHORTEST] in self.beginnings:
                for end in ends:
                    if start < end <= start + self.longest:
                        found |= self.requests.get(plain[start:end], set())
        return found


class Beginnings:
    """How references begin, to tell from afar which texts can name a request.

    :param starts: the first characters of each reference, at least 15 where it has as many

    >>> beginnings = Beginnings(["SUBJ/2026/00123", "+++123/4567/890"])
    >>> sorted(beginnings.shapes)
    ['00000', 'SUBJ0']
    """

    def __init__(self, starts: Iterable[str]):
        self.shapes: Set[str] = set()
        self.is_complete = True
        for start in starts:
            plain = "".join(_words(start))
            if len(plain) >= SHORTEST:
                self.shapes.add(_shape(plain))
            elif len(start) >= START:
                # it may go on as a reference
                self.is_complete = False
        if len(self.shapes) > MOST or not all(map(PLAIN.fullmatch, self.shapes)):
            self.is_complete = False

    @property
    def pattern(self) -> str:
        """A regular expression of PostgreSQL that each text fits which names a request.

        Upper or lower case does not matter. Texts that name none may fit it, too.

        >>> Beginnings(["CRR26/0001"]).pattern
        'C[^A-Za-z0-9]*R[^A-Za-z0-9]*R[^A-Za-z0-9]*[0-9][^A-Za-z0-9]*[0-9]'
        """
        if not self.is_complete:
            return ""
        return "|".join(
            "[^A-Za-z0-9]*".join(one if one != "0" else "[0-9]" for one in shape)
            for shape in sorted(self.shapes)
        )

    def possible_names(self, text: str) -> Set[str]:
        """What a request could be called that ``text`` names, as letters and digits alone.

        >>> sorted(Beginnings(["SUBJ/2026/001"]).possible_names("Anna: subj/2026/001 2 shares"))
        ['SUBJ2026001', 'SUBJ20260012', 'SUBJ20260012SHARES']
        """
        words = _words(text)
        runs = (
            "".join(words[first:last])
            for first, last in combinations(range(len(words) + 1), 2)
        )
        return {
            run
            for run in runs
            if _is_reference(run)
            and (not self.is_complete or _shape(run) in self.shapes)
        }


def _shape(plain: str) -> str:
    """The beginning of a reference, with any digits."""
    return plain[:SHORTEST].translate(ANY_DIGIT)


def _is_reference(plain: str) -> bool:
    return len(plain) >= SHORTEST and any(map(str.isdigit, plain))


def _words(text: str) -> List[str]:
    """The words of ``text``, as letters and digits alone."""
    return SEPARATORS.split(PUNCTUATION.sub("", text.replace("_", "")).upper())
