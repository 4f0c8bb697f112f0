"""Text for cells of a spreadsheet."""

#: With what a spreadsheet takes a text for a formula, at the latest once the sheet has
#: been saved as CSV and opened again.
BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")


def plain_text(text):
    """Return ``text`` so that it is never a formula: after an apostrophe, if need be.

    >>> plain_text("Alice Adam"), plain_text("=HYPERLINK(A1)"), plain_text("")
    ('Alice Adam', "'=HYPERLINK(A1)", '')
    >>> [plain_text(first + "1") for first in "+-@"]
    ["'+1", "'-1", "'@1"]
    >>> plain_text(" =1+1")
    "' =1+1"
    """
    if text.lstrip(" \n").startswith(BEGINNINGS):
        return "'" + text
    return text
