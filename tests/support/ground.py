"""A database in which there is a record of every kind, for everybody to try what they may.

There are two mistakes. The rollback of the first one is done: it has steps and mails, and
somebody paid meanwhile. That of the second one is brought into whatever state is asked for.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Optional, Union

from demonstration.client import Client, Refused
from demonstration.patience import wait_until
from demonstration.rollback import MODEL, Rollback
from demonstration.story import Story
from fixtures.client import Record
from fixtures.cooperative import Cooperative, found_second_cooperative
from fixtures.mistake import SHARE_TYPE, Mistake
from fixtures.people import Person
from prepare.environment import Environment
from prepare.server import Server
from prepare.template_database import addons_database

from .jobs import Jobs
from .memory import keep
from .visitor import Visitor
from .worked_on import story_files, work_key, worked_on

# one job at a time, so that one that is held up holds up all
CHANNELS = "root:1"
CHECK = "cooperator.register.check"
FINDING = "cooperator.register.finding"
LINE = "reconciliation.rollback.line"
RIGHT = "reconciliation.rollback.right"
DIFFERENCE = "reconciliation.rollback.difference"
MAIL = "reconciliation.rollback.mail"
POSTPONED = "reconciliation.rollback.postponed"
REGISTER = "reconciliation.rollback.register"
POLICY = "queue.job.retry.policy"
FIX = "cooperator.register.fix"
FIX_WIZARD = "cooperator.register.fix.wizard"
FIX_OPTION = "cooperator.register.fix.option"
COMPARISON = "cooperator.evidence.comparison"
CLOSING = "cooperator.register.closing"
DOCUMENT_WIZARD = "cooperator.register.document"
ENTRY = "cooperator.register.entry"
SEAL = "cooperator.register.seal"
# Nobody sees their records but who made them.
WIZARDS = (REGISTER, FIX_WIZARD, FIX_OPTION, COMPARISON, DOCUMENT_WIZARD)
Caller = Union[Client, Visitor]
PAUL = Person("Paul", "Patient")
PATHS = {
    "planned": ("action_plan",),
    "done": ("action_plan", "action_start"),
}


@dataclass
class Ground:
    """`done` is the rollback of the first mistake, `mistake` the second one."""

    server: Server
    story: Story
    second: Cooperative
    held_up: int
    done: Rollback
    mistake: Mistake
    current: Optional[Rollback] = None
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @classmethod
    def database(cls, environment: Environment) -> str:
        """The name of a database with all of it, which recalls it; made once."""

        def work(server: Server) -> None:
            keep(server, cls.prepare(server))

        source = addons_database(environment)
        key = work_key(environment, source, [Path(__file__), *story_files()])
        return worked_on(environment, "ground", source, key, work, channels=CHANNELS)

    @classmethod
    def prepare(cls, server: Server) -> Ground:
        """Make all of it in a database that has the add-ons and no company data yet."""
        story = Story.begin(server)
        cooperative = story.cooperative
        second = found_second_cooperative(cooperative)
        held_up = cooperative.administrator.create("res.partner", {"name": "Held Up"})
        story.mistake.make()
        done = draft(cooperative, story.mistake)
        ground = cls(server, story, second, held_up, done, story.mistake)
        ground.carry_out_while_somebody_pays(done)
        ground.mistake = story.leave_another_mistake()
        return ground

    def carry_out_while_somebody_pays(self, rollback: Rollback) -> None:
        accountant = self.story.accountant
        request = accountant.subscribe(PAUL, 1, SHARE_TYPE)
        payment = accountant.book_payment(request)
        rollback.press("action_plan")
        with self.jobs_held_up():
            rollback.press("action_start")
            accountant.match(payment, request)
        rollback.wait_for("done")
        wait_until(
            lambda: self.administrator.find_ids(POSTPONED, [("state", "=", "done")]),
            "the payment to be registered",
        )

    @property
    def administrator(self) -> Client:
        return self.story.cooperative.administrator

    @property
    def manager(self) -> Client:
        return self.story.cooperative.accountant

    @contextmanager
    def jobs_held_up(self) -> Iterator[None]:
        """Let no other job run for as long as this lasts."""
        jobs = Jobs(self.administrator, self.server.database)
        with jobs.held_up(self.held_up):
            job = jobs.delay_message(self.held_up, f"Held up job {next(self.numbers)}")
            jobs.wait_for(job, "started")
            yield

    def rollback_in(self, state: str) -> int:
        """The id of a rollback of the second mistake that is in a state."""
        if self.current and self.is_there(self.current):
            if self.current.state == state:
                return self.current.record
        self.clear()
        self.current = draft(self.story.cooperative, self.mistake)
        if state == "failed":
            self.fail(self.current)
        for button in PATHS.get(state, ()):
            self.current.press(button)
        self.current.wait_for(state)
        return self.current.record

    def is_there(self, rollback: Rollback) -> bool:
        return bool(self.manager.find_ids(MODEL, [("id", "=", rollback.record)]))

    def clear(self) -> None:
        """End whatever rollback there is of the second mistake."""
        domain = [
            ("line_ids.wrong_move_id", "=", self.mistake.wrong.request),
            ("state", "not in", ("cancelled", "reverted")),
        ]
        for record in self.manager.find_ids(MODEL, domain):
            self.end(Rollback(self.manager, record))

    def fail(self, rollback: Rollback) -> None:
        """Let a rollback fail for a reason that is mended afterwards."""
        accountant, right = self.story.accountant, self.mistake.right
        rollback.press("action_plan")
        with self.jobs_held_up():
            rollback.press("action_start")
            accountant.take_back(right)
        rollback.wait_for("failed")
        accountant.post(right)

    def end(self, rollback: Rollback) -> None:
        """Have things as they were before a rollback, however far it is."""
        state = wait_until(
            lambda: (now := rollback.state) not in ("running", "reverting") and now,
            "the jobs to end",
        )
        if state in ("draft", "planned"):
            rollback.press("action_cancel")
        elif state in ("failed", "done"):
            rollback.press("action_revert")
            rollback.wait_for("reverted")

    def finding(self) -> int:
        """What the register check finds of the second mistake."""
        self.clear()
        self.manager.call(CHECK, "action_check", [self.check()])
        domain = [
            ("request_id", "=", self.mistake.wrong.request),
            ("kind", "=", "other_payer"),
        ]
        return self.manager.find_one(FINDING, domain)["id"]

    def check(self) -> int:
        """The register check of the first company."""
        return self.manager.call(CHECK, "action_open_check")["res_id"]

    def sample(self, model: str, client: Caller) -> int:
        """A record of the first company, in a state in which most is allowed."""
        company = ("company_id", "=", self.story.cooperative.company)
        if model == MODEL:
            return self.rollback_in("draft")
        if model == LINE:
            return self.find(model, ("rollback_id", "=", self.rollback_in("draft")))
        if model in (RIGHT, DIFFERENCE):
            return self.manager.create(model, self.values(model))
        if model == MAIL:
            return self.find(model, ("rollback_id", "=", self.rollback_in("planned")))
        if model in WIZARDS:
            return self.wizard_of(model, client)
        if model == FIX:
            return self.fix()
        if model == CHECK:
            return self.check()
        if model == FINDING:
            return self.finding()
        if model == POLICY:
            return self.find(model)
        if model == SEAL:
            self.seal()
        if model == CLOSING:
            return self.manager.create(CLOSING, self.values(CLOSING))
        return self.find(model, company)

    def seal(self) -> None:
        """Let the scheduled action seal the registers."""
        action = self.administrator.id_of(
            "cooperator_reconcile_rollback.ir_cron_seal_registers"
        )
        self.administrator.call("ir.cron", "method_direct_trigger", [action])

    def find(self, model: str, *domain: Any) -> int:
        """The first record, as the administrator finds it."""
        return self.administrator.find_ids(model, domain)[0]

    def wizard_of(self, model: str, client: Caller) -> int:
        """A wizard's record, which nobody sees but who made it; else the manager's."""
        try:
            return client.call(model, "create", self.values(model))
        except Refused:
            return self.manager.create(model, self.values(model))

    def fix(self) -> int:
        """A fix of the first company."""
        if not self.manager.find_ids(FIX, []):
            self.manager.call(
                FIX_WIZARD, "action_apply", [self.fix_wizard_of(self.manager)]
            )
        return self.find(FIX)

    def fix_wizard_of(self, client: Caller) -> int:
        """The wizard that somebody opens to set a sequence right; else the manager's."""
        self.clear()
        finding = self.sequence_finding()
        try:
            return client.call(FINDING, "action_mend", [finding])["res_id"]
        except Refused:
            return self.manager.call(FINDING, "action_mend", [finding])["res_id"]

    def sequence_finding(self) -> int:
        """Let numbers be burnt, and find that."""
        company = self.story.cooperative.company
        domain = [("code", "=", "register.operation"), ("company_id", "=", company)]
        (sequence,) = self.administrator.find("ir.sequence", domain, ["number_next"])
        highest = self.administrator.find(
            "subscription.register",
            [("company_id", "=", company)],
            ["register_number_operation"],
        )
        number = max(line["register_number_operation"] for line in highest) + 5
        self.administrator.write(
            "ir.sequence", [sequence["id"]], {"number_next_actual": number}
        )
        self.manager.call(CHECK, "action_check", [self.check()])
        return self.manager.find_one(
            FINDING, [("kind", "=", "operation_sequence_off")]
        )["id"]

    def maker(self, model: str) -> Client:
        """Who makes the records of a model."""
        return self.administrator if model == POLICY else self.manager

    def values(self, model: str) -> Record:
        """Values of a new record of the first company; none where nobody makes any."""
        if model == CLOSING:
            # one for each day
            day = date(2001, 1, 1) + timedelta(days=next(self.numbers))
            company = self.story.cooperative.company
            return {"company_id": company, "date_to": str(day)}
        if model in (MODEL, REGISTER, DOCUMENT_WIZARD):
            return {"company_id": self.story.cooperative.company}
        if model == COMPARISON:
            text = {"count": 1, "hash": "0" * 64}
            return {"company_id": self.story.cooperative.company, **text}
        if model == FIX_WIZARD:
            (finding,) = self.manager.find(
                FINDING, [("id", "=", self.finding())], ["content"]
            )
            return {"check_id": self.check(), "content": finding["content"]}
        if model == FIX_OPTION:
            wizard = self.manager.create(FIX_WIZARD, self.values(FIX_WIZARD))
            return {"wizard_id": wizard, "code": "set_sequence", "name": "Set"}
        if model == RIGHT:
            rollback = self.rollback_in("draft")
            line = self.find(LINE, ("rollback_id", "=", rollback))
            return {"line_id": line, "move_id": self.mistake.right.request}
        if model == DIFFERENCE:
            # one decision for each person
            person = {"name": f"Person {next(self.numbers)}"}
            return {
                "rollback_id": self.rollback_in("draft"),
                "partner_id": self.administrator.create("res.partner", person),
                "reason": "Tried",
            }
        if model == LINE:
            rollback = self.rollback_in("draft")
            (line,) = self.manager.find(
                LINE, [("rollback_id", "=", rollback)], ["wrong_match_id"]
            )
            return {
                "rollback_id": rollback,
                "wrong_match_id": line["wrong_match_id"][0],
            }
        if model == POLICY:
            channel = self.administrator.id_of("queue_job.channel_root")
            return {"name": "All jobs", "channel_id": channel}
        return {}


def draft(cooperative: Cooperative, mistake: Mistake) -> Rollback:
    """A rollback of a mistake, with the right request chosen."""
    rollback = Rollback.draft(cooperative, mistake.wrong.request)
    rollback.choose_right_request(mistake.right.request)
    return rollback
