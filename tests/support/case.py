"""A mistake of an accountant on a running server, and what happens to it."""

from __future__ import annotations

from dataclasses import dataclass

from demonstration.rollback import Rollback
from demonstration.situation import Situation
from demonstration.story import Story
from fixtures.people import FLORA
from prepare.configuration import CHANNELS
from prepare.server import Server

MAIL_SCHEDULER = "mail.ir_cron_mail_scheduler_action"


@dataclass
class Case:
    """The cooperative of the demonstration after the mistake.

    `good` is the situation before it, `wrong` the one after it.
    """

    server: Server
    story: Story
    good: Situation
    wrong: Situation

    @classmethod
    def begin(cls, server: Server) -> Case:
        story = Story.begin(server)
        good = story.situation()
        story.mistake.make()
        return cls(server, story, good, story.situation())

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
        """Start the server again, now with a job runner.

        It does nothing now: it need not be asked to end in order, which takes its time.
        """
        self.server.kill()
        self.server.channels = CHANNELS
        self.server.start()

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
