"""How a rollback has to end, whatever happened on the way."""

from __future__ import annotations

from demonstration.people import ALICE, BRUNO

from .books import Books, differences, numbering_faults
from .ordeal import Ordeal

CERTIFICATE = "Payment Received Confirmation"
COMPANY = 1
# the numbers of the operations that needed the wrong one
UNUSED = {"reuse": frozenset({10, 17}), "close_gap": frozenset()}


def assert_ends_as_planned(ordeal: Ordeal, done: Books) -> None:
    """It is done, the books are those of a rollback without a fault, and one mail leaves."""
    ordeal.reach("done")
    books = ordeal.books()
    assert differences(done, books) == []
    assert numbering_faults(books, COMPANY, UNUSED[ordeal.numbering]) == []
    assert ordeal.send_mail() == [(BRUNO.email, CERTIFICATE)]


def assert_ends_as_before(ordeal: Ordeal, planned: Books) -> None:
    """It is reverted, the books are those before the start, and one mail leaves."""
    ordeal.reach("reverted")
    books = ordeal.books().without_evidence()
    assert differences(planned.without_evidence(), books) == []
    assert numbering_faults(books, COMPANY) == []
    assert ordeal.send_mail() == [(ALICE.email, CERTIFICATE)]
