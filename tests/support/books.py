"""Everything in a database that a rollback may change, in a form that can be compared.

Rows are compared by what they say, to the last column. Times, users who wrote, and ids of
rows that were made after the scene was planned are left out: where another row refers to a
new one, it says what that is instead.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Optional

from prepare.databases import Databases
from prepare.postgresql_connection import connect

OPERATION_SEQUENCE = "register.operation"
COOPERATOR_SEQUENCE = "cooperator.number"
EMPTY: Mapping[str, Collection[int]] = {}
Row = tuple[tuple[str, str], ...]
Tables = dict[str, Counter[Row]]

TABLES = (
    "subscription_register",
    "share_line",
    "cooperative_membership",
    "subscription_request",
    "operation_request",
    "account_move",
    "account_move_line",
    "account_payment",
    "account_partial_reconcile",
    "res_partner",
    "res_users",
)
EVIDENCE_TABLES = (
    "reconciliation_rollback_line",
    "reconciliation_rollback_mail",
)
LEFT_OUT = {
    "id",
    "create_uid",
    "create_date",
    "write_uid",
    "write_date",
    "message_main_attachment_id",
    "access_token",
    "signup_token",
    "signup_type",
    "signup_expiration",
    "mail_id",
    # how often something was posted for somebody
    "customer_rank",
    # named after the match, which may have been made anew
    "matching_number",
}
SNAPSHOTS = {"before", "after"}
# For Odoo a number that is not there is 0, but of cooperators' numbers 0 is given only once.
NOTHING_IS_NOTHING = {"cooperator_register_number"}
# What stands for a row that another one refers to, where it may have been made anew.
LABELS = {
    "account_move": "SELECT id, name FROM account_move",
    "account_move_line": (
        "SELECT line.id, concat_ws(' ', line.move_name, account.code, line.balance)"
        " FROM account_move_line line JOIN account_account account"
        " ON account.id = line.account_id"
    ),
    "account_full_reconcile": (
        "SELECT full_reconcile_id, string_agg(move_name, ', ' ORDER BY move_name)"
        " FROM account_move_line WHERE full_reconcile_id IS NOT NULL GROUP BY 1"
    ),
}
REFERENCES = """
    SELECT source.relname, attname, target.relname
    FROM pg_constraint
    JOIN pg_class source ON source.oid = conrelid
    JOIN pg_class target ON target.oid = confrelid
    JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
    WHERE contype = 'f'
"""
SPECIAL = {
    # the order of a person's share lines decides which of them are sold first
    "order of share lines": """
        SELECT company_id, partner_id, row_number() OVER (
            PARTITION BY company_id, partner_id ORDER BY id
        ) AS place, share_product_id, share_number, share_unit_price, effective_date
        FROM share_line
    """,
    "mails": """
        SELECT message.subject, mail.state, mail.email_to, (
            SELECT string_agg(partner.email, ', ' ORDER BY partner.email)
            FROM mail_mail_res_partner_rel rel
            JOIN res_partner partner ON partner.id = rel.res_partner_id
            WHERE rel.mail_mail_id = mail.id
        ) AS recipients, (
            SELECT string_agg(attachment.name, ', ' ORDER BY attachment.name)
            FROM message_attachment_rel rel
            JOIN ir_attachment attachment ON attachment.id = rel.attachment_id
            WHERE rel.message_id = message.id
        ) AS attachments
        FROM mail_mail mail
        JOIN mail_message message ON message.id = mail.mail_message_id
    """,
    "rollbacks": "SELECT name, state, warnings, plan FROM reconciliation_rollback",
}
EVIDENCE_SPECIAL = {
    "steps": (
        "SELECT sequence, place, kind, state, error, before, after"
        " FROM reconciliation_rollback_step"
    ),
}


@dataclass(frozen=True)
class Books:
    """The rows of each table, without order.

    `sequences` are the numbers to be given next, by company and code.
    """

    tables: Mapping[str, Counter[Row]]
    sequences: Mapping[tuple[int, str], int]

    @classmethod
    def read(cls, databases: Databases, name: str) -> Books:
        """The books in a database, all of them at one moment."""
        connection = connect(databases, name)
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        try:
            with connection.cursor() as cursor:
                return BooksReader(cursor).read()
        finally:
            connection.close()

    def without_traces(self) -> Books:
        """The books without what a rollback that was undone leaves on purpose.

        That is what it keeps about itself, and mails that were cancelled.
        """
        evidence = {*EVIDENCE_TABLES, *EVIDENCE_SPECIAL, "rollbacks"}
        kept = {n: rows for n, rows in self.tables.items() if n not in evidence}
        kept["mails"] = Counter(
            {
                row: n
                for row, n in kept["mails"].items()
                if ("state", "cancel") not in row
            }
        )
        return Books(kept, self.sequences)


class BooksReader:
    """Reads the tables through one cursor."""

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor
        self.references = {
            (source, column): target for source, column, target in self.ask(REFERENCES)
        }
        self.labels = {
            target: dict(self.ask(query)) for target, query in LABELS.items()
        }

    def read(self) -> Books:
        tables: Tables = {}
        for table in (*TABLES, *EVIDENCE_TABLES):
            tables[table] = self.rows(f"SELECT * FROM {table}", table)
        for title, query in {**SPECIAL, **EVIDENCE_SPECIAL}.items():
            tables[title] = self.rows(query)
        return Books(tables, dict(self.sequences()))

    def ask(self, query: str, *values: Any) -> list[tuple]:
        self.cursor.execute(query, values)
        return self.cursor.fetchall()

    def rows(self, query: str, table: str = "") -> Counter[Row]:
        self.cursor.execute(query)
        names = [column.name for column in self.cursor.description]
        return Counter(
            tuple(
                (name, self.shown(table, name, value))
                for name, value in sorted(zip(names, values))
                if name not in LEFT_OUT
            )
            for values in self.cursor.fetchall()
        )

    def shown(self, table: str, column: str, value: Any) -> str:
        """A value; of another row that may be a new one, what stands for it."""
        if column in SNAPSHOTS and value:
            return json.dumps(without_ids(json.loads(value)), indent=1)
        labels = self.labels.get(self.references.get((table, column), ""), {})
        return plain(column, labels.get(value, value))

    def sequences(self) -> Iterator[tuple[tuple[int, str], int]]:
        """The next number of each of cooperator's sequences, as PostgreSQL would give it."""
        for record, company, code in self.ask(
            "SELECT id, company_id, code FROM ir_sequence WHERE code IN"
            " ('register.operation', 'cooperator.number') ORDER BY id"
        ):
            ((last, called),) = self.ask(
                f"SELECT last_value, is_called FROM ir_sequence_{record:03d}"
            )
            yield (company, code), last + 1 if called else last


def without_ids(snapshot: Any) -> Any:
    """What a step keeps of what it found and left, without the ids of rows.

    >>> without_ids({"share lines": [{"id": 3, "quantity": 1}], "share.line": [[3, 1]]})
    {'share lines': [{'quantity': 1}], 'share.line': [1]}
    """
    if isinstance(snapshot, list):
        return [without_ids(part) for part in snapshot]
    if not isinstance(snapshot, dict):
        return snapshot
    return {
        name: [value for _record, value in part]
        if "." in name and is_pairs(part)
        else without_ids(part)
        for name, part in snapshot.items()
        if name != "id"
    }


def is_pairs(part: Any) -> bool:
    """Whether something is a list of ids, each with a value."""
    return isinstance(part, list) and all(
        isinstance(pair, list) and len(pair) == 2 for pair in part
    )


def plain(column: str, value: Any) -> str:
    """A value as text: where nothing, 0 and False are the same for Odoo, the same text.

    >>> plain("quantity", None), plain("quantity", 0.0), plain("quantity", 3)
    ('', '', '3')
    >>> plain("cooperator_register_number", 0), plain("cooperator_register_number", None)
    ('0', '')
    """
    if not value and (value is None or column not in NOTHING_IS_NOTHING):
        return ""
    return str(value)


def differences(expected: Books, found: Books) -> list[str]:
    """What is different, a sentence each; nothing where the books are the same."""
    sentences = [
        f"{title}: {sentence}"
        for title in sorted({*expected.tables, *found.tables})
        for sentence in row_differences(
            expected.tables.get(title, Counter()), found.tables.get(title, Counter())
        )
    ]
    if expected.sequences != found.sequences:
        sentences.append(
            f"sequences: {found.sequences} instead of {expected.sequences}"
        )
    return sentences


def row_differences(expected: Counter[Row], found: Counter[Row]) -> Iterator[str]:
    """Rows that are missing or too many, the most similar ones beside each other."""
    missing, extra = (
        list((expected - found).elements()),
        list((found - expected).elements()),
    )
    for row in missing:
        like = most_similar(row, extra)
        if like is None:
            yield f"missing {dict(row)}"
            continue
        extra.remove(like)
        was, now = dict(row), dict(like)
        changed = {
            name: (was.get(name), now.get(name))
            for name in {*was, *now}
            if was.get(name) != now.get(name)
        }
        yield f"(expected, found) {changed} of {row_name(was)}"
    for row in extra:
        yield f"too many {dict(row)}"


def most_similar(row: Row, others: list[Row]) -> Optional[Row]:
    """The row that has most values in common, where that is more than half of them."""
    best = max(others, key=lambda other: len({*row} & {*other}), default=None)
    return best if best and 2 * len({*row} & {*best}) > len(row) else None


def row_name(row: Mapping[str, str]) -> str:
    """What a reader tells a row by."""
    telling = ("name", "move_name", "subject", "place", "kind", "partner_id", "login")
    return ", ".join(f"{name} {row[name]}" for name in telling if name in row)


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
    rows = [dict(row) for row in books.tables["subscription_register"].elements()]
    operations = {
        (
            row["register_number_operation"],
            row["type"],
            row["partner_id"],
            row["partner_id_to"],
            row["capital_release_request_id"],
        )
        for row in rows
        if row["company_id"] == str(company)
    }
    return [int(number) for number, *_rest in operations]


def cooperator_numbers(books: Books, company: int) -> list[int]:
    """The number of each membership of a company that has one."""
    rows = [dict(row) for row in books.tables["cooperative_membership"].elements()]
    return [
        int(row["cooperator_register_number"])
        for row in rows
        if row["company_id"] == str(company)
        and row["cooperator_register_number"] not in ("", "0")
    ]
