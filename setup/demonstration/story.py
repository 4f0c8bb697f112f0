"""The demonstration from an empty database to the corrected books, told as it goes."""

from __future__ import annotations

import time
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
from fixtures.people import ALICE, BRUNO, CLARA, DAVID, EMMA, FLORA
from prepare.console import step
from prepare.server import Server

from .client import Client
from .comparison import comparison
from .rollback import Rollback, Step
from .situation import Situation, situation_of
from .verification import Check, checks

STEPS = 11
MENU = "cooperator_reconcile_rollback.reconciliation_rollback_menu"
REQUESTS_MENU = "cooperator.menu_move_out_invoice_type"


def tell(text: str = "") -> None:
    print(text, flush=True)


def heading(text: str) -> None:
    tell(f"\n{text}\n{'=' * len(text)}\n")


@dataclass
class Story:
    """A cooperative, the mistake in its books, and the rollback that corrects it."""

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
        mistake = self.mistake
        return situation_of(
            self.cooperative, [*self.members, mistake.wrong, mistake.right]
        )

    def run(self) -> bool:
        """Make the mistake, roll it back, show and check the result; whether it is right."""
        good = self.situation()
        with step("Making the accountant's mistake"):
            self.mistake.make()
        wrong = self.situation()
        heading("What was wrong")
        tell(str(self.mistake))
        state, steps = self.roll_back()
        now = self.situation()
        heading("Result (* = changed)")
        tell(comparison(wrong, now))
        heading("Checked")
        found = [
            Check(
                f"the rollback is done, with all {STEPS} steps",
                state == "done" and all_done(steps),
            ),
            *checks(good, wrong, now, ALICE.name, BRUNO.name),
        ]
        for check in found:
            tell(f"  {'yes' if check.true else 'NO '}  {check.statement}")
        return all(check.true for check in found)

    def roll_back(self) -> tuple[str, list[Step]]:
        """Roll the mistake back by the job runner; the state and the steps at the end."""
        rollback = Rollback.draft(self.cooperative, self.mistake.wrong.request)
        rollback.choose_right_request(self.mistake.right.request)
        rollback.press("action_plan")
        heading(f"Rolling back as {rollback.name} (the manual's steps)")
        started = time.monotonic()
        rollback.press("action_start")

        def tell_step(ended: Step) -> None:
            seconds = time.monotonic() - started
            tell(
                f"{ended.number:4}. {ended.label:<45} {ended.state:<7}{seconds:6.1f} s"
            )
            if ended.error:
                tell(f"      {ended.error}")

        state = rollback.watch(tell_step)
        return state, rollback.steps()

    def leave_another_mistake(self) -> Mistake:
        """Make one more mistake, for a person to roll back in the browser."""
        mistake = Mistake.prepare(self.accountant, wrong=EMMA, right=DAVID)
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


def all_done(steps: list[Step]) -> bool:
    return [(step.number, step.state) for step in steps] == [
        (number, "done") for number in range(1, STEPS + 1)
    ]
