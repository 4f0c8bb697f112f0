"""Requests that would forge a rollback, over HTTP as any client can send them.

Each is refused, or leaves nothing of what it wants. What needs no server is tested in the
add-on, see its test_nobody_gets_around.py and test_access_matrix.py.
"""

from __future__ import annotations

import urllib.error
from dataclasses import dataclass
from typing import Any, Callable

import pytest

from demonstration.client import Client, Refused
from demonstration.rollback import MODEL, STEP_MODEL, Rollback
from prepare.environment import Environment
from prepare.template_database import glue_database
from support.case import Case
from support.rights import is_allowed
from support.roles import PASSWORD, make_user
from support.second_person import ask_for_validation
from support.visitor import Visitor

LINE = "reconciliation.rollback.line"
MAIL = "reconciliation.rollback.mail"
REVIEW = "tier.review"
MISSING = 999_999_999
GROUPS = {
    "user": ("cooperator.cooperator_group_user",),
    "staff": ("base.group_user",),
    "portal": ("base.group_portal",),
}
FORGED = {
    "state": "done",
    "start_user_id": 1,
    "done_at": "2001-02-03 04:05:06",
    "start_hash": "ab" * 32,
    "evidence_hash": "cd" * 32,
    "mail_held": True,
    "dry_run": "<img src=x onerror=alert(1)>",
}
PRIVATE = {
    MODEL: ("_by_action", "_set_done", "_set_reverted", "_render", "_hold_mail"),
    STEP_MODEL: ("_run_job", "_run_revert_job", "_as_rollback"),
}


@dataclass
class Attack:
    """A planned rollback, and who tries to get around it."""

    case: Case
    rollback: Rollback
    visitors: dict[str, Visitor]

    @property
    def manager(self) -> Client:
        return self.case.story.cooperative.accountant

    def read(self, model: str, record: int, *names: str) -> dict[str, Any]:
        return self.manager.read(model, record, names)


@pytest.fixture
def attack(begin_case: Callable[..., Case], environment: Environment) -> Attack:
    case = begin_case(glue_database)
    administrator = case.story.cooperative.administrator
    visitors = {}
    for role, groups in GROUPS.items():
        login = make_user(administrator, role, groups)
        visitors[role] = Visitor(case.server.url, case.server.database, login, PASSWORD)
    return Attack(case, case.plan_rollback(), visitors)


@pytest.mark.slow
def test_attacks(attack: Attack) -> None:
    """One server and one story for all of them, in the order in which it goes on."""
    check_forged_by_defaults(attack)
    check_forged_by_values(attack)
    check_private_methods(attack)
    check_lines(attack)
    check_second_person(attack)
    attack.rollback.press("action_start")
    check_lines(attack)
    check_flags(attack)
    check_mail_row(attack)
    check_pages(attack)
    attack.case.start_job_runner()
    attack.rollback.wait_for("done")
    check_lines(attack)
    proof = attack.manager.call(MODEL, "action_prove", [attack.rollback.record])
    assert proof["params"]["type"] == "success", proof


def check_forged_by_defaults(attack: Attack) -> None:
    user = attack.visitors["user"]
    keys = {f"default_{name}": value for name, value in FORGED.items()}
    made = user.call(MODEL, "create", {}, context=keys)
    check_plain(attack, made)
    for name, value in FORGED.items():
        user.call("ir.default", "set", MODEL, name, value, user_id=True)
    made = user.call(MODEL, "create", {})
    check_plain(attack, made)


def check_plain(attack: Attack, record: int) -> None:
    """It is a draft like any other, which whoever made it can delete."""
    kept = attack.read(MODEL, record, *FORGED)
    assert kept["state"] == "draft"
    assert not any(kept[name] for name in FORGED if name != "state"), kept
    attack.visitors["user"].call(MODEL, "unlink", [record])


def check_forged_by_values(attack: Attack) -> None:
    user = attack.visitors["user"]
    record = attack.rollback.record
    for name, value in FORGED.items():
        check_refused(user, MODEL, "create", {name: value})
        check_refused(user, MODEL, "write", [record], {name: value})
    assert not user.call(MODEL, "load", ["state"], [["Done"]])["ids"]
    check_refused(user, MODEL, "write", [record], {"line_ids": [(5,)]})
    draft = user.call(MODEL, "create", {})
    (line,) = attack.rollback.read("line_ids")["line_ids"]
    for command in ((1, line, {"right_number": 7}), (2, line), (3, line), (4, line)):
        check_refused(user, MODEL, "write", [draft], {"line_ids": [command]})
    user.call(MODEL, "unlink", [draft])


def check_private_methods(attack: Attack) -> None:
    for model, methods in PRIVATE.items():
        for method in methods:
            with pytest.raises(Refused):
                attack.visitors["user"].call(model, method, [1])


def check_lines(attack: Attack) -> None:
    """No correction comes into a rollback that has left draft."""
    request = attack.case.story.members[0].request
    (item,) = attack.manager.find(
        "account.move.line",
        [("move_id", "=", request), ("matched_credit_ids", "!=", False)],
        ["matched_credit_ids"],
    )
    values = {
        "rollback_id": attack.rollback.record,
        "wrong_match_id": item["matched_credit_ids"][0],
        "wrong_move_id": request,
    }
    user = attack.visitors["user"]
    before = attack.rollback.read("line_ids")
    keys = {f"default_{name}": value for name, value in values.items()}
    check_refused(user, LINE, "create", {}, context=keys)
    check_refused(user, LINE, "create", values)
    heading = ["rollback_id/.id", "wrong_match_id/.id"]
    row = [str(values["rollback_id"]), str(values["wrong_match_id"])]
    assert not user.call(LINE, "load", heading, [row])["ids"]
    assert attack.rollback.read("line_ids") == before


def check_second_person(attack: Attack) -> None:
    """Nobody approves a rollback but its reviewer, whatever the review was before."""
    manager, record = attack.manager, attack.rollback.record
    reviewer = make_reviewer(attack)
    definition = ask_for_validation(attack.case.story.cooperative, reviewer.user)
    forged = {
        "model": "res.partner",
        "res_id": attack.case.story.mistake.right.partner,
        "status": "approved",
        "definition_id": definition,
        "done_by": reviewer.user,
    }
    for role in ("user", "staff"):
        visitor = attack.visitors[role]
        review = visitor.call(REVIEW, "create", forged)
        own = {"model": MODEL, "res_id": record}
        check_refused(visitor, REVIEW, "write", [review], own)
        check_refused(visitor, REVIEW, "create", {**forged, **own})
    with pytest.raises(Refused, match="validat"):
        attack.rollback.press("action_start")
    asked = {"default_status": "approved", "default_done_by": reviewer.user}
    manager.call(MODEL, "request_validation", [record], context=asked)
    (review,) = manager.find(
        REVIEW, [("model", "=", MODEL), ("res_id", "=", record)], ["status"]
    )
    assert review["status"] == "pending"
    with pytest.raises(Refused):
        manager.call(
            MODEL,
            "write",
            [record],
            {"mail_scope": "all"},
            context={"skip_validation_check": True},
        )
    reviewer.call(MODEL, "validate_tier", [record])


def make_reviewer(attack: Attack) -> Client:
    administrator = attack.case.story.cooperative.administrator
    login = make_user(administrator, "reviewer", GROUPS["user"])
    return administrator.colleague(login, PASSWORD)


def check_flags(attack: Attack) -> None:
    """The register stays locked, and payments wait, whatever the context has."""
    record = attack.rollback.record
    keys = {
        "reconciliation_rollback_id": record,
        "reconciliation_rollback_action": True,
        "is_rollback_restore": True,
        "is_rollback_replay": True,
    }
    manager = attack.manager
    (line,) = manager.find_ids(
        "subscription.register",
        [("partner_id", "=", attack.case.story.members[0].partner)],
    )
    with pytest.raises(Refused, match=attack.rollback.name):
        manager.call(
            "subscription.register", "write", [line], {"quantity": 99}, context=keys
        )
    for name, value in FORGED.items():
        with pytest.raises(Refused):
            manager.call(MODEL, "write", [record], {name: value}, context=keys)


def check_mail_row(attack: Attack) -> None:
    """Somebody's message to Bruno does not take the place of his certificate."""
    mistake = attack.case.story.mistake
    (row,) = attack.manager.find(
        MAIL,
        [
            ("rollback_id", "=", attack.rollback.record),
            ("partner_id", "=", mistake.right.partner),
            ("kind", "=", "certificate"),
        ],
        ["state", "mail_id"],
    )
    staff = attack.visitors["staff"]
    users = attack.case.story.cooperative.administrator
    (user,) = users.find("res.users", [("login", "ilike", "staff@")], ["partner_id"])
    staff.call(
        "res.partner",
        "message_notify",
        [user["partner_id"][0]],
        partner_ids=[mistake.right.partner],
        body="Good morning",
        subject="Somebody else's",
        context={
            "reconciliation_rollback_mail_id": row["id"],
            "is_cooperator_certificate": True,
            "certificate_request_id": mistake.right.request,
            "default_certificate_request_id": mistake.right.request,
            "default_is_cooperator_certificate": True,
        },
    )
    assert attack.read(MAIL, row["id"], "state", "mail_id") == row


def check_pages(attack: Attack) -> None:
    """What somebody may not see answers like what does not exist."""
    own, missing = attack.rollback.record, MISSING
    for role in ("staff", "portal"):
        answers = {
            answer_to(attack.visitors[role], record) for record in (own, missing)
        }
        assert answers == {404}, role
    assert answer_to(attack.visitors["user"], own) == 200
    assert answer_to(attack.visitors["user"], missing) == 404


def answer_to(visitor: Visitor, record: int) -> int:
    """The status with which the page of a rollback's progress answers."""
    address = f"{visitor.url}/reconciliation_rollback/{record}/progress"
    try:
        with visitor.opener.open(address, timeout=120) as response:
            return response.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def check_refused(
    visitor: Visitor, model: str, method: str, *arguments: Any, **named: Any
) -> None:
    allowed = is_allowed(lambda: visitor.call(model, method, *arguments, **named))
    assert not allowed, (model, method, arguments)
