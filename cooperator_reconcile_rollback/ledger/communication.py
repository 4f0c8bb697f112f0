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
from typing import Dict, Hashable, Iterable, Mapping, Set

SEPARATORS = re.compile(r"[\s,;:()\[\]]+")
PUNCTUATION = re.compile(r"[\W_]+")
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
                plain = _plain(name)
                if len(plain) >= SHORTEST and any(map(str.isdigit, plain)):
                    self.requests[plain].add(request)
        self.longest = max(map(len, self.requests), default=0)

    def named_in(self, text: str) -> Set[Hashable]:
        """The requests that ``text`` names."""
        words = [_plain(word) for word in SEPARATORS.split(text)]
        found: Set[Hashable] = set()
        for first in range(len(words)):
            joined = ""
            for word in words[first:]:
                joined += word
                if len(joined) > self.longest:
                    break
                if joined in self.requests:
                    found |= self.requests[joined]
        return found


def _plain(text: str) -> str:
    return (text if text.isalnum() else PUNCTUATION.sub("", text)).upper()
