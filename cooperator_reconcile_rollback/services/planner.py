from collections import defaultdict

from odoo import _
from odoo.exceptions import UserError

from ..ledger.operation import SUBSCRIPTION, Operation
from ..ledger.plan import Correction, Options
from ..ledger.planning import make_plan
from .refusals import Refusals


class Planner:
    """What a rollback changes, before anything is touched.

    :param rollback: ``reconciliation.rollback``, a single one
    """

    def __init__(self, rollback):
        rollback.ensure_one()
        self.rollback = rollback
        self.env = rollback.env

    def make_plan(self):
        """Plan the corrections.

        :return: :class:`~..ledger.plan.Plan`
        :raises UserError: they can't be carried out
        """
        rollback = self.rollback
        if not rollback.line_ids:
            raise UserError(_("%s has no correction.", rollback.name))
        found = rollback.line_ids._get_register_lines()
        rollback.line_ids._check(found)
        # sudo: sequences, and the register as a whole, are needed to plan numbers; who
        # may see the rollback may see what comes of it
        company = rollback.company_id.sudo()
        register = company._load_register(
            {
                register_line: line.wrong_move_id.id
                for line, register_lines in found.items()
                for register_line in register_lines.ids
            }
        )
        partners = self.env["res.partner"]
        plan = make_plan(
            register,
            self._get_corrections(register),
            self._get_options(),
            lambda ids: company._load_holdings(partners.browse(sorted(ids))),
        )
        if plan.blockers:
            raise UserError("\n".join(map(rollback._word_problem, plan.blockers)))
        return plan

    def _get_options(self):
        rollback = self.rollback
        return Options(
            numbering=rollback.numbering,
            cascade=rollback.cascade,
            register_wins=bool(rollback.override_reason),
        )

    def _get_corrections(self, register):
        """The lines as corrections of the ledger.

        :param register: :class:`~..ledger.plan.Register`
        :raises UserError: a wrong request has no operation in it, or several
        """
        lines = self.rollback.line_ids
        operations = defaultdict(list)
        wrong = set(lines.wrong_move_id.ids)
        for operation in register.operations:
            if operation.request in wrong:
                operations[operation.request].append(operation)
        refusals = Refusals(self.env)
        for request in lines.wrong_move_id:
            numbers = {operation.number for operation in operations[request.id]}
            refusals.check_operation(request, numbers)
        rights = self._get_right_operations()
        return [
            Correction(
                operations[line.wrong_move_id.id][-1], rights.get(line.right_move_id)
            )
            for line in lines
        ]

    def _get_right_operations(self):
        """Operation without a number by right request that becomes paid.

        A payment can pay several requests: what is left of it after one goes to the
        next, in the order of the lines.
        """
        rollback = self.rollback
        lines = rollback.line_ids.filtered("right_move_id")
        available = {}
        for line in rollback.line_ids:
            item = line.payment_line_id
            amount = available.get(item, abs(item.amount_residual))
            available[item] = amount + line.amount
        currency = rollback.company_id.currency_id
        operations = {}
        for request in lines.right_move_id:
            paying = lines.filtered(lambda line, r=request: line.right_move_id == r)
            amount = paying[0]._get_open_amount(request)
            for item in paying.payment_line_id:
                paid = min(amount, available[item])
                available[item] -= paid
                amount -= paid
            if currency.is_zero(amount):
                operations[request] = self._make_right_operation(request, paying)
        return operations

    def _make_right_operation(self, request, lines):
        """The operation that cooperator will make of ``request``, paid by ``lines``."""
        rollback = self.rollback
        matches = request._get_request_matches() - rollback.line_ids.wrong_match_id
        payments = matches.credit_move_id.move_id | lines.payment_move_id
        dates = [(move.reclassified_move_id or move).date for move in payments]
        make_shares = rollback.company_id._get_shares_maker()
        return Operation(
            number=None,
            kind=SUBSCRIPTION,
            partner=request.partner_id.id,
            shares=tuple(
                make_shares(line.product_id.id, line.quantity, line.price_unit)
                for line in request.invoice_line_ids
            ),
            date=max(dates),
            request=request.id,
        )

    def find_made_users(self, plan):
        """Find the portal users that the wrong operations made.

        Such a user (``company.create_user``) was made in the same transaction as the
        register line, so both have the same creation time. Whoever keeps a cooperator
        number keeps the user.

        :param plan: :class:`~..ledger.plan.Plan`
        :return: ``res.users``
        """
        leaving = [c.partner for c in plan.changes if not c.after.number]
        # sudo: users are for system administrators
        users = (
            self.env["res.users"]
            .sudo()
            .search([("partner_id", "in", leaving), ("share", "=", True)])
        )
        if not users:
            return users
        lines = self.env["subscription.register"].browse(plan.removed_lines)
        moments = {(line.partner_id.id, line.create_date) for line in lines}
        return users.filtered(
            lambda user: (
                (user.partner_id.id, user.create_date) in moments
                and user.company_ids <= self.rollback.company_id
            )
        )
