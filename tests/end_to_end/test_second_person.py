"""A second person validates a rollback before it is started, where a company asks for it.

The user plans and asks, the reviewer validates, the manager starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Callable

import pytest

from demonstration.client import Client, Refused
from demonstration.rollback import MODEL, Rollback
from demonstration.stage import stage
from demonstration.story import Story
from fixtures.cooperative import ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD
from prepare.databases import literal
from prepare.environment import Environment
from prepare.template_database import glue_database
from support.pdf_text import pdf_text
from support.report_font import use_a_system_font
from support.roles import PASSWORD, make_user
from support.second_person import DEFINITION, DEFINITION_NAME, ask_for_validation
from support.visitor import Visitor

pytestmark = pytest.mark.slow

USER = "cooperator.cooperator_group_user"
MANAGER = "cooperator.cooperator_group_manager"
REVIEW = "tier.review"
REPORT = "cooperator_reconcile_rollback.report_rollback"
Ask = Callable[..., int]


@dataclass
class Office:
    """The cooperative after the mistake, and who works in it."""

    story: Story
    people: Mapping[str, Client]

    @property
    def administrator(self) -> Client:
        return self.story.cooperative.administrator

    def plan(self) -> Rollback:
        """The rollback of the mistake, planned by the user."""
        mistake = self.story.mistake
        drafted = Rollback.draft(self.story.cooperative, mistake.wrong.request)
        rollback = Rollback(self.people["user"], drafted.record)
        rollback.choose_right_request(mistake.right.request)
        rollback.press("action_plan")
        return rollback

    def press(self, role: str, rollback: Rollback, button: str) -> Any:
        return self.people[role].call(MODEL, button, [rollback.record])

    def status(self, rollback: Rollback) -> str:
        return rollback.read("validation_status")["validation_status"]

    def end(self, rollback: Rollback) -> None:
        """Have everything as it was after the mistake."""
        if rollback.state in ("draft", "planned"):
            rollback.press("action_cancel")
        elif rollback.state not in ("cancelled", "reverted"):
            rollback.wait_for("done")
            self.press("manager", rollback, "action_revert")
            rollback.wait_for("reverted")


@pytest.fixture(scope="module")
def office(environment: Environment) -> Iterator[Office]:
    log = environment.logs / "server-second-person.log"
    log.unlink(missing_ok=True)
    with stage(environment, "second", template=glue_database, log=log) as server:
        story = Story.begin(server)
        story.mistake.make()
        administrator = story.cooperative.administrator
        use_a_system_font(administrator)
        people = {"manager": story.cooperative.accountant}
        for role in ("user", "reviewer"):
            login = make_user(administrator, role, (USER,))
            people[role] = Client(server.url, server.database, login, PASSWORD)
        yield Office(story, people)
        server.kill()


@pytest.fixture
def rollback(office: Office) -> Iterator[Rollback]:
    rollback = office.plan()
    yield rollback
    office.end(rollback)


@pytest.fixture
def ask(office: Office, rollback: Rollback) -> Iterator[Ask]:
    """Let the company ask for the reviewer's validation, or somebody else's; the record."""
    asked = []

    def define(**values: Any) -> int:
        defaults = {"reviewer": office.people["reviewer"].user}
        cooperative = office.story.cooperative
        asked.append(ask_for_validation(cooperative, **{**defaults, **values}))
        return asked[-1]

    yield define
    # whoever is asked no more leaves the rollback alone
    if rollback.state == "planned":
        rollback.press("restart_validation")
    office.administrator.write(DEFINITION, asked, {"active": False})


def test_not_asked_for(office: Office, rollback: Rollback) -> None:
    """Nothing changes."""
    assert office.status(rollback) == "no"
    office.press("manager", rollback, "action_start")
    rollback.wait_for("done")


def test_started_after_the_validation(
    office: Office, rollback: Rollback, ask: Ask
) -> None:
    ask()
    with pytest.raises(Refused, match="validat"):
        office.press("manager", rollback, "action_start")
    rollback.press("request_validation")
    for role in ("user", "manager"):
        office.press(role, rollback, "validate_tier")
        assert office.status(rollback) == "pending"
    with pytest.raises(Refused, match="validat"):
        office.press("manager", rollback, "action_start")
    assert rollback.state == "planned"

    office.press("reviewer", rollback, "validate_tier")
    assert office.status(rollback) == "validated"
    office.press("manager", rollback, "action_start")
    rollback.wait_for("done")
    (review,) = reviews(office, rollback)
    assert review["status"] == "approved"
    assert review["done_by"][0] == office.people["reviewer"].user
    office.press("manager", rollback, "action_revert")
    rollback.wait_for("reverted")
    assert reviews(office, rollback) == [review]


def test_neither_by_who_planned_nor_by_who_asked(
    office: Office, rollback: Rollback, ask: Ask
) -> None:
    """All three are of the group that validates; the user planned, the manager asks."""
    ask(
        review_type="group",
        reviewer=False,
        reviewer_group_id=office.administrator.id_of(USER),
    )
    office.press("manager", rollback, "request_validation")
    for role in ("user", "manager"):
        office.press(role, rollback, "validate_tier")
        assert office.status(rollback) == "pending"
    office.press("reviewer", rollback, "validate_tier")
    assert office.status(rollback) == "validated"


def test_nobody_is_left(office: Office, rollback: Rollback, ask: Ask) -> None:
    """Who planned it is its only reviewer: the refusal names the definition and the user."""
    ask(reviewer=office.people["user"].user)
    with pytest.raises(Refused, match=f"(?s)(?=.*{DEFINITION_NAME})(?=.*User)"):
        rollback.press("request_validation")
    assert reviews(office, rollback) == []


def test_by_the_same_person_where_the_company_does_not_mind(
    office: Office, rollback: Rollback, ask: Ask
) -> None:
    ask(reviewer=office.people["user"].user, is_second_person=False)
    rollback.press("request_validation")
    rollback.press("validate_tier")
    assert office.status(rollback) == "validated"


def test_another_plan_is_validated_anew(
    office: Office, rollback: Rollback, ask: Ask
) -> None:
    ask()
    rollback.press("request_validation")
    for answer, status in (("validate_tier", "validated"), ("reject_tier", "rejected")):
        office.press("reviewer", rollback, answer)
        assert office.status(rollback) == status
        rollback.press("action_plan")
        assert office.status(rollback) == "pending"
        with pytest.raises(Refused, match="validat"):
            office.press("manager", rollback, "action_start")


def test_taken_back_under_validation(
    office: Office, rollback: Rollback, ask: Ask
) -> None:
    """Back to draft and cancelled, nobody is asked any more."""
    ask()
    rollback.press("request_validation")
    rollback.press("action_draft")
    assert reviews(office, rollback) == []
    rollback.press("action_plan")
    assert office.status(rollback) == "no"
    rollback.press("request_validation")
    rollback.press("action_cancel")
    assert rollback.state == "cancelled"
    assert reviews(office, rollback) == []


def test_tried_out_before_the_validation(
    office: Office, rollback: Rollback, ask: Ask
) -> None:
    """The reviewer can see what came of it."""
    ask()
    office.press("manager", rollback, "action_dry_run")
    assert reviews(office, rollback) == []
    rollback.press("request_validation")
    office.press("manager", rollback, "action_dry_run")
    assert rollback.read("dry_run_html")["dry_run_html"]
    assert rollback.state == "planned"
    assert office.status(rollback) == "pending"


def test_what_is_validated_stays(office: Office, rollback: Rollback, ask: Ask) -> None:
    """Neither the rollback nor its mails are changed under validation; talk goes on."""
    ask()
    mails = rollback.read("mail_ids")["mail_ids"]
    rollback.press("request_validation")
    for model, ids, values in (
        (MODEL, [rollback.record], {"mail_scope": "all"}),
        ("reconciliation.rollback.mail", mails, {"choice": "cancel"}),
    ):
        with pytest.raises(Refused, match="under validation"):
            rollback.client.write(model, ids, values)
    rollback.client.call(MODEL, "message_post", [rollback.record], body="Look at it")


def test_nobody_writes_reviews(office: Office, rollback: Rollback, ask: Ask) -> None:
    """A review comes from its reviewer's button, and from nothing else."""
    definition = ask()
    rollback.press("request_validation")
    (review,) = reviews(office, rollback)
    approved = {"status": "approved", "done_by": office.people["reviewer"].user}
    for client in office.people.values():
        for method, *arguments in (
            ("write", [review["id"]], approved),
            ("unlink", [review["id"]]),
            (
                "create",
                {
                    **approved,
                    "model": MODEL,
                    "res_id": rollback.record,
                    "definition_id": definition,
                },
            ),
        ):
            with pytest.raises(Refused) as refusal:
                client.call(REVIEW, method, *arguments)
            assert refusal.value.kind == "odoo.exceptions.AccessError"
    assert reviews(office, rollback) == [review]


def test_validated_with_a_comment(office: Office, rollback: Rollback, ask: Ask) -> None:
    """Only its reviewer comments on a review."""
    ask(has_comment=True)
    rollback.press("request_validation")
    (review,) = reviews(office, rollback)
    office.press("reviewer", rollback, "validate_tier")
    assert office.status(rollback) == "pending"
    with pytest.raises(Refused, match="Reviewer"):
        comment(rollback.client, rollback, review["id"])
    comment(office.people["reviewer"], rollback, review["id"])
    assert office.status(rollback) == "validated"
    assert reviews(office, rollback)[0]["comment"] == "Seen"


def test_printed(office: Office, rollback: Rollback, ask: Ask) -> None:
    """The document says who asked, and who decided when and why; nothing where none did."""
    assert "Requested by" not in print_pdf(office, rollback)
    ask(has_comment=True)
    rollback.press("request_validation")
    assert f"{DEFINITION_NAME} User" in (asked := print_pdf(office, rollback))
    assert "Reviewer Pending –" in asked
    (review,) = reviews(office, rollback)
    comment(office.people["reviewer"], rollback, review["id"])
    office.press("manager", rollback, "action_start")
    rollback.wait_for("done")
    found = office.administrator.read(REVIEW, review["id"], ["reviewed_date"])
    day = datetime.fromisoformat(found["reviewed_date"]).strftime("%m/%d/%Y")
    assert re.search(
        f"Validation .* Comment {DEFINITION_NAME} User {day} [\\d:]+ Reviewer Approved "
        f"Reviewer {day} [\\d:]+ Seen Steps and jobs",
        print_pdf(office, rollback),
    )


def test_reviews_are_proven(
    office: Office, rollback: Rollback, ask: Ask, environment: Environment
) -> None:
    """Whoever changes a review behind Odoo's back is found out."""
    ask(has_comment=True)
    rollback.press("request_validation")
    (review,) = reviews(office, rollback)
    comment(office.people["reviewer"], rollback, review["id"])
    office.press("manager", rollback, "action_start")
    rollback.wait_for("done")

    def prove() -> str:
        proof = office.administrator.call(MODEL, "action_prove", [rollback.record])
        return proof["params"]["message"]

    def set_comment(text: str) -> None:
        environment.databases.query(
            f"UPDATE tier_review SET comment = {literal(text)} WHERE id = {review['id']}",
            office.administrator.database,
        )

    set_comment("Never seen")
    changed = prove()
    set_comment("Seen")
    assert "what was planned is not what was kept of it" in changed
    assert "Nothing was changed" in prove()


def test_the_company_of_the_rollback_counts(
    office: Office, rollback: Rollback, ask: Ask
) -> None:
    """Whoever works for two companies is asked for what the rollback's own one wants."""
    administrator = office.administrator
    other = administrator.create("res.company", {"name": "Harbour Road Cooperative"})
    both = [other, office.story.cooperative.company]
    login = make_user(administrator, "both", (MANAGER,))
    both_client = administrator.colleague(login, PASSWORD)
    administrator.write(
        "res.users", [both_client.user], {"company_ids": [(6, 0, both)]}
    )
    definition = ask()
    for company, is_asked in ((both[1], True), (other, False)):
        administrator.write(DEFINITION, [definition], {"company_id": company})
        context = {"allowed_company_ids": both}
        (found,) = both_client.call(
            MODEL, "read", [rollback.record], ["need_validation"], context=context
        )
        assert found["need_validation"] == is_asked
        if is_asked:
            with pytest.raises(Refused, match="validat"):
                both_client.call(
                    MODEL, "action_start", [rollback.record], context=context
                )


def test_form(office: Office) -> None:
    """The form has the buttons of the validation, and those of before."""
    method = {14: "fields_view_get", 16: "get_view"}
    user = office.people["user"]
    series = user.ask("common", "version")["server_version_info"][0]
    form = user.call(MODEL, method[series], view_type="form")["arch"]
    for button in ("request_validation", "validate_tier", "reject_tier", "action_plan"):
        assert f'name="{button}"' in form


def print_pdf(office: Office, rollback: Rollback) -> str:
    """What the document of a rollback says."""
    client = office.administrator
    visitor = Visitor(
        client.url, client.database, ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD
    )
    return pdf_text(visitor.download(f"/report/pdf/{REPORT}/{rollback.record}"))


def comment(client: Client, rollback: Rollback, review: int) -> None:
    """What the window for a comment does."""
    values = {
        "validate_reject": "validate",
        "res_model": MODEL,
        "res_id": rollback.record,
        "review_ids": [(6, 0, [review])],
        "comment": "Seen",
    }
    client.call(
        "comment.wizard", "add_comment", [client.create("comment.wizard", values)]
    )


def reviews(office: Office, rollback: Rollback) -> list[dict[str, Any]]:
    """The reviews of a rollback, as the administrator sees them."""
    domain = [("model", "=", MODEL), ("res_id", "=", rollback.record)]
    names = ["status", "done_by", "requested_by", "comment"]
    return office.administrator.find(REVIEW, domain, names)
