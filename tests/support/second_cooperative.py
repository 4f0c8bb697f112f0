"""A second cooperative in the same database, with people and numbers of its own."""

from __future__ import annotations

from dataclasses import replace

from demonstration.client import Client
from demonstration.cooperative import (
    ACCOUNTANT_PASSWORD,
    MAIL_SWITCHES,
    Cooperative,
    company_values,
    make_account,
)

NAME = "Harbour Road Cooperative"
LOGIN = "second_accountant"


def found_second_cooperative(first: Cooperative, series: int) -> Cooperative:
    """Set up another company beside the first one; both sell the same share types."""
    administrator = first.administrator
    company = administrator.create(
        "res.company", {**company_values(administrator), "name": NAME}
    )
    administrator.write(
        "res.users", [administrator.user], {"company_ids": [(4, company)]}
    )
    there = InCompany(administrator, company)
    load_chart(there, series)
    account = make_account(there, series)
    (journal,) = there.find_ids(
        "account.journal", [("type", "=", "general"), ("code", "=", "MISC")]
    )
    there.write(
        "res.company",
        [company],
        {
            "property_cooperator_account": account,
            "reclassification_journal_id": journal,
            **dict.fromkeys(MAIL_SWITCHES, False),
        },
    )
    return replace(
        first,
        accountant=make_accountant_there(administrator, company),
        company=company,
        account=account,
    )


class InCompany(Client):
    """A client whose calls are made in one company, whatever others its user may see."""

    def __init__(self, client: Client, company: int) -> None:
        super().__init__(client.url, client.database, client.login, client.password)
        self.company = company

    def call(self, model: str, method: str, *arguments: object, **named: object):
        context = {"allowed_company_ids": [self.company], **named.pop("context", {})}
        return super().call(model, method, *arguments, context=context, **named)


def load_chart(there: InCompany, series: int) -> None:
    """Install the accounts of the first chart that there is."""
    template = there.find_ids("account.chart.template", [])[0]
    arguments = (False, False) if series >= 16 else (False,)
    there.call("account.chart.template", "try_loading", [template], *arguments)


def make_accountant_there(administrator: Client, company: int) -> Client:
    """A cooperator manager who works for the second company alone, logged in."""
    administrator.call(
        "res.users",
        "create",
        {
            "name": "Hanna Hill",
            "login": LOGIN,
            "password": ACCOUNTANT_PASSWORD,
            "email": "hanna.hill@harbour-road.example.org",
            "company_id": company,
            "company_ids": [(6, 0, [company])],
            "groups_id": [
                (4, administrator.id_of("cooperator.cooperator_group_manager"))
            ],
        },
        context={"no_reset_password": True},
    )
    return administrator.colleague(LOGIN, ACCOUNTANT_PASSWORD)
