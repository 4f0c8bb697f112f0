"""What a register is made of: operations that people enter, copies of such, and mistakes.

The operations of each family, in their order:

    1  Ada joins            6  Fay joins
    2  Ben joins            7  Ada takes another share
    3  Cas joins            8  Ben hands a share over to Gus, who joins by that
    4  Dan joins            9  Cas sells a share back
    5  Eve joins           10  Hal joins

All of these are right.
"""

from __future__ import annotations

from dataclasses import dataclass

from fixtures.accountant import Accountant, Subscription
from fixtures.mistake import Mistake
from fixtures.people import Person

from .odoo_process import transaction
from .row_copies import Renewed, copy_rows, last_ids

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


def renewed(operations: int, members: int) -> Renewed:
    """What differs from copy to copy of so many operations and new members."""
    return {
        "res_partner": {
            **{
                name: named(f"t.{name}")
                for name in ("name", "display_name", "lastname")
            },
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
            "name": later_name("t.name", operations),
            "register_number_operation": f"t.register_number_operation + {operations} * n",
        },
        "cooperative_membership": {
            "cooperator_register_number": (
                f"t.cooperator_register_number + {members} * n"
            ),
        },
    }


@dataclass(frozen=True)
class Entered:
    """So many operations, each entered as an accountant does."""

    operations: int

    def make(self, accountant: Accountant) -> None:
        for number in range(self.operations // OPERATIONS):
            enter_family(accountant, f"Family-{number}")


@dataclass(frozen=True)
class Copied:
    """So many operations: ten that are entered, and copies of their rows."""

    name: str
    operations: int

    def make(self, accountant: Accountant) -> None:
        with transaction(accountant.client.database) as env:
            before = last_ids(env.cr, TABLES)
        enter_family(accountant, self.name)
        with transaction(accountant.client.database) as env:
            copy_rows(
                env.cr,
                before,
                self.operations // OPERATIONS - 1,
                renewed(OPERATIONS, NEW_MEMBERS),
            )
        for code, (table, column) in SEQUENCES.items():
            set_next_number(accountant, code, table, column)


@dataclass(frozen=True)
class Mistakes:
    """Payments that were each matched with the request of somebody else, who joined by that.

    Where `are_sold`, each of those has sold a share back meanwhile.
    """

    name: str
    how_many: int
    are_sold: bool = False

    def make(self, accountant: Accountant) -> None:
        for number in range(self.how_many):
            last_name = f"{self.name}-{number}"
            mistake = Mistake.prepare(
                accountant, Person("Wrong", last_name), Person("Right", last_name)
            )
            mistake.make()
            if self.are_sold:
                accountant.buy_back(mistake.wrong, SHARE_TYPE)


@dataclass(frozen=True)
class Newcomer:
    """Somebody whose request and whose payment are both open."""

    name: str

    def make(self, accountant: Accountant) -> None:
        newcomer = accountant.subscribe(Person("New", self.name), 2, SHARE_TYPE)
        accountant.book_payment(newcomer)


def enter_family(accountant: Accountant, name: str) -> None:
    """The ten operations of a family, entered as an accountant does."""

    def join(first_name: str, quantity: int) -> Subscription:
        return accountant.welcome(Person(first_name, name), quantity, SHARE_TYPE)

    names = ("Ada", "Ben", "Cas", "Dan", "Eve", "Fay")
    _ada, ben, cas, *_others = [join(first_name, 2) for first_name in names]
    join("Ada", 1)
    gus = accountant.subscribe(Person("Gus", name), 1, SHARE_TYPE)
    accountant.hand_over(ben, gus, SHARE_TYPE)
    accountant.buy_back(cas, SHARE_TYPE)
    join("Hal", 1)


def set_next_number(accountant: Accountant, code: str, table: str, column: str) -> None:
    """Let a sequence go on after the highest number in a column."""
    with transaction(accountant.client.database) as env:
        env.cr.execute(f"SELECT max({column}) + 1 FROM {table}")
        (number,) = env.cr.fetchone()
    administrator = accountant.cooperative.administrator
    (sequence,) = administrator.find_ids("ir.sequence", [("code", "=", code)])
    administrator.write("ir.sequence", [sequence], {"number_next_actual": number})
