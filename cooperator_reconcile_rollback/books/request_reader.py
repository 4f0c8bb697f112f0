"""Reading what makes operations: capital release requests and operation requests."""

from collections import defaultdict

from ..ledger.request import CapitalReleaseRequest, OperationRequest
from ..tools import series
from .query import read_table
from .register_reader import of_partners

#: payment states in which Odoo takes an invoice, and cooperator a request, as paid
PAID_STATES = ("paid", "in_payment")
#: SQL condition on account_move: what makes it a company's capital release request
IS_REQUEST = (
    "company_id = %(company)s AND release_capital_request AND move_type = 'out_invoice'"
)
REQUEST_FIELDS = (
    "name",
    "payment_reference",
    "partner_id",
    "state",
    "payment_state",
    "subscription_request",
)
OPERATION_REQUEST_FIELDS = (
    "operation_type",
    "partner_id",
    "partner_id_to",
    "share_product_id",
    "quantity",
    "state",
    "effective_date",
)


def load_requests(company, matches, partners=None):
    """Load the company's capital release requests.

    :param matches: what :func:`~.payment_reader.load_matches` gave for the same partners
    :param partners: ids of the requests' partners; ``None``: all
    :return: :class:`~..ledger.request.CapitalReleaseRequest` by id
    """
    env = company.env
    condition, parameters = of_requests(company, partners)
    dates = defaultdict(list)
    for match in matches:
        dates[match.request].append(match.date)
    make_shares = company._get_shares_maker()
    shares = defaultdict(list)
    for line in read_table(
        env["account.move.line"],
        ["move_id", "product_id", "quantity", "price_unit"],
        f"{series.INVOICE_LINE} AND move_id IN "
        f"(SELECT id FROM account_move WHERE {condition})",
        parameters,
    ):
        shares[line.move_id].append(
            make_shares(line.product_id, line.quantity, line.price_unit)
        )
    cancelled = {
        subscription.id
        for subscription in read_table(
            env["subscription.request"],
            [],
            "company_id = %s AND state = 'cancelled'",
            (company.id,),
        )
    }
    return {
        move.id: CapitalReleaseRequest(
            id=move.id,
            partner=move.partner_id,
            shares=tuple(shares[move.id]),
            is_paid=move.state == "posted"
            and move.payment_state in PAID_STATES
            and move.subscription_request not in cancelled,
            date=max(dates[move.id], default=None),
            references=tuple(filter(None, (move.name, move.payment_reference))),
        )
        for move in read_table(
            env["account.move"], REQUEST_FIELDS, condition, parameters
        )
    }


def load_operation_requests(company, partners=None):
    """Load the company's operation requests.

    :param partners: ids of the people who give, sell or convert; ``None``: all
    :return: a list of :class:`~..ledger.request.OperationRequest`
    """
    return [
        OperationRequest(
            id=request.id,
            kind=request.operation_type,
            partner=request.partner_id,
            receiver=request.partner_id_to
            if request.operation_type == "transfer"
            else None,
            share_type=request.share_product_id,
            quantity=request.quantity,
            is_done=request.state == "done",
            date=request.effective_date,
        )
        for request in read_table(
            company.env["operation.request"],
            OPERATION_REQUEST_FIELDS,
            *of_partners(company, partners),
        )
    ]


def of_requests(company, partners):
    """The SQL condition for capital release requests, and its parameters."""
    condition, parameters = of_partners(company, partners)
    return f"{IS_REQUEST} AND {condition}", parameters
