"""People of every kind who may meet the add-ons in one database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from demonstration.client import Client
from fixtures import cooperative
from fixtures.cooperative import (
    ACCOUNTANT_LOGIN,
    ACCOUNTANT_PASSWORD,
    SECOND_ACCOUNTANT_LOGIN,
    Cooperative,
)
from support.visitor import Visitor

PASSWORD = "a good password"
GROUPS = {
    "user": ("cooperator.cooperator_group_user",),
    "auditor": ("cooperator_reconcile_rollback.group_auditor",),
    "books": ("account.group_account_manager",),
    "jobs": ("queue_job.group_queue_job_manager",),
    "staff": ("base.group_user",),
    "portal": ("base.group_portal",),
}


@dataclass(frozen=True)
class Person:
    """One of the people: what they call over JSON-RPC, and what they see in a browser."""

    client: Union[Client, Visitor]
    visitor: Visitor


def people(first: Cooperative, second: Cooperative) -> dict[str, Person]:
    """Who there is, by role.

    The `manager` is the first cooperative's, the `stranger` the second one's; the others
    work for the first one, or are members of it, and `public` has not logged in.
    """
    administrator = first.administrator
    url, database = administrator.url, administrator.database

    def visitor(*login: str) -> Visitor:
        return Visitor(url, database, *login)

    found = {
        "manager": Person(
            first.accountant, visitor(ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD)
        ),
        "stranger": Person(
            second.accountant, visitor(SECOND_ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD)
        ),
        "public": Person(visitor(), visitor()),
    }
    for role, groups in GROUPS.items():
        login = make_user(administrator, role, groups)
        client = Client(url, database, login, PASSWORD)
        found[role] = Person(client, visitor(login, PASSWORD))
    return found


def make_user(administrator: Client, role: str, groups: tuple[str, ...]) -> str:
    """The login of a new user of the first company, with these groups alone."""
    login = f"{role}@mill-street.example.org"
    cooperative.make_user(
        administrator, login, groups, name=role.title(), password=PASSWORD
    )
    return login
