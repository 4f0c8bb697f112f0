"""Loading what the register check looks at, with a fixed number of queries."""

from ..ledger import finding as kinds
from ..ledger.check import Books, Match
from ..models.mail_mail import HELD
from ..models.reconciliation_rollback import ENDED_STATES
from ..services.company_chain import CompanyChain
from .explained import load_explained
from .holdings import load_holdings
from .left_gaps import load_left_gaps
from .openings import load_openings
from .payment_reader import (
    load_beginnings,
    load_doubtful_payments,
    load_matches,
    load_references,
)
from .query import read_table, select
from .register_reader import load_register
from .renumbering import COOPERATOR_SEQUENCE, OPERATION_SEQUENCE, load_numbers
from .request_reader import load_operation_requests, load_requests

DECIDED = """
    SELECT payment.id AS payment, request.id AS request
    FROM reconciliation_rollback_line line
    JOIN reconciliation_rollback rollback ON rollback.id = line.rollback_id
    LEFT JOIN reconciliation_rollback_right further ON further.line_id = line.id
    JOIN account_move payment
        ON payment.id IN (line.payment_move_id, line.reclassification_move_id)
    JOIN account_move request
        ON request.id IN (line.right_move_id, further.move_id)
    WHERE rollback.company_id = %s AND rollback.state = 'done'
"""
HOLDING_MAIL = """
    SELECT id FROM reconciliation_rollback rollback
    WHERE company_id = %(company)s AND state IN %(ended)s AND (
        mail_held OR EXISTS (
            SELECT 1 FROM mail_mail mail
            WHERE mail.reconciliation_rollback_id = rollback.id
                AND mail.state = %(held)s
        )
    )
    ORDER BY id
"""


def load_books(company, partners=None):
    """Load all that the register check looks at, with a fixed number of queries.

    :param partners: ids of the people to look at, with all who are related with them: see
        :func:`~.doubtful.find_doubtful`; ``None``: everyone
    :return: :class:`~..ledger.check.Books`
    :raises UserError: the company has no sequence for the numbers
    """
    matches = load_matches(company, partners)
    beginnings = load_beginnings(company)
    payments = (
        matches if partners is None else load_doubtful_payments(company, beginnings)
    )
    paying = [_make_match(row) for row in payments if row.payment_type == "entry"]
    waiting = read_table(
        company.env["reconciliation.rollback.postponed"],
        ["move_id"],
        "company_id = %s AND state = 'waiting'",
        (company.id,),
    )
    decided = select(company.env, DECIDED, (company.id,))
    holding_mail = select(
        company.env,
        HOLDING_MAIL,
        {"company": company.id, "ended": ENDED_STATES, "held": HELD},
    )
    return Books(
        register=load_register(company, partners=partners),
        holdings=load_holdings(company, partners),
        requests=load_requests(company, matches, partners),
        operation_requests=load_operation_requests(company, partners),
        matches=paying,
        references=load_references(
            company, [match.communication for match in paying], beginnings
        ),
        waiting={row.move_id for row in waiting},
        decided={(row.payment, row.request) for row in decided},
        operation_numbers=load_numbers(company, OPERATION_SEQUENCE),
        operation_gaps=load_left_gaps(company, "operation"),
        cooperator_numbers=load_numbers(company, COOPERATOR_SEQUENCE),
        cooperator_gaps=load_left_gaps(company, "cooperator"),
        holding_mail=[row.id for row in holding_mail],
        evidence=CompanyChain(company).find_findings(),
        openings=load_openings(company, partners),
        explained=frozenset(
            line
            for explained in load_explained(company, kinds.NO_REQUEST_FITS)
            for line in explained.finding.lines
        ),
    )


def _make_match(row):
    texts = [row.ref, row.reference]
    # Odoo names a statement line's item after the request that it is matched with
    texts.append(row.communication or row.label)
    return Match(
        payment=row.payment,
        request=row.request,
        payer=row.payer,
        is_other_payer=row.is_other_payer,
        communication=" ".join(filter(None, texts)),
        partner=row.partner,
    )
