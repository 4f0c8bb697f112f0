"""The people of the demonstration."""

from __future__ import annotations

from typing import NamedTuple


class Person(NamedTuple):
    """Somebody who subscribes to shares.

    >>> Person("Alice", "Adam").email
    'alice.adam@example.org'
    """

    first_name: str
    last_name: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def email(self) -> str:
        return f"{self.first_name}.{self.last_name}@example.org".lower()


FLORA = Person("Flora", "Founder")
CLARA = Person("Clara", "Cole")
ALICE = Person("Alice", "Adam")
BRUNO = Person("Bruno", "Bell")
DAVID = Person("David", "Dunn")
EMMA = Person("Emma", "Evans")
