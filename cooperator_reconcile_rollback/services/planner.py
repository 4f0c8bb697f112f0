from collections import defaultdict
from dataclasses import replace

from odoo import _
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..books.left_gaps import load_left_gaps
from ..ledger.begun_by_hand import restore
from ..ledger.numbering import APPEND, CLOSE_GAP
from ..ledger.operation import SUBSCRIPTION, Operation
from ..ledger.plan import MATCH_REMOVED, Correction, DoneByHand, Options
from ..ledger.planning import make_plan
from .accounting_changes import find_changes
from .books_trial import BooksTrial
from .payments import Payments
from .proposal import SURPLUS, UNREGISTERED
from .refusals import Refusals
from .traces import Traces


class Planner:
    """What a rollback changes, before anything is touched.

    :param rollback: ``reconciliation.rollback``, a single one
    """

    def __init__(self, rollback):
        rollback.ensure_one()
        self.rollback = rollback
        self.env = rollback.env
        # what the payments pay, and what Odoo makes of that where the amounts do not tell
        self.payments = Payments(rollback.line_ids)
        trial = BooksTrial(rollback.line_ids)
        self.trial = trial if trial.is_needed() else None
        self.wrong_matches = rollback.line_ids.wrong_match_id
        # as it was read for the plan
        self.register = None

    def make_plan(self):
        """Plan the corrections.

        :return: :class:`~..ledger.plan.Plan`
        :raises UserError: they can't be carried out
        """
        rollback = self.rollback
        if not rollback.line_ids:
            raise UserError(
                _(
                    "%s has no correction: press Cancel and start from what is wrong.",
                    rollback.name,
                )
            )
        self._check_reason()
        found = rollback.line_ids._get_register_lines()
        rollback.line_ids._check(found, self.payments)
        self._check_books()
        # sudo: sequences, and the register as a whole, are needed to plan numbers; who
        # may see the rollback may see what comes of it
        company = rollback.company_id.sudo()
        today = company._load_register(
            {
                register_line: line.wrong_move_id.id
                for line, register_lines in found.items()
                for register_line in register_lines.ids
                if line.wrong_move_id
            }
        )
        today = replace(
            today,
            reserved_operations=load_left_gaps(company, "operation"),
            reserved_cooperators=load_left_gaps(company, "cooperator"),
        )
        self.register = today
        wrong = self._get_wrong_operations(today, found)
        restored = self._restore(company, today, wrong)
        plan = make_plan(
            restored.register,
            self._get_corrections(wrong, restored, self._get_rights(today, wrong)),
            self._get_options(),
            lambda ids: self._load_holdings(company, ids),
            today,
        )
        if plan.blockers:
            raise UserError("\n".join(map(rollback._word_problem, plan.blockers)))
        self._check_closed(plan)
        return replace(
            plan,
            by_hand=(*self._find_removed_matches(plan), *plan.by_hand),
            right_matches=tuple(sorted(self.payments.find_right_matches().ids)),
        )

    def _check_reason(self):
        """:raises UserError: nothing says why numbers of others are to change"""
        rollback = self.rollback
        if rollback.numbering == CLOSE_GAP and not rollback.note:
            raise UserError(
                _(
                    "%s moves later numbers down, those of others too: write in the note "
                    "why, then press Plan.",
                    rollback.name,
                )
            )

    def _check_closed(self, plan):
        """:raises UserError: numbers of a register that is closed would be given again"""
        rollback = self.rollback
        closing = self.env["cooperator.register.closing"]._get_last(rollback.company_id)
        closed = [one for one in plan.removed if closing._covers(one.number, one.date)]
        if not closed:
            return
        is_appended = rollback.numbering == APPEND and (
            not plan.freed or rollback.member_numbering == APPEND
        )
        if not is_appended:
            raise UserError(
                _(
                    "Operation %(number)s of %(date)s is in the register that was closed to "
                    "%(closed)s, where no number is given again: press Back to draft, "
                    "choose “The right operation gets the next number” and “The freed "
                    "number is not given again”, then press Plan.",
                    number=closed[0].number,
                    date=format_date(self.env, closed[0].date),
                    closed=format_date(self.env, closing.date_to),
                )
            )

    def _check_books(self):
        """Try out the matches where Odoo alone knows what comes of them.

        :raises UserError: Odoo would refuse them
        """
        refusal = self.trial and self.trial.find_refusal()
        if refusal:
            raise UserError(
                _(
                    "%(rollback)s cannot be carried out, since Odoo refuses it: "
                    "%(refusal)s Put that right, then press Plan.",
                    rollback=self.rollback.name,
                    refusal=refusal,
                )
            )

    def find_accounting_changes(self):
        """Find what the corrections change in the books; see :mod:`.accounting_changes`."""
        return find_changes(self.rollback.line_ids, self.payments, self.trial)

    def _load_holdings(self, company, partners):
        return company._load_holdings(self.env["res.partner"].browse(sorted(partners)))

    def _get_options(self):
        rollback = self.rollback
        return Options(
            numbering=rollback.numbering,
            member_numbering=rollback.member_numbering,
            cascade=rollback.cascade,
            register_wins=bool(rollback.override_reason),
            choices={one.partner_id.id: one.choice for one in rollback.difference_ids},
        )

    def _get_wrong_operations(self, register, found):
        """The wrong operation of each line that has one.

        :param register: :class:`~..ledger.plan.Register` as it is today
        :param found: register lines by line
        :return: ``{line: Operation}``; one that is no longer in the register has no
            register lines, and a number only if it was kept
        :raises UserError: several operations fit
        """
        refusals = Refusals(self.env)
        by_line, by_request = {}, defaultdict(set)
        for operation in register.operations:
            by_line.update(dict.fromkeys(operation.lines, operation))
            by_request[operation.request].add(operation.number)
        wrong = {}
        for line, register_lines in found.items():
            operations = {
                by_line[one].number: by_line[one]
                for one in register_lines.ids
                if one in by_line
            }
            if operations:
                refusals.check_operation(line.wrong_move_id, set(operations))
                (wrong[line],) = operations.values()
            elif line.wrong_move_id:
                wrong[line] = self._make_gone_operation(line)
            elif line.situation != UNREGISTERED:
                refusals.refuse_removed(line)
        removed = {operation.number for operation in wrong.values()}
        for line in wrong:
            # without the match none of them has a ground
            if line.wrong_match_id:
                numbers = by_request[line.wrong_move_id.id]
                if not numbers <= removed:
                    refusals.check_operation(line.wrong_move_id, numbers)
        return wrong

    def _make_gone_operation(self, line):
        """The operation of a request as it was before somebody deleted it by hand."""
        request = line.wrong_move_id
        return Operation(
            number=line.operation_number or None,
            kind=SUBSCRIPTION,
            partner=request.partner_id.id,
            shares=self._get_shares(request),
            date=Traces(self.env).find_date(request, line),
            request=request.id,
        )

    def _restore(self, company, register, wrong):
        """The register as it was before somebody began by hand."""
        operations = list(dict.fromkeys(wrong.values()))
        people = {one.partners[-1] for one in operations} - register.numbers.keys()
        holdings = self._load_holdings(company, people) if people else {}
        traces = Traces(self.env)
        return restore(
            register,
            operations,
            reset={one for one in people if traces.is_reset(holdings[one])},
        )

    def _get_corrections(self, wrong, restored, rights):
        """The lines as corrections of the ledger.

        :param wrong: what :meth:`_get_wrong_operations` gave
        :param restored: what :meth:`_restore` gave
        :param rights: what :meth:`_get_rights` gave
        """
        corrections = []
        for line in self.rollback.line_ids:
            operation = wrong.get(line)
            operation = operation and restored.operations[operation]
            right = [rights[m] for m in line._get_right_moves() if m in rights]
            first = right[0] if right else None
            number = line.right_number or None
            corrections.append(Correction(operation, first, number))
            # they draw the next numbers
            corrections += [Correction(right=other) for other in right[1:]]
        return corrections

    def _find_removed_matches(self, plan):
        """What tells that the match of a wrong operation is removed already."""
        gone = {
            line.wrong_move_id.id
            for line in self.rollback.line_ids
            if not line.wrong_match_id and line.situation != SURPLUS
        }
        return [
            DoneByHand(MATCH_REMOVED, operation.number, operation.partner)
            for operation in plan.removed
            if operation.request in gone
        ]

    def _get_rights(self, register, wrong):
        """The right operations that are made.

        A right request that is in the register already, since its match was removed by
        hand, keeps its operation: being paid makes no other one.

        :param register: :class:`~..ledger.plan.Register` as it is today
        :param wrong: what :meth:`_get_wrong_operations` gave
        :return: operation without a number by request
        """
        removed = set(wrong.values())
        registered = {one.request for one in register.operations if one not in removed}
        return {
            request: operation
            for request, operation in self._get_right_operations(
                self.payments.paid
            ).items()
            if request.id not in registered
        }

    def _get_right_operations(self, paid):
        """Operation without a number by right request that becomes paid, or is."""
        lines = self.rollback.line_ids
        operations, paying = {}, defaultdict(lines.browse)
        for line in lines:
            for request in line._get_right_moves():
                paying[request] |= line
        for request in self._find_paid_requests(paid):
            operations[request] = self._make_right_operation(request, paying[request])
        for line in lines.filtered(lambda line: line.situation == UNREGISTERED):
            request = line.right_move_id
            operations[request] = self._make_right_operation(request, line)
        return operations

    def _find_paid_requests(self, paid):
        """The right requests that become paid, in the order of the lines."""
        lines = self.rollback.line_ids
        currency = self.rollback.company_id.currency_id
        amounts = defaultdict(float)
        for (_line, request), amount in paid.items():
            amounts[request] += amount
        if self.trial:
            settled = self.trial.find_paid()
            return [request for request in amounts if request in settled]
        return [
            request
            for request, amount in amounts.items()
            if amount and currency.is_zero(lines[:1]._get_open_amount(request) - amount)
        ]

    def _get_shares(self, request):
        """The shares of each invoice line of a capital release request."""
        make_shares = self.rollback.company_id._get_shares_maker()
        return tuple(
            make_shares(line.product_id.id, line.quantity, line.price_unit)
            for line in request.invoice_line_ids
        )

    def _make_right_operation(self, request, lines):
        """The operation that cooperator will make of ``request``, paid by ``lines``."""
        matches = request._get_request_matches() - self.wrong_matches
        payments = matches.credit_move_id.move_id | lines.payment_move_id
        dates = [(move.reclassified_move_id or move).date for move in payments]
        return Operation(
            number=None,
            kind=SUBSCRIPTION,
            partner=request.partner_id.id,
            shares=self._get_shares(request),
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
