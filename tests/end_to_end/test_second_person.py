"""A second person validates a rollback, over RPC and with a job runner.

The user plans and asks, the reviewer validates, the manager starts. What needs no server is
tested in the add-on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

import pytest

from demonstration.client import Client, Refused
from demonstration.rollback import MODEL, Rollback
from demonstration.story import Story
from prepare.template_database import glue_database
from support.case import Case
from support.roles import PASSWORD, make_user
from support.second_person import ask_for_validation

USER = "cooperator.cooperator_group_user"
REVIEW = "tier.review"
GLUE = "cooperator_reconcile_rollback_tier_validation"


def test_second_person(begin_case: Callable[..., Case]) -> None:
    case = begin_case(glue_database)
    case.start_job_runner()
    server, story = case.server, case.story
    people = {"manager": story.cooperative.accountant}
    for role in ("user", "reviewer"):
        login = make_user(story.cooperative.administrator, role, (USER,))
        people[role] = Client(server.url, server.database, login, PASSWORD)
    definition = ask_for_validation(
        story.cooperative, people["reviewer"].user, has_comment=True
    )
    rollback = plan(story, people["user"])
    rollback.press("request_validation")
    (review,) = reviews(story, rollback)
    check_nobody_writes(people, rollback, review, definition)
    press(people["reviewer"], rollback, "validate_tier")
    with pytest.raises(Refused, match="Reviewer"):
        comment(people["user"], rollback, review["id"])
    with pytest.raises(Refused, match="validat"):
        press(people["manager"], rollback, "action_start")
    comment(people["reviewer"], rollback, review["id"])
    press(people["manager"], rollback, "action_start")
    rollback.wait_for("done")
    (review,) = reviews(story, rollback)
    assert review["status"] == "approved"
    assert review["done_by"][0] == people["reviewer"].user
    assert review["comment"] == "Seen"
    assert_proven(people["manager"], rollback)


@pytest.mark.slow
def test_add_on_is_uninstalled(begin_case: Callable[..., Case]) -> None:
    """In the middle of a validated rollback: that ends, proves, and can be reverted."""
    case = begin_case(glue_database)
    server, story = case.server, case.story
    cooperative = story.cooperative
    login = make_user(cooperative.administrator, "reviewer", (USER,))
    reviewer = Client(server.url, server.database, login, PASSWORD)
    ask_for_validation(cooperative, reviewer.user)
    rollback = plan(story, cooperative.accountant)
    rollback.press("request_validation")
    press(reviewer, rollback, "validate_tier")
    rollback.press("action_start")
    (add_on,) = cooperative.administrator.find_ids(
        "ir.module.module", [("name", "=", GLUE)]
    )
    cooperative.administrator.call(
        "ir.module.module", "button_immediate_uninstall", [add_on]
    )
    case.start_job_runner()
    rollback.wait_for("done")
    assert_proven(cooperative.accountant, rollback)
    rollback.press("action_revert")
    rollback.wait_for("reverted")
    assert_proven(cooperative.accountant, rollback)


def assert_proven(user: Client, rollback: Rollback) -> None:
    proof = press(user, rollback, "action_prove")
    assert proof["params"]["type"] == "success", proof


def plan(story: Story, user: Client) -> Rollback:
    """The rollback of the mistake, planned by the user."""
    mistake = story.mistake
    drafted = Rollback.draft(story.cooperative, mistake.wrong.request)
    rollback = Rollback(user, drafted.record)
    rollback.choose_right_request(mistake.right.request)
    rollback.press("action_plan")
    return rollback


def press(client: Client, rollback: Rollback, button: str) -> Any:
    return client.call(MODEL, button, [rollback.record])


def check_nobody_writes(
    people: Mapping[str, Client],
    rollback: Rollback,
    review: Mapping[str, Any],
    definition: int,
) -> None:
    """A review comes from its reviewer's button, and from nothing that a client sends."""
    approved = {"status": "approved", "done_by": people["reviewer"].user}
    made = {
        **approved,
        "model": MODEL,
        "res_id": rollback.record,
        "definition_id": definition,
    }
    for client in people.values():
        for method, *arguments in (
            ("write", [review["id"]], approved),
            ("unlink", [review["id"]]),
            ("create", made),
        ):
            with pytest.raises(Refused) as refusal:
                client.call(REVIEW, method, *arguments)
            assert refusal.value.kind == "odoo.exceptions.AccessError"


def comment(client: Client, rollback: Rollback, review: int) -> None:
    """Do what the window for a comment does."""
    values = {
        "validate_reject": "validate",
        "res_model": MODEL,
        "res_id": rollback.record,
        "review_ids": [(6, 0, [review])],
        "comment": "Seen",
    }
    wizard = client.create("comment.wizard", values)
    client.call("comment.wizard", "add_comment", [wizard])


def reviews(story: Story, rollback: Rollback) -> list[dict[str, Any]]:
    """The reviews of a rollback, as the administrator sees them."""
    domain = [("model", "=", MODEL), ("res_id", "=", rollback.record)]
    names = ["status", "done_by", "requested_by", "comment"]
    return story.cooperative.administrator.find(REVIEW, domain, names)
