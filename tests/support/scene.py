"""A cooperative in which twenty operations came after a wrong one.

The register after `Scene.make`, each line one operation:

    1        Flora founds the cooperative
    2        Clara joins
    3        the mistake: Bruno paid, Alice became a member
    4 to 9   six people join
    10       Alice hands a share over that she never paid: needs the wrong operation
    11       Flora takes more shares
    12 to 15 four people join
    16       Flora hands a share over to Clara
    17       Alice sells a share back: needs the wrong operation
    18       somebody sells a share back
    19 to 23 five people join

The mistake brought Alice a certificate, which waits in the mail queue, and a portal user.
The later operations bring nobody a mail: drawing a certificate takes a second.
"""

from __future__ import annotations

from dataclasses import dataclass

from demonstration.client import Client
from demonstration.rollback import MODEL, Rollback
from fixtures.accountant import Accountant, Subscription
from fixtures.client import Record
from fixtures.cooperative import Cooperative, found_cooperative
from fixtures.mistake import Mistake
from fixtures.people import ALICE, BRUNO, CLARA, FLORA, Person
from prepare.server import Server

LATER_OPERATIONS = 20
BATCH_SIZE = 5
BATCH_SIZE_KEY = "cooperator_reconcile_rollback.batch_size"
SHARE_TYPE = "Ordinary share"
FIRST_NAMES = (
    *("Gina", "Hugo", "Ines", "Jan", "Kim"),
    *("Lars", "Mona", "Nils", "Olga", "Paul"),
    *("Rosa", "Sven", "Tara", "Uwe", "Vera"),
)
NEWCOMERS = [Person(name, "Later") for name in FIRST_NAMES]


@dataclass
class Scene:
    """The cooperative, its accountant and the mistake, with all that came after it."""

    cooperative: Cooperative
    accountant: Accountant
    mistake: Mistake

    @classmethod
    def make(cls, server: Server) -> Scene:
        """Make all of it in a database that has the add-ons and no company data yet."""
        administrator = Client(server.url, server.database, "admin", "admin")
        administrator.call(
            "ir.config_parameter", "set_param", BATCH_SIZE_KEY, BATCH_SIZE
        )
        cooperative = found_cooperative(administrator)
        accountant = Accountant(cooperative)
        members = [
            accountant.welcome(FLORA, 4, SHARE_TYPE),
            accountant.welcome(CLARA, 2, "Supporter share"),
        ]
        mistake = Mistake.prepare(accountant, wrong=ALICE, right=BRUNO)
        cooperative.switch_certificates(True)
        switch_users(cooperative, True)
        mistake.make()
        switch_users(cooperative, False)
        cooperative.switch_certificates(False)
        make_later_operations(accountant, mistake.wrong, *members)
        cooperative.switch_certificates(True)
        return cls(cooperative, accountant, mistake)

    def plan_rollback(self, **options: str) -> Rollback:
        """Plan to take all later operations back; `options` are fields of the rollback."""
        rollback = Rollback.draft(self.cooperative, self.mistake.wrong.request)
        rollback.choose_right_request(self.mistake.right.request)
        values: Record = {"cascade": "all", **options}
        self.accountant.client.write(MODEL, [rollback.record], values)
        rollback.press("action_plan")
        return rollback


def make_later_operations(
    accountant: Accountant,
    alice: Subscription,
    flora: Subscription,
    clara: Subscription,
) -> None:
    people = iter(NEWCOMERS)
    first = [join(accountant, next(people), 1 + index % 3) for index in range(6)]
    accountant.hand_over(alice, first[0], SHARE_TYPE)
    accountant.welcome(FLORA, 2, SHARE_TYPE)
    for index in range(4):
        join(accountant, next(people), 1 + index % 2)
    accountant.hand_over(flora, clara, SHARE_TYPE)
    accountant.buy_back(alice, SHARE_TYPE)
    accountant.buy_back(first[2], SHARE_TYPE)
    for index in range(5):
        join(accountant, next(people), 1 + index % 2)


def join(accountant: Accountant, person: Person, quantity: int) -> Subscription:
    return accountant.welcome(person, quantity, SHARE_TYPE)


def switch_users(cooperative: Cooperative, on: bool) -> None:
    """Have a portal user made for whoever becomes a member, or not."""
    values = {"create_user": on}
    cooperative.administrator.write("res.company", [cooperative.company], values)
