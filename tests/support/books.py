"""All rows of a database that a rollback may change, and the numbers that were given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from fixtures.compared_rows import (
    COOPERATOR_SEQUENCE,
    OPERATION_SEQUENCE,
    ComparedRows,
    read_rows,
)
from prepare.databases import Databases
from prepare.postgresql_connection import connect

EMPTY: Mapping[str, Collection[int]] = {}


class Books(ComparedRows):
    """The rows of a database, what its rollbacks keep about themselves included."""

    @classmethod
    def read(cls, databases: Databases, name: str) -> Books:
        """The books in a database, all of them at one moment."""
        connection = connect(databases, name)
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        try:
            with connection.cursor() as cursor:
                return cls(**vars(read_rows(cursor, evidence=True)))
        finally:
            connection.close()


def numbering_faults(
    books: Books, company: int, unused: Mapping[str, Collection[int]] = EMPTY
) -> list[str]:
    """Numbers of a company that are drawn twice, lost, or not the next ones.

    `unused` are those that nobody has on purpose, by the sequence's code. An operation is a
    number and what is common to its register lines.
    """
    faults = []
    for code, numbers in drawn_numbers(books, company).items():
        expected = {*range(1, books.sequences[(company, code)])}
        expected -= {*unused.get(code, ())}
        twice = sorted(n for n, times in Counter(numbers).items() if times > 1)
        if twice:
            faults.append(f"{code}: {twice} drawn twice")
        if expected - {*numbers}:
            faults.append(f"{code}: {sorted(expected - {*numbers})} lost")
        if {*numbers} - expected:
            faults.append(f"{code}: {sorted({*numbers} - expected)} not expected")
    return faults


def drawn_numbers(books: Books, company: int) -> dict[str, list[int]]:
    """The numbers that a company has given, by the sequence's code."""
    return {
        OPERATION_SEQUENCE: operation_numbers(books, company),
        COOPERATOR_SEQUENCE: cooperator_numbers(books, company),
    }


def operation_numbers(books: Books, company: int) -> list[int]:
    """The number of each operation of a company."""
    operations = {
        (
            row["register_number_operation"],
            row["type"],
            row["partner_id"],
            row["partner_id_to"],
            row["capital_release_request_id"],
        )
        for row in books.tables["subscription_register"]
        if row["company_id"] == company
    }
    return [number for number, *_rest in operations]


def cooperator_numbers(books: Books, company: int) -> list[int]:
    """The number of each membership of a company that has one."""
    return [
        row["cooperator_register_number"]
        for row in books.tables["cooperative_membership"]
        if row["company_id"] == company and row["cooperator_register_number"]
    ]
