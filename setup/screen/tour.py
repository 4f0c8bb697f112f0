"""The way through a rollback of which the pictures in the descriptions are taken."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from demonstration.client import NoAnswer, Refused
from demonstration.patience import TooLate
from demonstration.rollback import Rollback
from demonstration.stage import stage
from demonstration.story import Story
from fixtures.cooperative import ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD
from fixtures.people import EMMA
from prepare.checkout import ALL_ADDONS
from prepare.console import Failure, exit_status_of, step
from prepare.environment import Environment
from prepare.server import Server

from .chromium import running_chromium
from .icon import take_icon
from .picture import picture_file, take_first_page, take_picture
from .web_client import WebClient

ROLLBACK_ADDON = "cooperator_reconcile_rollback"
QUEUE_ADDON = "queue_job_config"
APP = "Cooperators"
SECTION = "Share Management"
POLICY_MODEL = "queue.job.retry.policy"
ROOT_CHANNEL = "queue_job.channel_root"
JOB_MENU = "queue_job.menu_queue_job_root"
JOB_MANAGERS = "queue_job.group_queue_job_manager"
WIDTH = 1280
# high enough for a whole form
HEIGHT = 2400
SHEET = ".o_form_sheet"


@dataclass(frozen=True)
class Tour:
    """An accountant in front of the screen, after the mistake, and an administrator."""

    story: Story
    client: WebClient
    administrator: WebClient

    @classmethod
    def begin(cls, server: Server, browser: Browser) -> Tour:
        """Make the mistake, let another person join after it, and log both in."""
        story = Story.begin(server)
        cooperative = story.cooperative
        values = {"logo": False}
        cooperative.administrator.write("res.company", [cooperative.company], values)
        story.mistake.make()
        story.accountant.welcome(EMMA, 2, "Ordinary share")
        return cls(
            story,
            logged_in(server, browser, ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD),
            logged_in(server, browser, "admin", "admin"),
        )

    def go(self) -> None:
        """See what the check finds, and correct it up to the printed document."""
        self.check_the_register()
        self.draft_and_plan()
        self.start()
        self.print()
        self.look_at_a_policy()

    def check_the_register(self) -> None:
        client = self.client
        client.choose_menu(APP, SECTION, "Register check")
        client.page.wait_for_selector(SHEET)
        client.press("Check now")
        client.page.wait_for_selector(".o_data_row")
        self.take("register-check")

    def draft_and_plan(self) -> None:
        client, mistake = self.client, self.story.mistake
        client.open_menu(APP, SECTION, "Register Payment")
        client.open_row(mistake.wrong.request_name)
        client.open_action_menu()
        file = picture_file(ROLLBACK_ADDON, "action-menu")
        take_picture(client.page, client.elements.action_item, file)
        client.choose_action("Roll back reconciliation")
        client.expect_title("Draft")
        client.choose_in_row(
            mistake.wrong.request_name, "right_move_id", mistake.right.request_name
        )
        client.press("Plan")
        client.expect_status("Planned")
        client.visit(client.page.url)
        client.open_tab("What will change")
        self.take("plan")

    def start(self) -> None:
        client = self.client
        Rollback.find_planned(self.story.cooperative).tell_otherwise()
        client.visit(client.page.url)
        client.press("Start")
        client.page.wait_for_selector(".modal")
        client.confirm()
        if client.watch_until("Done", "Failed") != "Done":
            raise Failure("the rollback in the pictures has failed")
        client.open_tab("Steps")
        self.take("steps")
        client.open_tab("Is it right?")
        self.take("verification")

    def print(self) -> None:
        client = self.client
        with TemporaryDirectory() as folder:
            file = Path(folder) / "document.pdf"
            with client.page.expect_download() as arriving:
                client.press("Print")
            arriving.value.save_as(file)
            take_first_page(file, picture_file(ROLLBACK_ADDON, "report"))

    def look_at_a_policy(self) -> None:
        """Make the retry policy of a channel for exports, as any module may have one."""
        administrator, client = self.story.cooperative.administrator, self.administrator
        channel = administrator.create(
            "queue.job.channel",
            {"name": "export", "parent_id": administrator.id_of(ROOT_CHANNEL)},
        )
        policy = administrator.create(
            POLICY_MODEL,
            {
                "name": "Exports",
                "channel_id": channel,
                "max_attempts": 4,
                "first_delay": 60,
                "factor": 5,
                "group_id": administrator.id_of(JOB_MANAGERS),
            },
        )
        menu = administrator.id_of(JOB_MENU)
        client.visit(
            f"{client.url}/web#id={policy}&model={POLICY_MODEL}&view_type=form"
            f"&menu_id={menu}"
        )
        take_picture(client.page, SHEET, picture_file(QUEUE_ADDON, "retry-policy"))

    def take(self, name: str) -> None:
        """A picture of the form as it is shown."""
        self.client.wait_until_idle()
        take_picture(self.client.page, SHEET, picture_file(ROLLBACK_ADDON, name))


def logged_in(server: Server, browser: Browser, login: str, password: str) -> WebClient:
    """The window of somebody who has logged in."""
    page = browser.new_page()
    client = WebClient(page, server.url, server.environment.series.major, WIDTH)
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    client.log_in(login, password)
    return client


def main(_arguments: list[str]) -> int:
    environment = Environment.prepared()
    try:
        with stage(environment, "pictures") as server, running_chromium() as browser:
            tour = Tour.begin(server, browser)
            with step("Taking the pictures"):
                tour.go()
                for addon in ALL_ADDONS:
                    take_icon(browser, addon)
    except (Refused, NoAnswer, TooLate, LookupError) as error:
        raise Failure(str(error)) from error
    return 0


if __name__ == "__main__":
    sys.exit(exit_status_of(main))
