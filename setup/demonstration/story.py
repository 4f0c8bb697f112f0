"""The demonstration from an empty database to the corrected books, told as it goes."""

from __future__ import annotations

from dataclasses import dataclass

from fixtures.accountant import Accountant, Subscription
from fixtures.cooperative import (
    ACCOUNTANT_LOGIN,
    ACCOUNTANT_PASSWORD,
    NAME,
    Cooperative,
    found_cooperative,
)
from fixtures.mistake import Mistake
from fixtures.people import ALICE, BRUNO, CLARA, DAVID, EMMA, FLORA, GIULIA, HENRI
from prepare.console import step
from prepare.server import Server

from .act import Act, BegunByHand, heading
from .client import Client
from .situation import Situation

MENU = "cooperator_reconcile_rollback.reconciliation_rollback_menu"
REQUESTS_MENU = "cooperator.menu_move_out_invoice_type"


@dataclass
class Story:
    """A cooperative, the mistakes in its books, and the rollbacks that correct them.

    `mistake` is the first one, which is prepared and not made yet.
    """

    cooperative: Cooperative
    accountant: Accountant
    members: list[Subscription]
    mistake: Mistake

    @classmethod
    def begin(cls, server: Server) -> Story:
        """Found the cooperative, welcome two members, and book what the mistake needs."""
        with step(f"Founding {NAME}"):
            administrator = Client(server.url, server.database, "admin", "admin")
            cooperative = found_cooperative(administrator)
            accountant = Accountant(cooperative)
            members = [
                accountant.welcome(FLORA, 4, "Ordinary share"),
                accountant.welcome(CLARA, 2, "Supporter share"),
            ]
            cooperative.switch_certificates(True)
            mistake = Mistake.prepare(accountant, wrong=ALICE, right=BRUNO)
        return cls(cooperative, accountant, members, mistake)

    def situation(self) -> Situation:
        """What the people of the first mistake have now, and those beside it."""
        return self.first_act().situation()

    def first_act(self) -> Act:
        return Act(self.cooperative, self.mistake, self.members)

    def run(self) -> bool:
        """Play both acts; whether all is right in the end."""
        heading("First act: a wrong match")
        first = self.first_act().play()
        heading("Second act: a wrong match that somebody has removed by hand")
        bystanders = [*self.members, self.mistake.wrong, self.mistake.right]
        mistake = Mistake.prepare(self.accountant, wrong=EMMA, right=DAVID)
        second = BegunByHand(self.cooperative, mistake, bystanders).play()
        return first and second

    def leave_another_mistake(self) -> Mistake:
        """Make one more mistake, for a person to roll back in the browser."""
        mistake = Mistake.prepare(self.accountant, wrong=GIULIA, right=HENRI)
        mistake.make()
        return mistake

    def invitation(self, url: str) -> str:
        """How a person goes on in the web browser."""
        mistake = self.leave_another_mistake()
        return (
            f"Address    {url}/web\n"
            f"Login      {ACCOUNTANT_LOGIN}\n"
            f"Password   {ACCOUNTANT_PASSWORD}\n"
            f"Menu       {self.menu_path(MENU)}\n"
            "\n"
            "There is another mistake, to be corrected by hand:\n"
            f"{mistake}\n"
            f"Open {mistake.wrong.request_name} in {self.menu_path(REQUESTS_MENU)},\n"
            'choose Action > "Roll back reconciliation", and as the right request'
            f" {mistake.right.request_name}.\n"
            "\n"
            "Ctrl-C ends the server and removes the database."
        )

    def menu_path(self, xml_id: str) -> str:
        """A menu with those above it, as the accountant sees them."""
        menu = self.cooperative.administrator.id_of(xml_id)
        names = self.cooperative.accountant.read("ir.ui.menu", menu, ["complete_name"])
        return names["complete_name"].replace("/", " > ")
