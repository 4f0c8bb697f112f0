from odoo import _
from odoo.exceptions import UserError

from ..books.request_reader import PAID_STATES
from ..ledger import finding as kinds
from .refusals import Refusals
from .traces import Traces

# what was found of a correction when it was made
MATCHED = "matched"
UNMATCHED = "unmatched"
GONE = "gone"
SURPLUS = "surplus"
OPERATION = "operation"
UNREGISTERED = "unregistered"


class Proposal:
    """The corrections behind the records that a person has before him.

    :param env: the environment of that person
    """

    def __init__(self, env):
        self.env = env
        self.lines = env["reconciliation.rollback.line"]
        self.refusals = Refusals(env)
        self.traces = Traces(env)

    def find_corrections(self, records):
        """Find the corrections that ``records`` stand for.

        :param records: see ``ReconciliationRollback.create_from``
        :return: values of ``reconciliation.rollback.line`` by company; at least one for
            each record, each correction once
        :raises UserError: a record has nothing that can be corrected
        """
        if not records:
            raise UserError(_("There is nothing to roll back: choose a record first."))
        find = {
            "account.move": self._of_move,
            "subscription.register": self._of_register_line,
            "operation.request": self._of_operation_request,
            "account.bank.statement.line": self._of_statement_line,
            "res.partner": self._of_partner,
            "cooperator.register.finding": self._of_finding,
        }.get(records._name, self._of_payment)
        corrections = {}
        for record in records:
            for company, values in find(record):
                known = corrections.setdefault(company, {})
                known.setdefault(self._get_identity(values), values)
        return {
            company: list(values.values()) for company, values in corrections.items()
        }

    def _get_identity(self, values):
        """By what a correction is the same as another."""
        names = ("wrong_match_id", "register_lines", "wrong_move_id", "right_move_id")
        if values.get("wrong_match_id"):
            names = names[:1]
        return tuple(values.get(name) for name in names)

    # ------------------------------------------------------------------- the records

    def _of_payment(self, payment):
        return self._of_move(payment.move_id)

    def _of_move(self, move):
        if move.release_capital_request:
            return self._of_request(move)
        return self._of_payment_move(move)

    def _of_request(self, request):
        """What is wrong with a capital release request."""
        self.refusals.check_wrong_move(request)
        company = request.company_id
        operations = request._find_operations()
        is_paid = request.payment_state in PAID_STATES
        if not operations:
            return self._of_unregistered(request, is_paid)
        if not request._knows_its_operations():
            # of those that only fit it, one at most is its own
            self.refusals.check_operation(request, set(operations))
        if not is_paid:
            return [
                (company, self._prepare_unmatched(request, lines))
                for lines in operations.values()
            ]
        if len(operations) == 1:
            return self._of_matches(request._get_request_matches())
        surplus = list(operations.values())[1:]
        return [(company, self._prepare_surplus(request, one)) for one in surplus]

    def _of_unregistered(self, request, is_paid):
        """A request without an operation: removed by hand, or never made."""
        if self.traces.is_gone(request, is_paid):
            matches = request._get_request_matches()
            if matches:
                return self._of_matches(matches)
            return [(request.company_id, self._prepare_gone(request))]
        if not is_paid:
            self.refusals.refuse_unpaid(request)
        return [(request.company_id, self._prepare_unregistered(request))]

    def _of_matches(self, matches):
        corrections = []
        for match in matches:
            values = self.lines._prepare_line(match)
            self.refusals.check_match_in_no_other(match)
            lines = self.lines._read_register_lines(values)
            self.refusals.check_no_tax_shelter_certificate(lines)
            corrections.append((match.company_id, values))
        return corrections

    def _of_payment_move(self, move):
        """The requests that a payment pays, or has paid before it was taken off them."""
        matches = move._get_payment_matches()
        groundless = self.traces.find_groundless(move)
        if len(groundless) == 1:
            # matched with the right request since: the operation is what is wrong
            return self._of_request(groundless)
        if matches:
            requests = matches.debit_move_id.move_id
            if all(len(request._find_operations()) == 1 for request in requests):
                return self._of_matches(matches)
            return [one for request in requests for one in self._of_request(request)]
        if groundless:
            raise UserError(
                _(
                    "%(payment)s may have paid %(requests)s: start from the one that it "
                    "was taken off.",
                    payment=move.display_name,
                    requests=", ".join(groundless.mapped("display_name")),
                )
            )
        raise UserError(
            _(
                "%(move)s is neither a capital release request nor a payment that is, or "
                "was, matched with one: start from the request, or from the menu "
                "Subscription Register.",
                move=move.display_name,
            )
        )

    def _of_statement_line(self, statement_line):
        """The line's own entry, or the booked payments that it has confirmed."""
        move = statement_line.move_id
        if not move._get_payment_matches():
            items = move.line_ids
            confirmed = (
                items.matched_debit_ids.debit_move_id.move_id
                | items.matched_credit_ids.credit_move_id.move_id
            ).filtered(lambda m: m._get_payment_matches())
            if confirmed:
                return [one for m in confirmed for one in self._of_payment_move(m)]
        return self._of_payment_move(move)

    def _of_register_line(self, line):
        """An operation of the register, of whatever kind."""
        lines = line._get_operation_lines()
        if line.type != "subscription":
            return [(line.company_id, self._prepare_any_operation(lines))]
        request = line._get_requests()
        if len(request) != 1:
            # nobody knows what made it, but it can go
            return [(line.company_id, self._prepare_any_operation(lines))]
        self.refusals.check_wrong_move(request)
        if request.payment_state not in PAID_STATES:
            return [(line.company_id, self._prepare_unmatched(request, lines))]
        if len(request._find_operations()) > 1:
            return [(line.company_id, self._prepare_surplus(request, lines))]
        return self._of_matches(request._get_request_matches())

    def _of_operation_request(self, request):
        lines = request._find_register_lines()
        if lines:
            return [(request.company_id, self._prepare_any_operation(lines))]
        name = {
            "operation": dict(
                request._fields["operation_type"]._description_selection(self.env)
            )[request.operation_type],
            "partner": request.partner_id.name,
        }
        if request.state == "done":
            raise UserError(
                _(
                    "The register has no operation for the %(operation)s of %(partner)s: "
                    "open the register check, it has a button for that.",
                    **name,
                )
            )
        raise UserError(
            _(
                "The %(operation)s of %(partner)s is not executed, so there is no "
                "operation to roll back: press Cancel on the operation request.",
                **name,
            )
        )

    def _of_partner(self, partner):
        """All that is wrong with what a person has; else the one request that is paid."""
        requests = self.env["account.move"].search(
            [
                ("release_capital_request", "=", True),
                ("move_type", "=", "out_invoice"),
                ("partner_id", "=", partner.id),
                ("company_id", "in", self.env.companies.ids),
            ],
            order="id",
        )
        found = []
        paid = requests.filtered(lambda r: r.payment_state in PAID_STATES)
        for request in requests:
            operations = request._find_operations()
            is_paid = request in paid
            if operations and (not is_paid or len(operations) > 1):
                found += self._of_request(request)
            elif not operations and (is_paid or self.traces.is_gone(request, False)):
                found += self._of_request(request)
        if found:
            return found
        wrong = paid.filtered(
            lambda r: r._get_request_matches().filtered(
                lambda match: (
                    match.credit_move_id.partner_id.commercial_partner_id
                    != r.commercial_partner_id
                )
            )
        )
        chosen = wrong if len(wrong) == 1 else paid
        if len(chosen) == 1:
            return self._of_request(chosen)
        raise UserError(
            _(
                "%(partner)s has %(count)s paid capital release requests: start from the "
                "wrong one of %(requests)s.",
                partner=partner.name,
                count=len(chosen),
                requests=", ".join(chosen.mapped("name")),
            )
            if chosen
            else _(
                "%s has no operation of the register that a payment has made: start from "
                "the menu Subscription Register.",
                partner.name,
            )
        )

    def _of_finding(self, finding):
        """What the register check has found."""
        found = finding._get_finding()
        if found.kind in (kinds.OTHER_PAYER, kinds.OTHER_REQUEST_NAMED):
            self._check_made_operation(finding.request_id)
            matches = finding.request_id._get_request_matches().filtered(
                lambda match: match.credit_move_id.move_id == finding.payment_id
            )
            corrections = self._of_matches(matches)
            named = self.env["account.move"].browse(found.named)
            if len(named) == 1 and named.payment_state not in PAID_STATES:
                for _company, values in corrections:
                    values["right_move_id"] = named.id
            return corrections
        if finding.request_id:
            return self._of_request(finding.request_id)
        if found.lines:
            lines = self.env["subscription.register"].browse(found.lines).exists()
            return self._of_register_line(lines[:1])
        return self._of_partner(self.env["res.partner"].browse(found.partners[:1]))

    def _check_made_operation(self, request):
        """:raises UserError: ``request`` is paid in part, and never made an operation"""
        is_paid = request.payment_state in PAID_STATES
        if is_paid or request._find_operations():
            return
        if not self.traces.is_gone(request, is_paid):
            self.refusals.refuse_unpaid(request)

    # --------------------------------------------------------------- the corrections

    def _prepare_unmatched(self, request, register_lines):
        """A wrong operation whose match is removed already."""
        values = {
            **self.lines._prepare_operation(register_lines, UNMATCHED),
            "wrong_move_id": request.id,
            "account_id": request._get_request_items()[:1].account_id.id,
        }
        self.refusals.check_no_tax_shelter_certificate(register_lines)
        dates = register_lines.mapped("date")
        return {**values, **self.traces.propose_payment(request, dates)}

    def _prepare_gone(self, request):
        """A wrong operation that is no longer in the register, nor is its match."""
        return {
            "situation": GONE,
            "operation_partner_id": request.partner_id.id,
            "wrong_move_id": request.id,
            "account_id": request._get_request_items()[:1].account_id.id,
            "register_lines": "[]",
            "amount": request.amount_total_signed,
            **self.traces.propose_payment(request),
        }

    def _prepare_surplus(self, request, register_lines):
        """One more operation for a request that has its own."""
        self.refusals.check_no_tax_shelter_certificate(register_lines)
        return {
            **self.lines._prepare_operation(register_lines, SURPLUS),
            "wrong_move_id": request.id,
        }

    def _prepare_any_operation(self, register_lines):
        self.refusals.check_no_tax_shelter_certificate(register_lines)
        values = self.lines._prepare_operation(register_lines, OPERATION)
        request = register_lines._get_operation_requests()
        return {**values, "operation_request_id": request[:1].id}

    def _prepare_unregistered(self, request):
        return {
            "situation": UNREGISTERED,
            "right_move_id": request.id,
            "amount": request.amount_total_signed,
        }
