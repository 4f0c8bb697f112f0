"""A mistake of an accountant on a running server, and what happens to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

from demonstration.rollback import Rollback
from demonstration.situation import Situation
from demonstration.story import Story
from fixtures.people import FLORA
from prepare.environment import Environment
from prepare.server import Server
from prepare.template_database import addons_database

from .job_runner import JobRunner
from .memory import keep, recall
from .worked_on import story_files, work_key, worked_on

MAIL_SCHEDULER = "mail.ir_cron_mail_scheduler_action"
Template = Callable[[Environment], str]


@dataclass
class Case:
    """The cooperative of the demonstration after the mistake.

    `good` is the situation before it, `wrong` the one after it. No jobs are run yet.
    """

    server: Server
    story: Story
    good: Situation
    wrong: Situation
    job_runner: JobRunner = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.job_runner = JobRunner(self.server.port, self.server.database)

    @classmethod
    def begin(cls, server: Server) -> Case:
        """Tell the story up to the mistake, in a database without company data."""
        story = Story.begin(server)
        good = story.situation()
        story.mistake.make()
        return cls(server, story, good, story.situation())

    @classmethod
    def database(
        cls,
        environment: Environment,
        template: Template = addons_database,
    ) -> str:
        """The name of a database in which all of that has happened, made once.

        `template` gives the name of the one with the add-ons.
        """

        def work(server: Server) -> None:
            case = cls.begin(server)
            keep(server, (case.story, case.good, case.wrong))

        source = template(environment)
        files = [Path(__file__), *story_files()]
        key = work_key(environment, source, files)
        purpose = f"case_{template.__name__}"
        return worked_on(environment, purpose, source, key, work, channels=None)

    @classmethod
    def recall(cls, server: Server) -> Case:
        """The case in a copy of that database."""
        return cls(server, *recall(server))

    def plan_rollback(self) -> Rollback:
        """Plan the rollback of the mistake."""
        mistake = self.story.mistake
        rollback = Rollback.draft(self.story.cooperative, mistake.wrong.request)
        rollback.choose_right_request(mistake.right.request)
        rollback.press("action_plan")
        return rollback

    def start_rollback(self) -> Rollback:
        """Plan and start the rollback of the mistake."""
        rollback = self.plan_rollback()
        rollback.press("action_start")
        return rollback

    def start_job_runner(self) -> None:
        """Have jobs run from now on."""
        self.job_runner.start()

    def end(self) -> None:
        self.job_runner.stop()

    def queue_newsletter(self, subject: str) -> None:
        """Queue a mail to a member whom the mistake does not concern."""
        flora = next(m for m in self.story.members if m.person == FLORA)
        self.story.cooperative.administrator.create(
            "mail.mail",
            {
                "subject": subject,
                "body_html": "<p>Good morning</p>",
                "email_from": "office@mill-street.example.org",
                "recipient_ids": [(6, 0, [flora.partner])],
            },
        )

    def run_mail_scheduler(self) -> None:
        """Let Odoo send the mail that waits, all of it, as its scheduled action does."""
        administrator = self.story.cooperative.administrator
        scheduler = administrator.id_of(MAIL_SCHEDULER)
        administrator.call("ir.cron", "method_direct_trigger", [scheduler])
