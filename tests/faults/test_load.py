"""Fifty payments come in from four clients while three rollbacks run in two companies."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import Callable

import pytest

from demonstration.client import Client, Refused
from demonstration.patience import wait_until
from demonstration.rollback import MODEL, Rollback
from fixtures.accountant import Accountant, Payment, Subscription
from fixtures.cooperative import Cooperative
from fixtures.mistake import Mistake
from prepare.environment import Environment
from prepare.template_database import addons_database
from support.books import numbering_faults
from support.crowd import PAYMENTS, Crowd
from support.job_runner import JobRunner
from support.memory import recall
from support.ordeal import Ordeal
from support.shared_server import SharedServer
from support.smtp_sink import SmtpSink

CLIENTS = 4
TRIES = 20
CASCADES = ("all", "dependents")
# what PostgreSQL says of two who write at once; Odoo has repeated the call some times
AT_ONCE = "psycopg2."
# two entries of one journal with the same number
SAME_NUMBER = "odoo.exceptions.ValidationError"
# what the start of a rollback says where somebody has paid since it was planned
PLAN_AGAIN = "odoo.exceptions.UserError"
OPERATIONS = """
    SELECT move.id, move.payment_state, array_agg(register_number_operation)
    FROM account_move move
    LEFT JOIN subscription_register line ON line.capital_release_request_id = move.id
    WHERE move.id = ANY (%s) GROUP BY move.id
"""
MEMBERS = """
    SELECT partner_id FROM cooperative_membership
    WHERE partner_id = ANY (%s) AND member AND cooperator_register_number > 0
"""


@dataclass
class Load:
    """What the clients do; what is refused for a reason that passes they do again."""

    crowd: Crowd

    def run(self) -> None:
        """All at once; whatever fails in one of them fails here."""
        payers = [
            (cooperative, payer)
            for pair in zip_longest(*self.crowd.payers)
            for cooperative, payer in zip(self.crowd.cooperatives, pair)
            if payer
        ]
        with ThreadPoolExecutor() as threads:
            working = [
                *(
                    threads.submit(self.pay, payers[number::CLIENTS])
                    for number in range(CLIENTS)
                ),
                *(
                    threads.submit(self.roll_back, cooperative, mistakes)
                    for cooperative, mistakes in zip(
                        self.crowd.cooperatives, self.crowd.mistakes
                    )
                ),
            ]
            for work in working:
                work.result()

    def pay(self, payers: Sequence[tuple[Cooperative, Subscription]]) -> None:
        """Book a payment for each, and match it with the request."""
        accountants = {
            cooperative.company: accountant_of(cooperative)
            for cooperative in self.crowd.cooperatives
        }
        for cooperative, payer in payers:
            accountant = accountants[cooperative.company]
            payment = insist(
                lambda a=accountant, p=payer: a.book_payment(p), SAME_NUMBER
            )
            assert isinstance(payment, Payment)
            insist(lambda a=accountant, p=payer, m=payment: a.match(m, p))

    def roll_back(self, cooperative: Cooperative, mistakes: Sequence[Mistake]) -> None:
        """Roll mistakes of a cooperative back, one after the other."""
        own = replace(cooperative, accountant=client_like(cooperative.accountant))
        for mistake, cascade in zip(mistakes, CASCADES):
            rollback = Rollback.draft(own, mistake.wrong.request)
            rollback.choose_right_request(mistake.right.request)
            own.accountant.write(MODEL, [rollback.record], {"cascade": cascade})
            insist(lambda r=rollback: start(r), PLAN_AGAIN)
            wait_until(
                lambda r=rollback: r.state in ("done", "failed"), "a rollback to end"
            )
            assert rollback.state == "done", [s.error for s in rollback.steps()]


def insist(work: Callable[[], object], *kinds: str) -> object:
    """Do something again where others did something at once, as a person would.

    `kinds` are further kinds of refusals that pass; any other one is raised.
    """
    for _try in range(TRIES):
        try:
            return work()
        except Refused as refusal:
            if not refusal.kind.startswith((AT_ONCE, *kinds)):
                raise
            time.sleep(0.2)
    return work()


def start(rollback: Rollback) -> None:
    """Plan and start: refused where somebody has paid in between."""
    rollback.press("action_plan")
    rollback.press("action_start")


def accountant_of(cooperative: Cooperative) -> Accountant:
    """The accountant of a cooperative, with a connection of one's own."""
    client = client_like(cooperative.accountant)
    return Accountant(replace(cooperative, accountant=client))


def client_like(client: Client) -> Client:
    return client.colleague(client.login, client.password)


@pytest.fixture
def loaded(
    environment: Environment,
    shared_server: Callable[..., SharedServer],
    smtp_sink: SmtpSink,
) -> Iterator[Ordeal]:
    """The crowd on a server whose jobs are run."""
    server = shared_server(addons_database).renew(Crowd.database(environment))
    runner = JobRunner(server.port, server.database)
    runner.start()
    yield Ordeal(server, smtp_sink, "reuse")
    runner.stop()


@pytest.mark.slow
def test_payments_while_rollbacks_run(loaded: Ordeal) -> None:
    """Every payment is exactly one operation; no number is drawn twice or lost.

    PostgreSQL's sequences do not go back with a transaction. Cooperatives without this
    add-on lose numbers where Odoo repeats a payment that has drawn some, because somebody
    else posts one at the same time.
    """
    load = Load(recall(loaded.server))
    load.run()
    wait_for_all_jobs(loaded)
    assert_everybody_is_registered(loaded, list(chain(*load.crowd.payers)))
    books = loaded.books()
    for cooperative in load.crowd.cooperatives:
        assert numbering_faults(books, cooperative.company) == []


def wait_for_all_jobs(ordeal: Ordeal) -> None:
    def finished() -> bool:
        if not ordeal.unfinished_jobs():
            return True
        ordeal.look_after_jobs()
        return False

    wait_until(finished, "the last job to end")
    failed = ordeal.ask("SELECT exc_info FROM queue_job WHERE state = 'failed'")
    assert failed == []


def assert_everybody_is_registered(
    ordeal: Ordeal, payers: Sequence[Subscription]
) -> None:
    """Each request is paid and is one operation, each person a member with a number."""
    assert len(payers) == PAYMENTS
    requests = [payer.request for payer in payers]
    for request, state, numbers in ordeal.ask(OPERATIONS, requests):
        assert state in ("paid", "in_payment"), request
        assert numbers != [None], f"request {request} is no operation"
        assert len(numbers) == 1, f"request {request} is operations {numbers}"
    partners = [payer.partner for payer in payers]
    members = {partner for (partner,) in ordeal.ask(MEMBERS, partners)}
    assert members == {*partners}
