"""How a rollback has to end, whatever happened on the way."""

from __future__ import annotations

from fixtures.compared_rows import OPERATION_SEQUENCE, SAME, differences
from fixtures.people import ALICE, BRUNO

from .books import Books, numbering_faults
from .ordeal import Ordeal

CERTIFICATE = "Payment Received Confirmation"
COMPANY = 1
# the numbers of the operations that needed the wrong one
UNUSED = {"reuse": {OPERATION_SEQUENCE: (10, 17)}, "close_gap": {}}


def assert_ends_as_planned(ordeal: Ordeal, done: Books) -> None:
    """It is done, the books are those of a rollback without a fault, and one mail leaves."""
    ordeal.reach("done")
    books = ordeal.books()
    assert_nothing(differences(done, books, SAME))
    assert_nothing(numbering_faults(books, COMPANY, UNUSED[ordeal.numbering]))
    assert_sent(ordeal, (BRUNO.email, CERTIFICATE))


def assert_ends_as_before(ordeal: Ordeal, planned: Books) -> None:
    """It is reverted, the books are those before the start, and one mail leaves."""
    ordeal.reach("reverted")
    books = ordeal.books().without_traces()
    assert_nothing(differences(planned.without_traces(), books, SAME))
    assert_nothing(numbering_faults(books, COMPANY))
    assert_sent(ordeal, (ALICE.email, CERTIFICATE))


def assert_nothing(found: list[str]) -> None:
    assert not found, "\n".join(found)


def assert_sent(ordeal: Ordeal, *mails: tuple[str, str]) -> None:
    """These are all the mails that have ever left, by address and subject."""
    sent = ordeal.send_mail()
    assert sent == sorted(mails), sent
