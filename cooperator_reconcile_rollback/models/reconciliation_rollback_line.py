import json

from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..books.entries_of_matches import find_matches_of_entries
from ..books.payers import read_payers, restore_payers
from ..services.payer import Payer
from ..services.payments import Payments
from ..services.proposal import (
    GONE,
    MATCHED,
    OPERATION,
    SURPLUS,
    UNMATCHED,
    UNREGISTERED,
)
from ..services.refusals import Refusals
from ..tools import series
from ..tools.window_action import window_action


class ReconciliationRollbackLine(models.Model):
    """One correction: an operation to remove, one to make, or both, with their matches."""

    _name = "reconciliation.rollback.line"
    _inherit = "reconciliation.rollback.evidence"
    _description = "Correction of a reconciliation"
    _order = "rollback_id, id"

    rollback_id = fields.Many2one(
        "reconciliation.rollback", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="rollback_id.company_id", store=True)
    state = fields.Selection(related="rollback_id.state")
    wrong_match_id = fields.Many2one(
        "account.partial.reconcile",
        readonly=True,
        ondelete="set null",
        copy=False,
        check_company=True,
    )
    wrong_move_id = fields.Many2one(
        "account.move",
        string="Wrongly paid request",
        readonly=True,
        check_company=True,
    )
    situation = fields.Selection(
        [
            (MATCHED, "Wrongly matched"),
            (UNMATCHED, "The match is removed already"),
            (GONE, "The operation is removed already"),
            (SURPLUS, "Registered once more"),
            (OPERATION, "Wrong operation"),
            (UNREGISTERED, "Paid, but not registered"),
        ],
        string="What was found",
        readonly=True,
        required=True,
        default=MATCHED,
    )
    operation_partner_id = fields.Many2one(
        "res.partner",
        string="Person of the wrong operation",
        readonly=True,
        help="Who subscribed, gave, sold or converted by the operation to be removed.",
    )
    wrong_partner_id = fields.Many2one(
        "res.partner", string="Wrong person", compute="_compute_wrong_partner_id"
    )
    payment_line_id = fields.Many2one(
        "account.move.line",
        string="Payment's journal item",
        domain="[('company_id', '=', company_id), ('account_id', '=', account_id), "
        "('parent_state', '=', 'posted'), ('move_id.move_type', '=', 'entry'), "
        "('balance', '<', 0), ('reconciled', '=', False)]",
        ondelete="set null",
        check_company=True,
        help="What the payment is booked with. Where the wrong match is gone, choose "
        "which open payment it was.",
    )
    payment_move_id = fields.Many2one("account.move", string="Payment", readonly=True)
    payment_partner_id = fields.Many2one(
        "res.partner", string="Booked on", readonly=True
    )
    account_id = fields.Many2one("account.account", readonly=True)
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    operation_number = fields.Integer(string="Wrong operation", readonly=True)
    # their ids, which stay when a step deletes them and a revert brings them back
    register_lines = fields.Char(string="Operation", readonly=True, copy=False)
    right_move_id = fields.Many2one(
        "account.move",
        string="Right request",
        check_company=True,
        domain="[('release_capital_request', '=', True), "
        "('move_type', '=', 'out_invoice'), ('state', '=', 'posted'), "
        "('company_id', '=', company_id)]",
        help="The request that the payment was meant for; empty where it was not for "
        "shares at all.",
    )
    right_ids = fields.One2many(
        "reconciliation.rollback.right",
        "line_id",
        string="Further right requests",
        help="What is left of the payment goes to these requests, in their order.",
    )
    right_number = fields.Integer(
        string="Number to take",
        help="The operation number that the right request takes, if it is not the next "
        "one: a number that is missing in the register.",
    )
    right_amount = fields.Monetary(
        string="Planned to be paid",
        readonly=True,
        help="How much the payment was to pay of the right requests when it was planned.",
    )
    operation_request_id = fields.Many2one(
        "operation.request",
        string="Operation request",
        readonly=True,
        help="The request for the sale, transfer or conversion to be rolled back.",
    )
    operation_request_outcome = fields.Selection(
        [("cancelled", "Is cancelled"), ("approved", "Goes back to Approved")],
        string="Its request",
        default="cancelled",
        required=True,
    )
    invoice_id = fields.Many2one(
        related="operation_request_id.invoice", string="Its entry"
    )
    is_invoice_reversed = fields.Boolean(
        string="Reverse its entry",
        help="Post a reversal of the entry that was booked for the sale. Otherwise it is "
        "left to the accountant.",
    )
    reversal_move_id = fields.Many2one(
        "account.move", string="Reversal", readonly=True, copy=False
    )
    right_partner_id = fields.Many2one(
        "res.partner", string="Right person", compute="_compute_right_partner_id"
    )
    reclassification_move_id = fields.Many2one(
        "account.move", string="Reclassification", readonly=True, copy=False
    )

    @api.depends("wrong_move_id.partner_id", "operation_partner_id")
    def _compute_wrong_partner_id(self):
        for line in self:
            line.wrong_partner_id = (
                line.wrong_move_id.partner_id or line.operation_partner_id
            )

    @api.depends("right_move_id.partner_id", "company_id")
    def _compute_right_partner_id(self):
        for line in self:
            line.right_partner_id = line._get_right_moves_of_company()[:1].partner_id

    def _get_right_moves_of_company(self):
        """The right requests, without one of another company.

        The first releases did not refuse these. Whoever may see a correction may see whom
        it concerns.
        """
        # sudo: accounting of the own company only
        lines = self.sudo()
        return lines.right_move_id.filtered(
            lambda move: move.company_id in lines.company_id
        )

    @api.model_create_multi
    def create(self, vals_list):
        """What a line tells of its match comes from the match, whoever makes it."""
        lines = super().create(vals_list)
        if self._is_by_action():
            return lines
        for line in lines.filtered("wrong_match_id"):
            line._by_action().write(self._prepare_line(line.wrong_match_id))
        lines._check_rights_given()
        return lines

    def write(self, vals):
        """What a line tells of its payment comes from the journal item."""
        res = super().write(vals)
        if self._is_by_action():
            return res
        if "payment_line_id" in vals:
            for line in self:
                line._check_payment_can_be_chosen()
                item = line.payment_line_id
                line._by_action().write(self._prepare_payment(item))
        if "right_move_id" in vals:
            self._check_rights_given()
        return res

    def _check_rights_given(self):
        """:raises UserError: somebody has chosen what is no capital release request"""
        for line in self.filtered("right_move_id"):
            Refusals(self.env).check_is_request(line.right_move_id)

    def _check_payment_can_be_chosen(self):
        """:raises UserError: the wrong match tells which payment it is, or it is none"""
        if self.wrong_match_id:
            raise UserError(
                _(
                    "%(payment)s is matched with %(request)s: that is the payment of "
                    "this correction. Start from another payment instead.",
                    payment=self.wrong_match_id.credit_move_id.move_id.name,
                    request=self.wrong_move_id.name,
                )
            )
        item = self.payment_line_id
        if item and not (
            item.parent_state == "posted"
            and item.move_id.move_type == "entry"
            and item.balance < 0
            and not item.reconciled
        ):
            raise UserError(
                _(
                    "%s is no open payment: choose a posted one that nothing is matched "
                    "with in full.",
                    item.display_name,
                )
            )

    @api.model
    def _get_fields_of_draft(self):
        return super()._get_fields_of_draft() | {
            "id",
            "right_move_id",
            "right_ids",
            "right_number",
            "payment_line_id",
            "operation_request_outcome",
            "is_invoice_reversed",
        }

    @api.model
    def _get_fields_of_creation(self):
        return super()._get_fields_of_creation() | {
            "rollback_id",
            "wrong_match_id",
        }

    @api.model
    def _prepare_payment(self, item):
        """What is kept of a payment that is open.

        :param item: ``account.move.line``; empty where there is none
        :return: values of the line
        """
        if not item:
            return {"payment_move_id": False, "payment_partner_id": False}
        return {
            "payment_line_id": item.id,
            "payment_move_id": item.move_id.id,
            "payment_partner_id": item.partner_id.id,
            "account_id": item.account_id.id,
            "amount": abs(item.amount_residual),
        }

    @api.model
    def _prepare_operation(self, register_lines, situation):
        """What is kept of a wrong operation.

        :param register_lines: ``subscription.register``, all of one operation
        :return: values of the line
        """
        return {
            "situation": situation,
            "operation_number": register_lines[:1].register_number_operation,
            "operation_partner_id": register_lines[:1].partner_id.id,
            "operation_request_id": register_lines[:1].operation_request_id.id,
            "register_lines": json.dumps(register_lines.ids),
            "amount": sum(
                line.quantity * line.share_unit_price for line in register_lines
            ),
        }

    @api.model
    def _prepare_line(self, match):
        """What is kept of a match.

        :param match: ``account.partial.reconcile``
        :return: values of the line
        """
        request = match.debit_move_id.move_id
        lines = request._find_register_lines()
        is_one = len(set(lines.mapped("register_number_operation"))) == 1
        return {
            "situation": MATCHED if lines else GONE,
            "operation_partner_id": request.partner_id.id,
            "wrong_match_id": match.id,
            "wrong_move_id": request.id,
            "payment_line_id": match.credit_move_id.id,
            "payment_move_id": match.credit_move_id.move_id.id,
            "payment_partner_id": match.credit_move_id.partner_id.id,
            "account_id": match.credit_move_id.account_id.id,
            "amount": match.amount,
            "operation_number": lines[:1].register_number_operation,
            "register_lines": is_one and json.dumps(lines.ids),
        }

    @api.model
    def _read_register_lines(self, values):
        """The register lines that a line's values name.

        :return: ``subscription.register``
        """
        ids = json.loads(values.get("register_lines") or "[]")
        return self.env["subscription.register"].browse(ids)

    def _get_register_lines(self):
        """The register lines of the wrong operations.

        They are found when the correction is made, and again where they are gone (another
        rollback may have applied the operation again) or where several operations fitted.

        :return: ``{reconciliation.rollback.line: subscription.register}``; none where the
            operation was removed by hand, or there is none to remove
        """
        register = self.env["subscription.register"]
        kept = {line: json.loads(line.register_lines or "[]") for line in self}
        present = register.browse(sum(kept.values(), [])).exists()
        found = {line: register.browse(ids) & present for line, ids in kept.items()}
        for line in self:
            if not found[line] and line.situation in (MATCHED, UNMATCHED):
                found[line] = line.wrong_move_id._find_register_lines()
        return found

    def _keep_plan(self, plan, payments):
        """Keep what is planned of each correction.

        How much its payment pays, and the number of an operation that is no longer in the
        register.

        :param plan: :class:`~..ledger.plan.Plan`
        :param payments: :class:`~..services.payments.Payments` of all of them
        """
        amounts = dict.fromkeys(self, 0.0)
        for (line, _request), amount in payments.paid.items():
            amounts[line] += amount
        for line, amount in amounts.items():
            line.right_amount = amount
        numbers = {one.request: one.number for one in plan.removed if one.request}
        for line in self.filtered(lambda line: not line.operation_number):
            number = numbers.get(line.wrong_move_id.id)
            if number:
                line.operation_number = number

    def _get_situation(self):
        """What was found of the correction, in words."""
        labels = dict(self._fields["situation"]._description_selection(self.env))
        return labels[self.situation]

    def action_open(self):
        """Show all of the correction, to decide on what few need."""
        self.ensure_one()
        return window_action(self, _("Correction"), target="new")

    # -------------------------------------------------------------------- refusals

    def _check(self, register_lines, payments):
        """Check that the corrections can be made, as far as the books tell.

        :param register_lines: what :meth:`_get_register_lines` gave
        :param payments: their :class:`~..services.payments.Payments`
        :raises UserError: one can't
        """
        refusals = Refusals(self.env)
        for line in self:
            if line.situation == UNREGISTERED:
                refusals.check_unregistered(line.right_move_id)
                continue
            if line.wrong_move_id:
                refusals.check_wrong_move(line.wrong_move_id)
            refusals.check_in_no_other(line)
            refusals.check_no_tax_shelter_certificate(register_lines[line])
            refusals.check_reversal(line)
            if line.right_move_id:
                line._check_right_move(payments.paid)
        payments.check()

    def _check_right_moves(self, paid):
        """Check that the payments can pay their right requests.

        :param paid: see :class:`~..services.payments.Payments`
        :raises UserError: one can't
        """
        for line in self.filtered("right_move_id"):
            if line.situation == UNREGISTERED:
                Refusals(self.env).check_unregistered(line.right_move_id)
            else:
                line._check_right_move(paid)

    def _check_right_move(self, paid):
        """Check that the payment can pay its right requests.

        :param paid: see :class:`~..services.payments.Payments`
        :raises UserError: it can't
        """
        self.ensure_one()
        Refusals(self.env).check_right_moves(self, paid)

    # ----------------------------------------------------------- the right requests

    def _get_right_moves(self):
        """The right requests, in the order in which the payment pays them."""
        self.ensure_one()
        return self.right_move_id.union(*self.right_ids.sorted("sequence").move_id)

    def _get_all_right_moves(self):
        """The right requests of all these corrections, each once."""
        none = self.env["account.move"]
        return none.union(*[line._get_right_moves() for line in self])

    def _find_registered_rights(self, plan):
        """The right requests that keep an operation which the register has already.

        :param plan: :class:`~..ledger.plan.Plan` of the rollback
        :return: ``account.move``
        """
        made = {operation.request for operation in plan.inserted}
        requests = self._get_all_right_moves().filtered(lambda m: m.id not in made)
        if not requests:
            return requests
        lines = self.env["subscription.register"].search(
            [
                ("capital_release_request_id", "in", requests.ids),
                ("id", "not in", plan.removed_lines),
            ]
        )
        registered = set(lines.capital_release_request_id.ids)
        # of a cascade, those that are taken back meanwhile
        registered.update(operation.request for operation in plan.reapplied)
        return requests.filtered(lambda move: move.id in registered)

    # ----------------------------------------------------------------- the matches

    def _get_open_amount(self, move):
        """What is open of ``move`` once the rollback's wrong matches are removed.

        :return: in the company's currency, in which matches are
        """
        freed = move.wrong_rollback_line_ids.filtered(
            lambda line: line.rollback_id == self.rollback_id and line.wrong_match_id
        )
        amount = move.amount_residual_signed + sum(freed.mapped("amount"))
        if not series.get_exchange_entries(freed.wrong_match_id):
            return amount
        booked = find_matches_of_entries(freed.wrong_match_id)
        return amount + sum(
            (booked & move.line_ids.matched_credit_ids).mapped("amount")
        )

    def _get_open_lines(self, move):
        """The items of ``move`` that the payment's item can be matched with."""
        return move.line_ids.filtered(lambda item: item.account_id == self.account_id)

    def _get_undone_moves(self):
        """The entries of the bank statement lines that are undone with their matches."""
        payers = Payments(self).payers
        undone = [payer.payment for payer in payers if payer.is_statement_line_undone()]
        return self.env["account.move"].union(*undone)

    def _remove_match(self):
        """Remove the wrong matches, and nothing but them."""
        Payments(self).remove_matches()

    def _make_match(self):
        """Bring the payments to the right people and match them with their requests."""
        payments = Payments(self.rollback_id.line_ids)
        payments.bring()
        payments.pay()

    def _find_wrong_matches(self):
        """Know the wrong matches again, after they have been made anew.

        A payment can have several with one request, which is due in parts.
        """
        known = self.env["account.partial.reconcile"]
        for line in self:
            matches = line.wrong_move_id._get_request_matches() - known
            matches = matches.filtered(
                lambda match, line=line: match.credit_move_id == line.payment_line_id
            ).sorted(
                lambda match, line=line: bool(
                    line.currency_id.compare_amounts(match.amount, line.amount)
                )
            )
            line.wrong_match_id = matches[:1]
            known |= matches[:1]

    # ------------------------------------------------------------------ the payers

    def _prepare_reclassification(self, transfers):
        """Values of the entry that books a payment over to the right people.

        :param transfers: list of :class:`~..ledger.paying.Transfer`
        """
        return Payer(self).prepare_reclassification(transfers)

    def _reverse_reclassifications(self):
        """Post the reversals of the entries that booked payments over."""
        for payer in Payments(self).payers:
            if payer.lines.reclassification_move_id:
                payer.reverse_reclassification()

    def _reverse_invoices(self):
        """Post the reversals of operation requests' entries, where that was chosen.

        One that somebody has reversed since the plan is left as it is.

        :raises UserError: one is paid by now
        """
        for line in self.filtered("is_invoice_reversed"):
            reversals = line.invoice_id.reversal_move_id
            if not reversals.filtered(lambda move: move.state == "posted"):
                Refusals(self.env).check_reversal(line)
                line.reversal_move_id = Payer(line).reverse(line.invoice_id)

    def _reverse_reversals(self):
        """Undo :meth:`_reverse_invoices`: the entries are open again."""
        for line in self.filtered("reversal_move_id"):
            items = line.reversal_move_id.line_ids
            (items.matched_debit_ids | items.matched_credit_ids).unlink()
            Payer(line).reverse(line.reversal_move_id)

    def _read_payers(self):
        """Whom the payments are booked on, and where, for :meth:`_restore_payers`."""
        return read_payers(self.payment_move_id)

    @api.model
    def _restore_payers(self, kept):
        """Book payments on whom they were booked on, where that has changed."""
        restore_payers(self.env, kept)

    @api.model
    def _restore_payment_items(self, kept):
        """Know the payments' journal items again, where they are still there.

        Whoever undoes a bank statement line by hand deletes its items.

        :param kept: pairs of the ids of a correction and of its item, ``False`` for none
        """
        items = self.env["account.move.line"].browse(item for _line, item in kept)
        there = set(items.filtered("id").exists().ids)
        for line, item in kept:
            self.browse(line).payment_line_id = item in there and item

    def _book_statement_line_again(self, kept, item_id):
        """Book an undone statement line on whom it was booked on.

        :param kept: what :meth:`_read_payers` gave
        :param item_id: the journal item that was matched and is no more
        """
        Payer(self).book_statement_line_again(kept, item_id)
