"""The add-ons come to a cooperative that has been at work for long."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from demonstration.client import Client
from fixtures.client import Record
from fixtures.people import CLARA
from prepare.environment import Environment
from prepare.odoo_run import install_modules
from prepare.server import Server
from prepare.template_database import present_addons, template_database
from prepare.temporary_database import temporary_database
from support import scene
from support.memory import keep, recall
from support.scene import SHARE_TYPE, Scene
from support.worked_on import story_files, work_key, worked_on

# what an operation request makes; requests to pay make the others
OF_OPERATION_REQUESTS = ("transfer", "sell_back")


@pytest.fixture
def database(environment: Environment) -> Iterator[str]:
    """A copy of the filled books, which know nothing of the add-ons."""
    template = filled_books(environment)
    with temporary_database(environment, "filled", template) as database:
        yield database


def filled_books(environment: Environment) -> str:
    """The name of a database with all that the add-ons need, without them, at work for long.

    It recalls its scene. It is made once.
    """

    def work(server: Server) -> None:
        books = Scene.make(server)
        # nothing in the books tells one of these from the other
        for _time in range(2):
            books.accountant.welcome(CLARA, 2, SHARE_TYPE)
        keep(server, books)

    source = template_database(environment)
    files = [Path(__file__), Path(scene.__file__), *story_files()]
    key = work_key(environment, source, files)
    return worked_on(environment, "filled_books", source, key, work, channels=None)


@pytest.mark.slow
def test_installed_on_filled_books(environment: Environment, database: str) -> None:
    """What was made before is linked where exactly one fits; what is not is told."""
    install_modules(environment, database, present_addons())
    with Server(environment, database, channels=None) as server:
        books = recall(server)
        accountant = books.accountant.client
        unlinked = [
            line["register_number_operation"]
            for line in operations_of(accountant)
            if not is_linked(line)
        ]
        assert unlinked == [24, 25]
        assert unlinked_in_check(accountant) == unlinked
        assert_shares_are_linked(accountant, but=CLARA.name)
        assert books.plan_rollback().state == "planned"
        server.kill()


def operations_of(accountant: Client) -> list[Record]:
    """The lines of the register with their links, in their order."""
    return accountant.find(
        "subscription.register",
        [],
        [
            "register_number_operation",
            "type",
            "capital_release_request_id",
            "operation_request_id",
        ],
        order="register_number_operation",
    )


def is_linked(line: Record) -> bool:
    """Whether an operation knows what made it, and nothing else."""
    links = {
        True: line["operation_request_id"],
        False: line["capital_release_request_id"],
    }
    was_requested = line["type"] in OF_OPERATION_REQUESTS
    return bool(links[was_requested]) and not links[not was_requested]


def unlinked_in_check(accountant: Client) -> list[int]:
    """The operations of which the register check says that several requests fit."""
    model = "cooperator.register.check"
    check = accountant.call(model, "action_open_check")["res_id"]
    accountant.call(model, "action_check", [check])
    findings = accountant.find(
        "cooperator.register.finding",
        [("kind", "=", "several_requests_fit")],
        ["number"],
        order="number",
    )
    return [finding["number"] for finding in findings]


def assert_shares_are_linked(accountant: Client, but: str) -> None:
    """The share lines know what made them, but for those of one person."""
    lines = accountant.find(
        "share.line",
        [("partner_id.name", "!=", but)],
        ["capital_release_request_id", "operation_request_id"],
    )
    assert lines
    unlinked = [
        line
        for line in lines
        if not (line["capital_release_request_id"] or line["operation_request_id"])
    ]
    assert unlinked == []
