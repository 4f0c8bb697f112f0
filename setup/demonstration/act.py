"""One act of the demonstration: a mistake, its rollback, the table and the judgement."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from fixtures.accountant import Subscription
from fixtures.cooperative import Cooperative
from fixtures.mistake import Mistake
from prepare.console import step

from .comparison import comparison
from .register_check import RegisterCheck
from .rollback import Rollback, Step
from .situation import Situation, situation_of
from .verification import Check, checks

STEPS = 11
ENDED_WELL = ("done", "by_hand")


def tell(text: str = "") -> None:
    print(text, flush=True)


def heading(text: str) -> None:
    tell(f"\n{text}\n{'=' * len(text)}\n")


@dataclass
class Act:
    """A mistake that is rolled back from its request.

    `bystanders` are the subscriptions of those whom it does not concern.
    """

    cooperative: Cooperative
    mistake: Mistake
    bystanders: Sequence[Subscription]

    title = "What was wrong"

    def play(self) -> bool:
        """Make the mistake, roll it back, show and check the result; whether it is right."""
        good = self.situation()
        with step("Making the accountant's mistake"):
            self.mistake.make()
        wrong = self.situation()
        self.go_on()
        found = self.situation()
        heading(self.title)
        tell(self.describe())
        rollback = self.draft()
        state, steps = self.roll_back(rollback)
        now = self.situation()
        heading("Result (* = changed)")
        tell(comparison(found, now))
        heading("Checked")
        names = (self.mistake.wrong.person.name, self.mistake.right.person.name)
        checked = [
            Check(
                f"the rollback is done, with all {STEPS} steps",
                state == "done" and all_done(steps),
            ),
            *self.more_checks(steps),
            *checks(good, wrong, now, *names),
        ]
        for check in checked:
            tell(f"  {'yes' if check.true else 'NO '}  {check.statement}")
        return all(check.true for check in checked)

    def situation(self) -> Situation:
        mistake = self.mistake
        return situation_of(
            self.cooperative, [*self.bystanders, mistake.wrong, mistake.right]
        )

    def go_on(self) -> None:
        """What happens between the mistake and its rollback."""

    def describe(self) -> str:
        """What was wrong."""
        return str(self.mistake)

    def draft(self) -> Rollback:
        """Begin where a person would begin."""
        return Rollback.draft(self.cooperative, self.mistake.wrong.request)

    def more_checks(self, steps: Sequence[Step]) -> Sequence[Check]:
        """What else has to be true in the end."""
        return ()

    def roll_back(self, rollback: Rollback) -> tuple[str, list[Step]]:
        """Roll the mistake back by the job runner; the state and the steps at the end."""
        rollback.choose_right_request(self.mistake.right.request)
        rollback.press("action_plan")
        heading(f"Rolling back as {rollback.name} (the manual's steps)")
        started = time.monotonic()
        rollback.press("action_start")

        def tell_step(ended: Step) -> None:
            seconds = time.monotonic() - started
            state = ended.state.replace("_", " ")
            tell(f"{ended.number:4}. {ended.label:<45} {state:<7}{seconds:6.1f} s")
            if ended.error:
                tell(f"      {ended.error}")

        state = rollback.watch(tell_step)
        return state, rollback.steps()


@dataclass
class BegunByHand(Act):
    """The accountant has removed the match already; the register check finds the rest."""

    title = "What was wrong, and half corrected"

    def __post_init__(self) -> None:
        self.check = RegisterCheck(self.cooperative)

    def go_on(self) -> None:
        with step("Unmatching the payment by hand"):
            self.mistake.accountant.unmatch(self.mistake.payment, self.mistake.wrong)

    def describe(self) -> str:
        mistake = self.mistake
        return (
            f"{mistake}\n"
            "Then the accountant noticed it and unmatched them with Odoo's own button:\n"
            f"{mistake.wrong.person.name} owes the money again, and is a member still."
        )

    def draft(self) -> Rollback:
        heading("The register check finds")
        for finding in self.check.run():
            tell(f"  {finding.description}")
        record = self.check.press_button(
            "operation_not_paid", self.mistake.wrong.request
        )
        return Rollback(self.cooperative.accountant, record)

    def more_checks(self, steps: Sequence[Step]) -> Sequence[Check]:
        by_hand = [one.kind for one in steps if one.state == "by_hand"]
        return (
            Check(
                "the match that was removed by hand is shown as such",
                by_hand == ["remove_match"],
            ),
            Check("the register check finds nothing any more", not self.check.run()),
        )


def all_done(steps: Sequence[Step]) -> bool:
    return [one.number for one in steps] == list(range(1, STEPS + 1)) and all(
        one.state in ENDED_WELL for one in steps
    )
