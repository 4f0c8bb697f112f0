"""Chain records by their hashes: a change of one shows in all later ones.

>>> first = link("", {"step": 1, "after": "2 shares"})
>>> second = link(first, {"step": 2, "after": None})
>>> len(second), second == link(first, {"after": None, "step": 2})
(64, True)
>>> records = [{"step": 1, "after": "2 shares"}, {"step": 2, "after": None}]
>>> find_broken("", records, [first, second]) is None
True

A changed record is found at its place, a missing one as well:

>>> find_broken("", [{"step": 1, "after": "9 shares"}, records[1]], [first, second])
0
>>> find_broken("", records[1:], [second])
0
"""

import hashlib
import json
from typing import Any, Mapping, Optional, Sequence


def link(previous: str, content: Mapping[str, Any]) -> str:
    """Return the hash of a record and of all that came before it.

    :param previous: the hash of the record before, empty for the first one
    :param content: JSON values; the order of the keys does not matter
    :return: SHA-256 as 64 hexadecimal digits
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(("%s\n%s" % (previous, text)).encode()).hexdigest()


def find_broken(
    previous: str, contents: Sequence[Mapping[str, Any]], hashes: Sequence[str]
) -> Optional[int]:
    """Find the first record that does not match its hash.

    :param previous: the hash before the first record
    :param contents: the records, in their order
    :param hashes: the recorded hash of each
    :return: its index, ``None`` if all match
    """
    for index, (content, kept) in enumerate(zip(contents, hashes)):
        if link(previous, content) != kept:
            return index
        previous = kept
    return None
