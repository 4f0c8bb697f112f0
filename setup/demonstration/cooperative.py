"""A cooperative, founded in a database that has the add-ons and no company data yet."""

from __future__ import annotations

from dataclasses import dataclass

from .client import Client, Record

NAME = "Mill Street Cooperative"
ACCOUNTANT_LOGIN = "accountant"
ACCOUNTANT_PASSWORD = "accountant"
SHARE_TYPES = {"Ordinary share": 25.0, "Supporter share": 100.0}
MAIL_SWITCHES = (
    "send_certificate_email",
    "send_confirmation_email",
    "send_capital_release_email",
    "send_waiting_list_email",
    "send_share_transfer_email",
    "send_share_update_email",
)
RECEIVABLE = {
    14: ("user_type_id", "account.data_account_type_receivable"),
    16: ("account_type", "asset_receivable"),
}


@dataclass(frozen=True)
class Cooperative:
    """A company with share types, and the two people who work for it.

    `accountant` is a cooperator manager, `administrator` may read what is hidden from
    accountants: sequences and the mail queue.
    """

    administrator: Client
    accountant: Client
    company: int
    account: int
    share_types: dict[str, int]

    def switch_certificates(self, on: bool) -> None:
        """Have certificates mailed to whoever becomes a member, or not."""
        values = {"send_certificate_email": on}
        self.administrator.write("res.company", [self.company], values)


def found_cooperative(administrator: Client, series: int) -> Cooperative:
    """Set up the database's first company as a cooperative that sends no mail yet.

    `series` is Odoo's, 14 or 16.
    """
    company = administrator.id_of("base.main_company")
    account = make_account(administrator, series)
    administrator.write("res.company", [company], company_values(administrator))
    administrator.write(
        "res.company",
        [company],
        {
            "property_cooperator_account": account,
            **rollback_values(administrator),
            **dict.fromkeys(MAIL_SWITCHES, False),
        },
    )
    share_types = {
        name: make_share_type(administrator, name, price)
        for name, price in SHARE_TYPES.items()
    }
    return Cooperative(
        administrator, make_accountant(administrator), company, account, share_types
    )


def rollback_values(administrator: Client) -> Record:
    """What the company needs for rollbacks, where their add-on is installed."""
    name = "reclassification_journal_id"
    if not administrator.call("res.company", "fields_get", [name], []):
        return {}
    return {name: first_journal(administrator, "general")}


def company_values(administrator: Client) -> dict[str, object]:
    return {
        "name": NAME,
        "street": "Mill Street 12",
        "zip": "1050",
        "city": "Brussels",
        "country_id": administrator.id_of("base.be"),
        "currency_id": administrator.id_of("base.EUR"),
        "email": "office@mill-street.example.org",
        "coop_email_contact": "shares@mill-street.example.org",
        "phone": "+32 2 555 01 23",
        "board_representative": "Flora Founder",
    }


def make_account(administrator: Client, series: int) -> int:
    """The account on which capital release requests are open until they are paid."""
    field, kind = RECEIVABLE[series]
    return administrator.create(
        "account.account",
        {
            "code": "416101",
            "name": "Cooperators",
            "reconcile": True,
            field: administrator.id_of(kind) if "." in kind else kind,
        },
    )


def make_share_type(administrator: Client, name: str, price: float) -> int:
    return administrator.create(
        "product.product",
        {
            "name": name,
            "short_name": name,
            "is_share": True,
            "by_individual": True,
            "by_company": True,
            "list_price": price,
            "taxes_id": [(5, 0, 0)],
            "categ_id": administrator.id_of(
                "cooperator.product_category_company_share"
            ),
        },
    )


def make_accountant(administrator: Client) -> Client:
    """A new user who is a cooperator manager, logged in."""
    administrator.call(
        "res.users",
        "create",
        {
            "name": "Greta Grant",
            "login": ACCOUNTANT_LOGIN,
            "password": ACCOUNTANT_PASSWORD,
            "email": "greta.grant@mill-street.example.org",
            "groups_id": [
                (4, administrator.id_of("cooperator.cooperator_group_manager"))
            ],
        },
        context={"no_reset_password": True},
    )
    return administrator.colleague(ACCOUNTANT_LOGIN, ACCOUNTANT_PASSWORD)


def first_journal(client: Client, kind: str) -> int:
    """The id of the first journal of a type, such as "bank"."""
    return client.find_ids("account.journal", [("type", "=", kind)])[0]
