"""Reading what pays capital release requests, and which requests payments name."""

import string

from ..ledger.communication import SHORTEST, START, Beginnings
from .query import select
from .request_reader import IS_REQUEST, of_requests

# The matches are found before all else: where tables have grown since PostgreSQL counted
# their rows, it would combine each journal item with each other.
MATCHES = """
    WITH match AS MATERIALIZED (
        SELECT
            partial.id,
            partial.credit_move_id,
            request.id AS request_id,
            request.partner_id,
            request.name,
            request.payment_reference
        FROM (SELECT * FROM account_move WHERE {condition}) request
        JOIN account_move_line item ON item.move_id = request.id
        JOIN account_partial_reconcile partial ON partial.debit_move_id = item.id
    )
    SELECT
        match.id,
        match.request_id AS request,
        match.partner_id AS partner,
        match.name AS request_name,
        match.payment_reference AS request_reference,
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
# A payment is plainly right where it is booked on who subscribes, and names the request that
# it pays or none at all.
DOUBTFUL_PAYMENTS = f"""
    WITH match AS MATERIALIZED ({MATCHES.format(condition=IS_REQUEST)}),
    paid AS (
        SELECT
            payment,
            payer,
            is_other_payer,
            request_name AS name,
            request_reference AS reference,
            concat_ws(
                ' ', '', ref, reference, COALESCE(NULLIF(communication, ''), label), ''
            ) AS communication
        FROM match WHERE payment_type = 'entry'
    )
    SELECT * FROM match WHERE payment IN (
        SELECT payment FROM paid
        WHERE (payer IS NOT NULL AND is_other_payer)
            OR (
                (communication ~* %(pattern)s OR communication ~ %(special)s)
                AND (position(concat(' ', name, ' ') IN communication) > 0
                    AND name ~ '[0-9]' AND name ~ %(reference)s) IS NOT TRUE
                AND (position(concat(' ', reference, ' ') IN communication) > 0
                    AND reference ~ '[0-9]' AND reference ~ %(reference)s) IS NOT TRUE
            )
    )
    ORDER BY id
"""
# what is certainly a reference: letters or digits without accents, as many as it needs
REFERENCE = f"([A-Za-z0-9][^A-Za-z0-9]*){{{SHORTEST}}}"
# letters whose capitals are other letters, or several
SPECIAL = "[ßıſŉǰẖ-ẚﬀ-ﬆ]"


def load_matches(company, partners=None):
    """Load what pays the company's capital release requests.

    :param partners: ids of the requests' partners; ``None``: all
    :return: a named tuple for each match, with the columns of the query
    """
    condition, parameters = of_requests(company, partners)
    return select(company.env, MATCHES.format(condition=condition), parameters)


def load_beginnings(company):
    """Load how the references of the company's capital release requests begin.

    :return: :class:`~..ledger.communication.Beginnings`
    """
    starts = select(
        company.env,
        f"""
            SELECT DISTINCT translate(left(text, %(start)s), '123456789', '000000000') AS text
            FROM (
                SELECT unnest(ARRAY[name, payment_reference]) AS text
                FROM account_move WHERE {IS_REQUEST}
            ) reference
            WHERE text IS NOT NULL
        """,
        {"company": company.id, "start": START},
    )
    return Beginnings(row.text for row in starts)


def load_doubtful_payments(company, beginnings):
    """Load the matches of payments that are not plainly right.

    :param beginnings: what :func:`load_beginnings` gave
    :return: as :func:`load_matches`
    """
    return select(
        company.env,
        DOUBTFUL_PAYMENTS,
        {
            "company": company.id,
            "pattern": beginnings.pattern,
            "special": SPECIAL,
            "reference": REFERENCE,
        },
    )


def load_references(company, communications, beginnings):
    """Load the references that communications may name.

    :param communications: texts of payments
    :param beginnings: what :func:`load_beginnings` gave
    :return: references by capital release request's id; some that no text names, too
    """
    names = set().union(*map(beginnings.possible_names, communications))
    if not names:
        return {}
    is_named = " OR ".join(
        f"upper(translate({column}, %(punctuation)s, '')) IN (SELECT unnest(%(names)s::text[]))"
        f" OR translate({column}, %(punctuation)s, '') ~ '[^A-Za-z0-9]'"
        for column in ("name", "payment_reference")
    )
    return {
        request.id: tuple(filter(None, (request.name, request.payment_reference)))
        for request in select(
            company.env,
            "SELECT id, name, payment_reference FROM account_move "
            f"WHERE {IS_REQUEST} AND ({is_named})",
            {
                "company": company.id,
                "names": list(names),
                "punctuation": string.punctuation + string.whitespace,
            },
        )
    }
