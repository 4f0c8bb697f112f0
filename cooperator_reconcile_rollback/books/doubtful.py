"""Finding the people that the register check has to look at closely.

Most people are plainly right: their shares come from paid requests and from transfers, and
nothing contradicts that. The database tells so by comparing whole tables, many times faster
than making values of all rows. The query may report somebody who is right, which only costs
time. It must never leave out somebody of whom the check would find anything.
"""

from ..tools import series
from .register_reader import find_related
from .request_reader import IS_REQUEST, PAID_STATES

# A person is plainly right in the register if
# - all shares come from subscriptions and transfers, and either none was sold or given away,
#   or all came with one line before that;
# - the share lines are what comes of it, in the same order, and so are the membership and
#   the cooperator number; nothing was there before the first operation;
# - each request is paid and made one operation, or neither, and each operation knows its
#   request;
# - nobody else has the same numbers.
REGISTER = f"""
    WITH line AS MATERIALIZED (
        SELECT
            id, type, register_number_operation, date, partner_id, partner_id_to,
            share_product_id, quantity, share_unit_price,
            capital_release_request_id, operation_request_id
        FROM subscription_register WHERE company_id = %(company)s
    ),
    request AS MATERIALIZED (
        SELECT
            move.id,
            move.partner_id,
            COALESCE(
                move.state = 'posted' AND move.payment_state IN %(paid)s
                AND subscription.id IS NULL, FALSE
            ) AS is_paid
        FROM (SELECT * FROM account_move WHERE {IS_REQUEST}) move
        LEFT JOIN subscription_request subscription
            ON subscription.id = move.subscription_request
            AND subscription.company_id = %(company)s
            AND subscription.state = 'cancelled'
    ),
    asked AS MATERIALIZED (
        SELECT id, partner_id, state FROM operation_request
        WHERE company_id = %(company)s
    ),
    membership AS MATERIALIZED (
        SELECT
            partner_id,
            COALESCE(member, FALSE) AS member,
            COALESCE(old_member, FALSE) AS old_member,
            COALESCE(cooperator_register_number, 0) AS number,
            opening IS NOT NULL AS has_opening
        FROM cooperative_membership WHERE company_id = %(company)s
    ),
    taken AS MATERIALIZED (
        SELECT
            partner_id,
            min(share_product_id) AS share_product_id,
            min(share_product_id) = max(share_product_id) AND min(quantity) > 0
                AS is_plain,
            min(register_number_operation) AS number,
            sum(quantity) AS quantity
        FROM line WHERE type IN ('sell_back', 'transfer')
        GROUP BY partner_id
    ),
    gained AS MATERIALIZED (
        SELECT
            gain.*,
            row_number() OVER person AS place
        FROM (
            SELECT
                id, partner_id, register_number_operation AS number, date,
                share_product_id, quantity, share_unit_price
            FROM line WHERE type = 'subscription'
            UNION ALL
            SELECT
                id, partner_id_to, register_number_operation, date,
                share_product_id, quantity, share_unit_price
            FROM line WHERE type = 'transfer'
        ) gain
        WINDOW person AS (PARTITION BY partner_id ORDER BY number, id)
    ),
    expected AS MATERIALIZED (
        SELECT
            gained.partner_id,
            gained.place,
            gained.date,
            gained.share_product_id,
            gained.quantity - COALESCE(taken.quantity, 0) AS quantity,
            gained.share_unit_price,
            taken.quantity IS NULL OR (
                taken.is_plain
                AND gained.place = 1
                AND taken.share_product_id = gained.share_product_id
                AND taken.quantity <= gained.quantity
                AND taken.number > gained.number
            ) AS is_plain,
            taken.quantity IS NOT DISTINCT FROM gained.quantity AS is_all_taken
        FROM gained LEFT JOIN taken USING (partner_id)
    ),
    held AS MATERIALIZED (
        SELECT
            partner_id,
            row_number() OVER (PARTITION BY partner_id ORDER BY id) AS place,
            effective_date, share_product_id, share_number, share_unit_price
        FROM share_line WHERE company_id = %(company)s
    )

    -- operations that are unusual, or do not know their request
    SELECT unnest(ARRAY[partner_id, partner_id_to]) FROM line
    WHERE CASE type
        WHEN 'subscription' THEN
            capital_release_request_id IS NULL OR partner_id_to IS NOT NULL
            OR operation_request_id IS NOT NULL
        WHEN 'sell_back' THEN
            operation_request_id IS NULL OR partner_id_to IS NOT NULL
            OR capital_release_request_id IS NOT NULL
        WHEN 'transfer' THEN
            operation_request_id IS NULL OR capital_release_request_id IS NOT NULL
            OR partner_id_to IS NULL OR partner_id_to = partner_id
        ELSE TRUE
    END
    UNION ALL
    -- numbers
    SELECT unnest(ARRAY[partner_id, partner_id_to]) FROM line
    WHERE register_number_operation IN (
        SELECT register_number_operation FROM line
        GROUP BY register_number_operation
        HAVING count(*) > 1 AND (
            min(partner_id) <> max(partner_id)
            OR min(capital_release_request_id) <> max(capital_release_request_id)
            OR bool_or(type <> 'subscription')
        )
    )
    UNION ALL
    SELECT partner_id FROM membership WHERE number IN (
        SELECT number FROM membership GROUP BY number HAVING number <> 0 AND count(*) > 1
    )
    UNION ALL
    -- shares
    SELECT partner_id FROM expected WHERE is_plain IS NOT TRUE
    UNION ALL
    SELECT COALESCE(expected.partner_id, held.partner_id)
    FROM expected FULL JOIN held
        ON held.partner_id = expected.partner_id
        AND held.place = expected.place
        AND held.effective_date = expected.date
        AND held.share_product_id = expected.share_product_id
        AND held.share_number = expected.quantity
        AND held.share_unit_price = expected.share_unit_price
    WHERE held.place IS NULL OR expected.place IS NULL
    UNION ALL
    SELECT taken.partner_id
    FROM taken LEFT JOIN gained USING (partner_id)
    WHERE gained.place IS NULL
    UNION ALL
    -- memberships
    SELECT COALESCE(membership.partner_id, person.partner_id)
    FROM membership FULL JOIN (
        SELECT partner_id, bool_or(is_all_taken) AS is_all_taken
        FROM expected GROUP BY partner_id
    ) person ON person.partner_id = membership.partner_id
    WHERE CASE
        WHEN membership.partner_id IS NULL THEN TRUE
        WHEN person.partner_id IS NULL THEN
            membership.member OR membership.old_member OR membership.number <> 0
        ELSE
            membership.number <= 0
            OR membership.member = person.is_all_taken
            OR membership.old_member <> person.is_all_taken
    END
    UNION ALL
    -- shares of before the register, which are compared with what somebody has explained
    SELECT partner_id FROM membership WHERE has_opening
    UNION ALL
    -- capital release requests
    SELECT unnest(ARRAY[line.partner_id, request.partner_id])
    FROM line LEFT JOIN request ON request.id = line.capital_release_request_id
    WHERE line.type = 'subscription'
        AND line.partner_id IS DISTINCT FROM request.partner_id
    UNION ALL
    SELECT request.partner_id
    FROM request LEFT JOIN (
        SELECT
            capital_release_request_id AS id,
            min(register_number_operation) <> max(register_number_operation)
                AS is_several
        FROM line GROUP BY capital_release_request_id
    ) made ON made.id = request.id
    WHERE request.is_paid <> (made.id IS NOT NULL) OR made.is_several
    UNION ALL
    -- operation requests
    SELECT unnest(ARRAY[line.partner_id, line.partner_id_to, request.partner_id])
    FROM line LEFT JOIN asked request
        ON request.id = line.operation_request_id
    WHERE line.type <> 'subscription' AND (
        request.state IS DISTINCT FROM 'done' OR request.partner_id <> line.partner_id
    )
    UNION ALL
    SELECT request.partner_id
    FROM asked request LEFT JOIN line
        ON line.operation_request_id = request.id
    WHERE request.state = 'done' AND line.id IS NULL
"""


def find_doubtful(company):
    """Find the people who are not plainly right in the company's register.

    With a fixed number of queries. Payments are looked at by themselves: see
    :func:`~.payment_reader.load_doubtful_payments`.

    :return: a set of partner ids; who is related with somebody doubtful is in it too
    """
    cr = company.env.cr
    series.flush_all(company.env)
    # PostgreSQL has no statistics of a query's own tables: where it took them for small, it
    # would compare each row with each other
    cr.execute("SET LOCAL enable_nestloop TO off")
    cr.execute(REGISTER, {"company": company.id, "paid": PAID_STATES})
    found = {partner for (partner,) in cr.fetchall()}
    cr.execute("SET LOCAL enable_nestloop TO DEFAULT")
    return find_related(company, found - {None})
