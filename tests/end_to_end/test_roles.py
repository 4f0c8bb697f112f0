"""Who may do what, by the web and JSON-RPC: the tables say it, all is tried.

`user` and `manager` are of the cooperative, `stranger` is a cooperator manager of another
company in the same database, `books` has all rights of accounting and no others, `jobs`
looks after the job queue, `staff` works for the company in some other way, `portal` is a
customer who can log in, `public` is whoever has not logged in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from typing import Any, Callable

import pytest

from demonstration.client import Refused
from demonstration.rollback import ACTION, MODEL
from fixtures.client import Record
from prepare.checkout import ADDONS, CHECKOUT
from prepare.environment import Environment
from prepare.template_database import addons_database
from support.ground import (
    CHANNELS,
    CHECK,
    CLOSING,
    COMPARISON,
    DIFFERENCE,
    DOCUMENT_WIZARD,
    ENTRY,
    FINDING,
    FIX_OPTION,
    FIX_WIZARD,
    LINE,
    MAIL,
    POLICY,
    POSTPONED,
    REGISTER,
    RIGHT,
    WIZARDS,
    Caller,
    Ground,
)
from support.job_runner import JobRunner
from support.memory import recall
from support.rights import is_allowed, read_table
from support.roles import Person, people
from support.shared_server import SharedServer
from support.visitor import Visitor

pytestmark = pytest.mark.slow

# r: read, c: create, w: write, u: unlink records of the first company.
RIGHTS = read_table("""
                                   user manager auditor stranger books jobs staff portal public
reconciliation.rollback            rcwu rcwu    .       .        .     .    .     .      .
reconciliation.rollback.line       rcwu rcwu    .       .        .     .    .     .      .
reconciliation.rollback.right      rcwu rcwu    r       .        .     .    .     .      .
reconciliation.rollback.difference r    rcwu    r       .        .     .    .     .      .
reconciliation.rollback.step       r    r       r       .        .     .    .     .      .
reconciliation.rollback.mail       rw   rw      r       .        .     .    .     .      .
reconciliation.rollback.postponed  r    r       r       .        .     .    .     .      .
reconciliation.rollback.analysis   r    r       r       .        .     .    .     .      .
reconciliation.rollback.register   rcwu rcwu    rcwu    .        .     .    .     .      .
cooperator.register.lock           r    r       .       .        .     .    .     .      .
cooperator.register.check          r    r       r       .        .     .    .     .      .
cooperator.register.finding        r    r       r       .        .     .    .     .      .
cooperator.register.fix            r    r       r       .        .     .    .     .      .
cooperator.evidence.link           r    r       r       .        .     .    .     .      .
cooperator.register.entry          r    r       r       .        .     .    .     .      .
cooperator.register.seal           r    r       r       .        .     .    .     .      .
cooperator.register.closing        r    rcwu    r       .        .     .    .     .      .
cooperator.register.document       rcwu rcwu    rcwu    .        .     .    .     .      .
cooperator.evidence.comparison     rcwu rcwu    rcwu    .        .     .    .     .      .
cooperator.register.fix.wizard     rcwu rcwu    .       .        .     .    .     .      .
cooperator.register.fix.option     rcwu rcwu    .       .        .     .    .     .      .
queue.job.retry.policy             .    .       .       .        .     rcwu .     .      .
""")

# Of these there are no records, and nobody has a right on them.
WITHOUT_RECORDS = {
    "reconciliation.rollback.defaults",
    "reconciliation.rollback.evidence",
    "reconciliation.rollback.former.partner",
    "reconciliation.rollback.mixin",
    "reconciliation.rollback.transaction",
    "report.cooperator_reconcile_rollback.corrections_register",
    "report.cooperator_reconcile_rollback.corrections_xlsx",
    "report.cooperator_reconcile_rollback.register_entries",
    "report.cooperator_reconcile_rollback.register_entries_xlsx",
    "report.cooperator_reconcile_rollback.sheets_xlsx",
    "report.cooperator_reconcile_rollback.report_rollback",
    *(
        f"reconciliation.rollback.step.{kind}"
        for kind in (
            *("kind", "hold_mail", "record_numbers", "remove_match", "remove_shares"),
            *("remove_register_lines", "reset_operation_sequence", "reset_membership"),
            *("make_match", "verify", "clear_mail", "release_mail"),
            *("take_back", "apply_again", "renumber"),
        )
    ),
}

# The state of the rollback, or the model of another record; who may do it.
ACTIONS = read_table("""
                                     on        user manager auditor stranger books jobs staff portal public
action_create_from                   request   yes  yes     .       .        .     .    .     .      .
action_view_reconciliation_rollbacks request   yes  yes     .       .        .     .    .     .      .
action_plan                          draft     yes  yes     .       .        .     .    .     .      .
action_draft                         planned   yes  yes     .       .        .     .    .     .      .
action_cancel                        planned   yes  yes     .       .        .     .    .     .      .
action_dry_run                       planned   .    yes     .       .        .     .    .     .      .
action_start                         planned   .    yes     .       .        .     .    .     .      .
action_retry                         failed    .    yes     .       .        .     .    .     .      .
action_revert                        done      .    yes     .       .        .     .    .     .      .
action_print                         planned   yes  yes     yes     .        .     .    .     .      .
action_prove                         evidence  yes  yes     yes     .        .     .    .     .      .
action_refresh                       evidence  yes  yes     yes     .        .     .    .     .      .
action_view_jobs                     evidence  yes  yes     yes     .        .     .    .     .      .
action_view_later_operations         evidence  yes  yes     yes     .        .     .    .     .      .
action_view_entries                  evidence  yes  yes     yes     .        .     .    .     .      .
action_open_check                    nothing   yes  yes     yes     yes      .     .    .     .      .
action_check                         check     yes  yes     yes     .        .     .    .     .      .
action_view_errors                   check     yes  yes     yes     .        .     .    .     .      .
action_view_warnings                 check     yes  yes     yes     .        .     .    .     .      .
action_view_notes                    check     yes  yes     yes     .        .     .    .     .      .
action_open                          finding   yes  yes     yes     .        .     .    .     .      .
action_mend                          finding   yes  yes     .       .        .     .    .     .      .
action_accept                        finding   .    yes     .       .        .     .    .     .      .
action_reopen                        finding   .    yes     .       .        .     .    .     .      .
action_apply                         fix       .    yes     .       .        .     .    .     .      .
action_register                      postponed .    yes     .       .        .     .    .     .      .
action_compare                       paper     yes  yes     yes     .        .     .    .     .      .
action_prove_chain                   paper     yes  yes     yes     .        .     .    .     .      .
action_print_pdf                     register  yes  yes     yes     .        .     .    .     .      .
action_export_xlsx                   register  yes  yes     yes     .        .     .    .     .      .
action_open_entries                  entries   yes  yes     yes     yes      .     .    .     .      .
action_close                         closing   .    yes     .       .        .     .    .     .      .
""")  # noqa: E501

PAGES = read_table("""
         user manager auditor stranger books jobs staff portal public
progress yes  yes     yes     .        .     .    .     .      .
document yes  yes     yes     .        .     .    .     .      .
talk     yes  yes     yes     .        .     .    .     .      .
""")

# The states in which somebody may write a field by hand; fields that are not here are
# written by the rollback's own actions alone.
FIELDS = read_table("""
                   user          manager
user_id            draft,planned draft,planned
note               draft,planned draft,planned
mail_scope         draft,planned draft,planned
decided_by         draft,planned draft,planned
decision_date      draft,planned draft,planned
decision_reference draft,planned draft,planned
reason             draft         draft
numbering          draft         draft
member_numbering   draft         draft
cascade            draft         draft
override_reason    .             draft
""")

DOCUMENT = "cooperator_reconcile_rollback.report_rollback"
Attempt = Callable[[], Any]
# A model, and the arguments of a call of one of its methods.
Target = tuple[str, list[Any]]
ADDONS_ACTIONS = re.compile(r"^    def (action_\w+)\(", re.MULTILINE)


@pytest.fixture(scope="module")
def ground(
    environment: Environment, shared_server: Callable[..., SharedServer]
) -> Iterator[Ground]:
    """One database for all tests here, with records of every kind, whose jobs are run."""
    server = shared_server(addons_database).renew(Ground.database(environment))
    runner = JobRunner(server.port, server.database, CHANNELS)
    runner.start()
    yield recall(server)
    runner.stop()


@pytest.fixture(scope="module")
def roles(ground: Ground) -> dict[str, Person]:
    return people(ground.story.cooperative, ground.second)


def test_every_model_has_a_row(ground: Ground) -> None:
    """A model without one is new: say above who may do what with its records."""
    models = ground.administrator.find("ir.model", [], ["model", "modules"])
    own = {
        model["model"]
        for model in models
        if set(model["modules"].split(", ")) <= set(ADDONS)
    }
    assert own == RIGHTS.keys() | WITHOUT_RECORDS


def test_every_action_has_a_row() -> None:
    files = chain(*((CHECKOUT / addon).rglob("*.py") for addon in ADDONS))
    found = {
        name
        for file in files
        if "tests" not in file.parts
        for name in ADDONS_ACTIONS.findall(file.read_text())
    }
    assert found == ACTIONS.keys()


@pytest.mark.parametrize("model", sorted(WITHOUT_RECORDS))
def test_no_right_on_what_has_no_records(
    model: str, ground: Ground, roles: dict[str, Person]
) -> None:
    with_rights = [
        (role, operation)
        for role, person in roles.items()
        if role != "public"
        for operation in ("read", "create", "write", "unlink")
        if person.client.call(model, "check_access_rights", operation, False)
    ]
    assert not with_rights


@pytest.mark.parametrize("model", RIGHTS)
def test_rights(model: str, ground: Ground, roles: dict[str, Person]) -> None:
    """Each of the four operations, on records of the first company."""
    found = {}
    for role, person in roles.items():
        letters = ""
        for letter, trial in TRIALS.items():
            with trial(ground, model, person.client) as attempt:
                letters += letter if is_allowed(attempt) else ""
        assert is_found(ground, model, person.client) == ("r" in letters), role
        found[role] = letters or "."
    assert found == RIGHTS[model]


@pytest.mark.parametrize("action", ACTIONS)
def test_action(action: str, ground: Ground, roles: dict[str, Person]) -> None:
    """Who may not comes first: the record is still there for who may."""
    expected = dict(ACTIONS[action])
    place = expected.pop("on")
    found = {}
    for role in sorted(expected, key=lambda role: expected[role]):
        client = roles[role].client
        attempt = button(ground, place, action, client)
        found[role] = "yes" if is_allowed(attempt) else "."
    assert found == expected


@pytest.mark.parametrize("page", PAGES)
def test_page(page: str, ground: Ground, roles: dict[str, Person]) -> None:
    ground.manager.call(
        MODEL,
        "message_post",
        [ground.done.record],
        body="Filed",
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
    )
    sees = VISITS[page]
    found = {
        role: "yes" if sees(person.visitor, ground.done.record) else "."
        for role, person in roles.items()
    }
    assert found == PAGES[page]


@pytest.mark.parametrize("state", ["draft", "planned"])
@pytest.mark.parametrize("role", ["user", "manager"])
def test_fields(
    role: str, state: str, ground: Ground, roles: dict[str, Person]
) -> None:
    """Nobody writes by hand what only the rollback's actions may, not even the same value."""
    client = roles[role].client
    record = ground.rollback_in(state)
    ground.manager.write(MODEL, [record], {"note": "Tried"})
    talk = client.call("mail.activity.mixin", "fields_get").keys()
    talk |= client.call("mail.thread", "fields_get").keys()
    fields = {
        name
        for name, attributes in client.call(MODEL, "fields_get").items()
        if attributes["store"] and not attributes["type"].endswith("2many")
    }
    types = {
        name: attributes["type"]
        for name, attributes in client.call(MODEL, "fields_get").items()
    }
    values = client.read(MODEL, record, sorted(fields - talk))
    written = {
        name
        for name, value in values.items()
        if name != "id"
        and is_allowed(
            partial(client.write, MODEL, [record], new_value(name, value, types[name]))
        )
    }
    assert written == {
        name for name, row in FIELDS.items() if state in row[role].split(",")
    }


def new_value(name: str, value: Any, kind: str) -> Record:
    """What is there already, or something where nothing is."""
    tried = "2001-02-03" if kind == "date" else "Tried"
    return {name: value[0] if isinstance(value, list) else value or tried}


def test_the_public_user_is_nobody(ground: Ground) -> None:
    """The user as whom Odoo lets visitors in has no password, and none opens."""
    user = ground.administrator.id_of("base.public_user")
    for password in ("", "public", False):
        arguments = (ground.server.database, user, password, MODEL, "search", [[]])
        ask = ground.administrator.ask
        assert not is_allowed(partial(ask, "object", "execute_kw", *arguments))


@contextmanager
def read(ground: Ground, model: str, client: Caller) -> Iterator[Attempt]:
    record = ground.sample(model, client)
    yield lambda: client.call(model, "read", [record], ["display_name"])


@contextmanager
def create(ground: Ground, model: str, client: Caller) -> Iterator[Attempt]:
    """A record of the first company, which is taken away again."""
    values = ground.values(model)
    made = []
    yield lambda: made.append(client.call(model, "create", values))
    if made and model not in WIZARDS:
        ground.maker(model).call(model, "unlink", made)


@contextmanager
def write(ground: Ground, model: str, client: Caller) -> Iterator[Attempt]:
    record = ground.sample(model, client)
    yield lambda: client.call(model, "write", [record], CHANGES.get(model, {}))


@contextmanager
def unlink(ground: Ground, model: str, client: Caller) -> Iterator[Attempt]:
    """A record that nobody needs, where such a one can be made."""
    values = ground.values(model)
    if model in WIZARDS or not values:
        record = ground.sample(model, client)
    else:
        record = ground.maker(model).create(model, values)
    yield lambda: client.call(model, "unlink", [record])
    if values and model not in WIZARDS:
        left = ground.maker(model).find_ids(model, [("id", "=", record)])
        ground.maker(model).call(model, "unlink", left)


TRIALS = {"r": read, "c": create, "w": write, "u": unlink}
CHANGES: dict[str, Record] = {
    MODEL: {"note": "Tried"},
    LINE: {"right_move_id": False},
    RIGHT: {"sequence": 3},
    DIFFERENCE: {"choice": "register"},
    MAIL: {"choice": "send"},
    REGISTER: {"state": "all"},
    CLOSING: {"signed_by": "Tried"},
    DOCUMENT_WIZARD: {"kind": "inspection"},
    COMPARISON: {"count": 2},
    FIX_WIZARD: {"reason": "Tried"},
    FIX_OPTION: {"name": "Tried"},
    POLICY: {"max_attempts": 3},
}


def is_found(ground: Ground, model: str, client: Caller) -> bool:
    """Whether somebody who looks for all records finds the one of the first company."""
    try:
        return ground.sample(model, client) in client.call(model, "search", [])
    except Refused:
        return False


def button(ground: Ground, place: str, action: str, client: Caller) -> Attempt:
    """A button that can be pressed, or the entry of the Action menu."""
    if action == "action_create_from":
        ground.clear()
        request = ground.mistake.wrong.request
        entry = ground.administrator.id_of(ACTION)
        context = {"active_model": "account.move", "active_ids": [request]}
        return lambda: client.call("ir.actions.server", "run", [entry], context=context)
    model, records = PLACES.get(place, on_rollback)(ground, place, client)
    return lambda: client.call(model, action, *records)


def on_request(ground: Ground, _place: str, _client: Caller) -> Target:
    return "account.move", [[ground.mistake.wrong.request]]


def on_rollback(ground: Ground, state: str, _client: Caller) -> Target:
    return MODEL, [[ground.rollback_in(state)]]


def on_evidence(ground: Ground, _place: str, _client: Caller) -> Target:
    return MODEL, [[ground.done.record]]


def on_check(ground: Ground, _place: str, _client: Caller) -> Target:
    ground.clear()
    return CHECK, [[ground.check()]]


def on_no_check(_ground: Ground, _place: str, _client: Caller) -> Target:
    return CHECK, []


def on_finding(ground: Ground, _place: str, _client: Caller) -> Target:
    return FINDING, [[ground.finding()]]


def on_register(ground: Ground, _place: str, client: Caller) -> Target:
    return REGISTER, [[ground.wizard_of(REGISTER, client)]]


def on_entries(_ground: Ground, _place: str, _client: Caller) -> Target:
    return ENTRY, []


def on_closing(ground: Ground, _place: str, _client: Caller) -> Target:
    return CLOSING, [[ground.manager.create(CLOSING, ground.values(CLOSING))]]


def on_postponed(ground: Ground, _place: str, _client: Caller) -> Target:
    rollback = ("rollback_id", "=", ground.done.record)
    return POSTPONED, [[ground.find(POSTPONED, rollback)]]


def on_paper(ground: Ground, _place: str, client: Caller) -> Target:
    return COMPARISON, [[ground.wizard_of(COMPARISON, client)]]


def on_fix(ground: Ground, _place: str, client: Caller) -> Target:
    return FIX_WIZARD, [[ground.fix_wizard_of(client)]]


PLACES = {
    "request": on_request,
    "evidence": on_evidence,
    "nothing": on_no_check,
    "check": on_check,
    "finding": on_finding,
    "postponed": on_postponed,
    "register": on_register,
    "entries": on_entries,
    "closing": on_closing,
    "paper": on_paper,
    "fix": on_fix,
}


def sees_progress(visitor: Visitor, record: int) -> bool:
    return visitor.sees(f"/reconciliation_rollback/{record}/progress")


def sees_document(visitor: Visitor, record: int) -> bool:
    return visitor.sees(f"/report/html/{DOCUMENT}/{record}")


def sees_talk(visitor: Visitor, record: int) -> bool:
    """The messages about a record, by the one route that lets anybody ask for these."""
    question = {"res_model": MODEL, "res_id": record}
    try:
        return bool(visitor.ask("/mail/chatter_fetch", question)["messages"])
    except Refused:
        return False


VISITS = {"progress": sees_progress, "document": sees_document, "talk": sees_talk}
