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
from itertools import accumulate
from typing import Dict, Hashable, Iterable, List, Mapping, Set

SEPARATORS = re.compile(r"[\s,;:()\[\]]+")
PUNCTUATION = re.compile(r"[^\w\s,;:()\[\]]")
# shorter ones, and those without a digit, are words and numbers of any text
SHORTEST = 5


class References:
    """Requests by what they are called.

    :param references: what each request is called
    """

    def __init__(self, references: Mapping[Hashable, Iterable[str]]):
        self.requests: Dict[str, Set[Hashable]] = defaultdict(set)
        for request, names in references.items():
            for name in names:
                plain = "".join(_words(name))
                if len(plain) >= SHORTEST and any(map(str.isdigit, plain)):
                    self.requests[plain].add(request)
        self.longest = max(map(len, self.requests), default=0)
        # of all requests few: most words of a text are passed over by them
        self.beginnings = {plain[:SHORTEST] for plain in self.requests}

    def named_in(self, text: str) -> Set[Hashable]:
        """The requests that ``text`` names."""
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


def _words(text: str) -> List[str]:
    """The words of ``text``, as letters and digits alone."""
    return SEPARATORS.split(PUNCTUATION.sub("", text.replace("_", "")).upper())
