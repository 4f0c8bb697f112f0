from collections import defaultdict

from odoo import models

from ..books.table_read import read_table
from ..ledger.operation import CONVERSION, Operation
from ..ledger.plan import Register
from ..ledger.related_partners import find_related_partners
from ..ledger.replay import replay
from .res_company import COOPERATOR_SEQUENCE, OPERATION_SEQUENCE


class ResCompany(models.Model):
    """Reading the company's register as a ledger."""

    _inherit = "res.company"

    def _load_register(self, requests=None):
        """The company's register as :class:`~..ledger.plan.Register`, whoever asks.

        :param requests: capital release request's id by register line's id, for lines
            that do not know theirs (made before this module was installed)
        """
        self.ensure_one()
        memberships = read_table(
            self.env["cooperative.membership"],
            ["partner_id", "cooperator_register_number"],
            "company_id = %s AND cooperator_register_number > 0",
            (self.id,),
        )
        following = self._get_next_numbers()
        return Register(
            operations=self._load_operations(requests),
            numbers={
                values.partner_id: values.cooperator_register_number
                for values in memberships
            },
            next_operation=following[OPERATION_SEQUENCE],
            next_cooperator=following[COOPERATOR_SEQUENCE],
        )

    def _load_operations(self, requests=None, partners=None):
        """The operations of the company's register, in its order.

        :param requests: see :meth:`_load_register`
        :param partners: ``res.partner``: only what their holdings come from is loaded
        """
        self.ensure_one()
        names = [
            "register_number_operation",
            "type",
            "partner_id",
            "partner_id_to",
            "date",
            "quantity",
            "quantity_to",
            "share_product_id",
            "share_to_product_id",
            "share_unit_price",
            "capital_release_request_id",
            "operation_request_id",
        ]
        where, parameters = "company_id = %s", [self.id]
        if partners is not None:
            where += " AND partner_id = ANY(%s)"
            parameters.append(sorted(self._get_related_partners(partners)))
        make_shares = self._get_shares_maker()
        operations = defaultdict(list)
        for values in read_table(
            self.env["subscription.register"],
            names,
            where,
            parameters,
            order="register_number_operation, id",
        ):
            key = (
                values.register_number_operation,
                values.type,
                values.partner_id,
                values.partner_id_to,
                values.capital_release_request_id,
            )
            operations[key].append(values)
        return tuple(
            self._prepare_operation(values, requests or {}, make_shares)
            for values in operations.values()
        )

    def _get_related_partners(self, partners):
        """Return the ids of partners and of those linked with them by transfers."""
        transfers = read_table(
            self.env["subscription.register"],
            ["partner_id", "partner_id_to"],
            "company_id = %s AND partner_id_to IS NOT NULL",
            (self.id,),
        )
        return find_related_partners(
            partners.ids,
            [(row.partner_id, row.partner_id_to) for row in transfers],
        )

    def _replay_holdings(self, partners, numbers):
        """What the register gives to partners, as it stands now.

        :param partners: ``res.partner``
        :param numbers: cooperator number by partner id, of whom it makes a member
        :return: :class:`~..ledger.holding.Holding` by partner id; those of others too
        """
        operations = self._load_operations(partners=partners)
        return replay(operations, numbers).holdings

    def _prepare_operation(self, lines, requests, make_shares):
        """An operation of the ledger.

        :param lines: values of the register lines that share its number
        :param requests: see :meth:`_load_register`
        :param make_shares: what :meth:`_get_shares_maker` gave
        """
        first = lines[0]
        shares = tuple(
            make_shares(
                values.share_product_id,
                values.quantity,
                values.share_unit_price,
            )
            for values in lines
        )
        converted = None
        if first.type == CONVERSION and first.quantity_to:
            # cooperator does not store the new price: the value stays the same
            amount = shares[0].amount / first.quantity_to
            converted = make_shares(
                first.share_to_product_id, first.quantity_to, amount
            )
        return Operation(
            number=first.register_number_operation,
            kind=first.type,
            partner=first.partner_id,
            shares=shares,
            date=first.date,
            receiver=first.partner_id_to or None,
            converted=converted,
            request=first.capital_release_request_id or requests.get(first.id) or None,
            lines=tuple(values.id for values in lines),
            operation_request=first.operation_request_id or None,
        )
