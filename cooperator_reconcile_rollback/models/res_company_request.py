from collections import defaultdict

from odoo import models

from ..books.table_read import read_table, select
from ..ledger.request import CapitalReleaseRequest, OperationRequest
from ..services.refusals import PAID_STATES
from ..tools import series

IS_REQUEST = "company_id = %s AND release_capital_request AND move_type = 'out_invoice'"
# The matches are found before all else: of tables that have grown since PostgreSQL counted
# their rows it would combine each journal item with each other.
MATCHES = f"""
    WITH match AS MATERIALIZED (
        SELECT
            partial.id,
            partial.credit_move_id,
            request.id AS request_id,
            request.partner_id
        FROM (SELECT id, partner_id FROM account_move WHERE {IS_REQUEST}) request
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


class ResCompany(models.Model):
    """Reading what makes operations, with a fixed number of queries."""

    _inherit = "res.company"

    def _load_matches(self):
        """What pays the company's capital release requests.

        :return: a named tuple for each match; see the query for what it says
        """
        self.ensure_one()
        return select(self.env, MATCHES, (self.id,))

    def _load_requests(self, matches):
        """The company's capital release requests.

        :param matches: what :meth:`_load_matches` gave
        :return: :class:`~..ledger.request.CapitalReleaseRequest` by id
        """
        self.ensure_one()
        dates = defaultdict(list)
        for match in matches:
            dates[match.request].append(match.date)
        make_shares = self._get_shares_maker()
        shares = defaultdict(list)
        for line in read_table(
            self.env["account.move.line"],
            ["move_id", "product_id", "quantity", "price_unit"],
            f"{series.INVOICE_LINE} AND move_id IN "
            f"(SELECT id FROM account_move WHERE {IS_REQUEST})",
            (self.id,),
        ):
            shares[line.move_id].append(
                make_shares(line.product_id, line.quantity, line.price_unit)
            )
        cancelled = {
            subscription.id
            for subscription in read_table(
                self.env["subscription.request"],
                [],
                "company_id = %s AND state = 'cancelled'",
                (self.id,),
            )
        }
        names = [
            "name",
            "payment_reference",
            "partner_id",
            "state",
            "payment_state",
            "subscription_request",
        ]
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
                self.env["account.move"], names, IS_REQUEST, (self.id,)
            )
        }

    def _load_operation_requests(self):
        """The company's operation requests.

        :return: a list of :class:`~..ledger.request.OperationRequest`
        """
        self.ensure_one()
        names = [
            "operation_type",
            "partner_id",
            "partner_id_to",
            "share_product_id",
            "quantity",
            "state",
            "effective_date",
        ]
        return [
            OperationRequest(
                id=values.id,
                kind=values.operation_type,
                partner=values.partner_id,
                receiver=values.partner_id_to
                if values.operation_type == "transfer"
                else None,
                share_type=values.share_product_id,
                quantity=values.quantity,
                is_done=values.state == "done",
                date=values.effective_date,
            )
            for values in read_table(
                self.env["operation.request"], names, "company_id = %s", (self.id,)
            )
        ]
