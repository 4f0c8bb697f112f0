"""A register of any length: ten operations that people enter, and copies of them.

The operations of each copy, in their order:

    1  Ada joins            6  Fay joins
    2  Ben joins            7  Ada takes another share
    3  Cas joins            8  Ben hands a share over to Gus, who joins by that
    4  Dan joins            9  Cas sells a share back
    5  Eve joins           10  Hal joins

One accountant's mistake stands somewhere between them.
"""

from __future__ import annotations

from typing import Any

from demonstration.bookkeeping import Accountant, Subscription
from demonstration.people import Person

from .row_copies import copy_rows, last_ids

SHARE_TYPE = "Ordinary share"
TABLES = (
    "res_partner",
    "subscription_request",
    "account_move",
    "account_payment",
    "account_full_reconcile",
    "account_move_line",
    "account_partial_reconcile",
    "operation_request",
    "subscription_register",
    "share_line",
    "cooperative_membership",
)
SEQUENCES = {
    "register.operation": ("subscription_register", "register_number_operation"),
    "cooperator.number": ("cooperative_membership", "cooperator_register_number"),
}
OPERATIONS = 10
NEW_MEMBERS = 8
# more than the entries that a pattern has in any journal
ENTRIES = 20


def later_name(column: str, step: int) -> str:
    """SQL for a name that ends in a number which grows by `step` from copy to copy."""
    number = f"substring({column} FROM '[0-9]+$')"
    later = f"({number}::bigint + {step} * n)::text"
    return (
        f"regexp_replace({column}, '[0-9]+$', '')"
        f" || lpad({later}, greatest(length({number}), length({later})), '0')"
    )


def named(column: str) -> str:
    """SQL for the name of somebody who has the copy's number in it."""
    return f"{column} || ' ' || n"


RENEWED = {
    "res_partner": {
        **{name: named(f"t.{name}") for name in ("name", "display_name", "lastname")},
        "email": "n || t.email",
    },
    "subscription_request": {
        **{name: named(f"t.{name}") for name in ("name", "lastname")},
        "email": "n || t.email",
    },
    "account_move": {
        "name": later_name("t.name", ENTRIES),
        "payment_reference": later_name("t.payment_reference", ENTRIES),
        "sequence_number": f"t.sequence_number + {ENTRIES} * n",
    },
    "account_move_line": {"move_name": later_name("t.move_name", ENTRIES)},
    "subscription_register": {
        "name": later_name("t.name", OPERATIONS),
        "register_number_operation": f"t.register_number_operation + {OPERATIONS} * n",
    },
    "cooperative_membership": {
        "cooperator_register_number": (
            f"t.cooperator_register_number + {NEW_MEMBERS} * n"
        ),
    },
}


def enter_pattern(accountant: Accountant) -> None:
    """The ten operations, entered as an accountant does."""
    names = ("Ada", "Ben", "Cas", "Dan", "Eve", "Fay")
    ada, ben, cas, *_others = [join(accountant, name, 2) for name in names]
    join(accountant, "Ada", 1)
    gus = accountant.subscribe(Person("Gus", "Pattern"), 1, SHARE_TYPE)
    accountant.hand_over(ben, gus, SHARE_TYPE)
    accountant.buy_back(cas, SHARE_TYPE)
    join(accountant, "Hal", 1)


def join(accountant: Accountant, first_name: str, quantity: int) -> Subscription:
    return accountant.welcome(Person(first_name, "Pattern"), quantity, SHARE_TYPE)


def enter_in_bulk(cursor: Any, accountant: Accountant, operations: int) -> None:
    """A multiple of ten operations: the first ten entered, the others copied."""
    before = last_ids(cursor, TABLES)
    cursor.commit()
    enter_pattern(accountant)
    copy_rows(cursor, before, operations // OPERATIONS - 1, RENEWED)
    cursor.commit()
    for code, (table, column) in SEQUENCES.items():
        cursor.execute(f"SELECT max({column}) + 1 FROM {table}")
        set_next_number(accountant, code, cursor.fetchone()[0])


def set_next_number(accountant: Accountant, code: str, number: int) -> None:
    administrator = accountant.cooperative.administrator
    (sequence,) = administrator.find_ids("ir.sequence", [("code", "=", code)])
    administrator.write("ir.sequence", [sequence], {"number_next_actual": number})
