"""Two cooperatives with wrong matches to roll back, and many payments yet to come."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from demonstration.client import Client
from fixtures.accountant import Accountant, Subscription
from fixtures.cooperative import (
    Cooperative,
    found_cooperative,
    found_second_cooperative,
)
from fixtures.mistake import Mistake
from fixtures.people import Person
from prepare.environment import Environment
from prepare.server import Server
from prepare.template_database import addons_database

from .memory import keep
from .worked_on import story_files, work_key, worked_on

PAYMENTS = 50
MISTAKES = (2, 1)
MEMBERS = 6
SHARE_TYPE = "Ordinary share"


@dataclass
class Crowd:
    """The two cooperatives, their mistakes, and who is going to pay, by cooperative."""

    cooperatives: tuple[Cooperative, Cooperative]
    mistakes: tuple[list[Mistake], list[Mistake]]
    payers: tuple[list[Subscription], list[Subscription]]

    @classmethod
    def database(cls, environment: Environment) -> str:
        """The name of a database with all of it, which recalls it; made once."""

        def work(server: Server) -> None:
            keep(server, cls.make(server))

        source = addons_database(environment)
        key = work_key(environment, source, [Path(__file__), *story_files()])
        return worked_on(environment, "crowd", source, key, work, channels=None)

    @classmethod
    def make(cls, server: Server) -> Crowd:
        administrator = Client(server.url, server.database, "admin", "admin")
        first = found_cooperative(administrator)
        cooperatives = (first, found_second_cooperative(first))
        accountants = [Accountant(cooperative) for cooperative in cooperatives]
        mistakes = tuple(
            [make_mistake(accountant, number) for number in range(how_many)]
            for accountant, how_many in zip(accountants, MISTAKES)
        )
        payers = tuple(
            subscribe_payers(accountant, PAYMENTS // 2) for accountant in accountants
        )
        return cls(cooperatives, mistakes, payers)


def make_mistake(accountant: Accountant, number: int) -> Mistake:
    """A wrong match between some right ones."""
    company = accountant.cooperative.company
    for index in range(MEMBERS // 2):
        accountant.welcome(person("Early", company, number, index), 1, SHARE_TYPE)
    mistake = Mistake.prepare(
        accountant,
        wrong=person("Wrong", company, number),
        right=person("Right", company, number),
    )
    mistake.make()
    for index in range(MEMBERS // 2):
        accountant.welcome(person("Late", company, number, index), 1, SHARE_TYPE)
    return mistake


def subscribe_payers(accountant: Accountant, how_many: int) -> list[Subscription]:
    company = accountant.cooperative.company
    return [
        accountant.subscribe(person("Payer", company, index), 1, SHARE_TYPE)
        for index in range(how_many)
    ]


def person(first_name: str, *numbers: int) -> Person:
    """Somebody with a name of one's own.

    >>> person("Payer", 1, 12).email
    'payer.number-1-12@example.org'
    """
    return Person(first_name, "-".join(["Number", *map(str, numbers)]))
