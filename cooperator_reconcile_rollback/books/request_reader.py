"""Reading what makes operations, with a fixed number of queries.

That is capital release requests with their payments, and operation requests.
"""

from collections import defaultdict

from ..ledger.request import CapitalReleaseRequest, OperationRequest
from ..tools import series
from .query import read_table, select
from .register_reader import of_partners

#: payment states in which Odoo takes an invoice, and cooperator a request, as paid
PAID_STATES = ("paid", "in_payment")
#: SQL condition on account_move: what makes it a company's capital release request
IS_REQUEST = "company_id = %s AND release_capital_request AND move_type = 'out_invoice'"
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
# The matches are found before all else: where tables have grown since PostgreSQL counted
# their rows, it would combine each journal item with each other.
MATCHES = """
    WITH match AS MATERIALIZED (
        SELECT
            partial.id,
            partial.credit_move_id,
            request.id AS request_id,
            request.partner_id
        FROM (SELECT id, partner_id FROM account_move WHERE {condition}) request
        JOIN account_move_line item ON item.move_id = request.id
        JOIN account_partial_reconcile partial ON partial.debit_move_id = item.id
    )
    SELECT
        match.request_id AS request,
        match.partner_id AS partner,
        payment.id AS payment,
        payment.move_type AS payment_type,
        payment_item.partner_id AS payer,
        COALESCE(partner.commercial_partner_id, partner.id)
            IS DISTINCT FROM COALESCE(payer.commercial_partner_id, payer.id)
            AS is_other_payer,
        COALESCE(original.date, payment.date) AS date,
        COALESCE(original.ref, payment.ref) AS ref,
        COALESCE(original.payment_reference, payment.payment_reference) AS reference,
        payment_item.name AS label,
        statement_line.payment_ref AS communication
    FROM match
    JOIN account_move_line payment_item ON payment_item.id = match.credit_move_id
    JOIN account_move payment ON payment.id = payment_item.move_id
    LEFT JOIN account_move original ON original.id = payment.reclassified_move_id
    LEFT JOIN res_partner partner ON partner.id = match.partner_id
    LEFT JOIN res_partner payer ON payer.id = payment_item.partner_id
    LEFT JOIN account_bank_statement_line statement_line
        ON statement_line.move_id = COALESCE(original.id, payment.id)
    ORDER BY match.id
"""


def load_matches(company, partners=None):
    """Load what pays the company's capital release requests.

    :param partners: ids of the requests' partners; ``None``: all
    :return: a named tuple for each match, with the columns of the query
    """
    condition, parameters = _of_requests(company, partners)
    return select(company.env, MATCHES.format(condition=condition), parameters)


def load_requests(company, matches, partners=None):
    """Load the company's capital release requests.

    :param matches: what :func:`load_matches` gave for the same partners
    :param partners: ids of the requests' partners; ``None``: all
    :return: :class:`~..ledger.request.CapitalReleaseRequest` by id
    """
    env = company.env
    condition, parameters = _of_requests(company, partners)
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


def load_operation_requests(company):
    """Load the company's operation requests.

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
            "company_id = %s",
            (company.id,),
        )
    ]


def _of_requests(company, partners):
    if partners is None:
        return IS_REQUEST, [company.id]
    condition, parameters = of_partners(company, partners)
    return IS_REQUEST.replace("company_id = %s", condition), parameters
