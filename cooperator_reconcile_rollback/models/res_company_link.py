from collections import defaultdict

from psycopg2 import sql

from odoo import models

from ..books.table_read import read_table
from ..ledger.holding import ShareLine
from ..ledger.linking import (
    pair_other_operations,
    pair_share_lines,
    pair_subscriptions,
)
from ..ledger.replay import replay
from ..tools import series

REQUEST = "capital_release_request_id"
OPERATION_REQUEST = "operation_request_id"


class ResCompany(models.Model):
    """Links from operations and shares to what made them (requirement V5)."""

    _inherit = "res.company"

    def _link_register(self):
        """Link what was made before this module was installed, where exactly one fits.

        A fixed number of queries for each company. What cannot be linked is a finding
        of the register check.
        """
        for company in self:
            operations = company._load_operations()
            requests = company._load_requests(company._load_matches()).values()
            company._write_register_links(
                REQUEST, pair_subscriptions(operations, requests).links
            )
            company._write_register_links(
                OPERATION_REQUEST, company._pair_other_operations(operations).links
            )
            company._link_share_lines()

    def _pair_other_operations(self, operations=None):
        """Sales, transfers and conversions that do not know their operation request.

        :param operations: of the ledger; those of the register by default
        :return: :class:`~..ledger.linking.Pairing`
        """
        self.ensure_one()
        return pair_other_operations(
            self._load_operations() if operations is None else operations,
            self._load_operation_requests(),
        )

    def _write_register_links(self, name, links):
        lines = {
            line: request
            for operation, request in links.items()
            for line in operation.lines
        }
        self._write_links("subscription.register", name, lines)

    def _link_share_lines(self):
        """Link share lines with what made the operations that they come from."""
        self.ensure_one()
        holdings = replay(self._load_operations()).holdings
        lines = pair_share_lines(self._load_share_lines(), holdings)
        for name, attribute in (
            (REQUEST, "request"),
            (OPERATION_REQUEST, "operation_request"),
        ):
            links = {
                line: getattr(replayed, attribute) for line, replayed in lines.items()
            }
            self._write_links("share.line", name, links)

    def _load_share_lines(self):
        """The company's share lines by partner, the oldest first.

        :return: lists of id and :class:`~..ledger.holding.ShareLine`
        """
        self.ensure_one()
        names = [
            "partner_id",
            "share_product_id",
            "share_number",
            "share_unit_price",
            "effective_date",
            "capital_release_request_id",
            "operation_request_id",
        ]
        make_shares = self._get_shares_maker()
        lines = defaultdict(list)
        for values in read_table(
            self.env["share.line"], names, "company_id = %s", (self.id,)
        ):
            shares = make_shares(
                values.share_product_id,
                values.share_number,
                values.share_unit_price,
            )
            line = ShareLine(
                shares.share_type,
                shares.quantity,
                shares.unit_price,
                values.effective_date,
                values.capital_release_request_id,
                values.operation_request_id,
            )
            lines[values.partner_id].append((values.id, line))
        return lines

    def _write_links(self, model, name, links):
        """Set a link where there is none.

        SQL, since nothing of the operation changes: neither who wrote on it last nor
        when.

        :param links: cause's id by id of the model's record
        """
        links = {record: cause for record, cause in links.items() if cause}
        records = self.env[model].browse(links)
        series.flush(records)
        query = sql.SQL(
            "UPDATE {table} t SET {name} = links.cause "
            "FROM unnest(%s::int[], %s::int[]) AS links (record, cause) "
            "WHERE t.id = links.record AND t.{name} IS NULL"
        )
        self.env.cr.execute(
            query.format(
                table=sql.Identifier(records._table), name=sql.Identifier(name)
            ),
            (list(links), list(links.values())),
        )
        series.invalidate(records, [name])
