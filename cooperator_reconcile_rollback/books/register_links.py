"""Linking operations and shares with the requests that made them.

Cooperator keeps no link. What was made before this module was installed is linked where
exactly one request fits; the register check finds the rest.
"""

from psycopg2 import sql

from ..ledger.linking import (
    pair_other_operations,
    pair_share_lines,
    pair_subscriptions,
)
from ..ledger.operation import SUBSCRIPTION
from ..ledger.replay import replay
from ..tools import series
from .holdings import load_share_lines
from .payment_reader import load_matches
from .register_reader import load_operations
from .request_reader import load_operation_requests, load_requests

REQUEST = "capital_release_request_id"
OPERATION_REQUEST = "operation_request_id"


def link_register(company):
    """Link register lines and share lines that do not know what made them.

    A fixed number of queries.
    """
    operations = load_operations(company)
    requests = load_requests(company, load_matches(company)).values()
    _link_operations(company, REQUEST, pair_subscriptions(operations, requests).links)
    _link_operations(
        company, OPERATION_REQUEST, pair_with_requests(company, operations).links
    )
    _link_share_lines(company)


def pair_with_requests(company, operations=None):
    """Pair sell-backs, transfers and conversions with their operation requests.

    :param operations: :class:`~..ledger.operation.Operation`; the whole register by
        default
    :return: :class:`~..ledger.linking.Pairing` of those that do not know theirs
    """
    if operations is None:
        operations = load_operations(company)
    return pair_other_operations(operations, load_operation_requests(company))


def _link_operations(company, name, links):
    lines = {
        line: request
        for operation, request in links.items()
        for line in operation.lines
    }
    _write_links(company.env["subscription.register"], name, lines)


def link_operation(company, operation, request):
    """Link one operation, and the shares that come from it, with the request chosen.

    :param operation: :class:`~..ledger.operation.Operation` without a request
    :param request: the id of a capital release request for a subscription, else of an
        operation request
    """
    name = REQUEST if operation.kind == SUBSCRIPTION else OPERATION_REQUEST
    _link_operations(company, name, {operation: request})
    _link_share_lines(company, operation.partners)


def _link_share_lines(company, partners=None):
    """Link share lines with what made the operations that they come from.

    :param partners: ids of the people whose share lines are linked; ``None``: everyone
    """
    holdings = replay(load_operations(company)).holdings
    lines = pair_share_lines(load_share_lines(company, partners), holdings)
    for name, attribute in (
        (REQUEST, "request"),
        (OPERATION_REQUEST, "operation_request"),
    ):
        links = {line: getattr(replayed, attribute) for line, replayed in lines.items()}
        _write_links(company.env["share.line"], name, links)


def _write_links(model, name, links):
    """Set a link where there is none.

    SQL, since nothing of the operation changes: neither who wrote on it last nor when.

    :param links: the request's id by id of the model's record
    """
    links = {record: request for record, request in links.items() if request}
    records = model.browse(links)
    series.flush(records)
    query = sql.SQL(
        "UPDATE {table} t SET {name} = links.request "
        "FROM unnest(%s::int[], %s::int[]) AS links (record, request) "
        "WHERE t.id = links.record AND t.{name} IS NULL"
    )
    model.env.cr.execute(
        query.format(table=sql.Identifier(model._table), name=sql.Identifier(name)),
        (list(links), list(links.values())),
    )
    series.invalidate(records, [name])
