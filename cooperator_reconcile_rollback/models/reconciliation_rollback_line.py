import json

from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..services.payer import Payer, read_payers, restore_payers
from ..services.refusals import Refusals
from .reconciliation_rollback import ENDED_STATES


class ReconciliationRollbackLine(models.Model):
    """One correction: a wrong match and, optionally, the right one."""

    _name = "reconciliation.rollback.line"
    _inherit = "reconciliation.rollback.evidence"
    _description = "Correction of a reconciliation"
    _order = "rollback_id, id"
    _check_company_auto = True

    rollback_id = fields.Many2one(
        "reconciliation.rollback", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="rollback_id.company_id", store=True)
    state = fields.Selection(related="rollback_id.state")
    wrong_match_id = fields.Many2one(
        "account.partial.reconcile", readonly=True, ondelete="set null", copy=False
    )
    wrong_move_id = fields.Many2one(
        "account.move",
        string="Wrongly paid request",
        required=True,
        readonly=True,
        check_company=True,
    )
    wrong_partner_id = fields.Many2one(
        related="wrong_move_id.partner_id", string="Wrong person"
    )
    payment_line_id = fields.Many2one(
        "account.move.line",
        string="Payment's journal item",
        readonly=True,
        ondelete="set null",
    )
    payment_move_id = fields.Many2one(
        "account.move", string="Payment", required=True, readonly=True
    )
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
        domain="[('release_capital_request', '=', True), "
        "('move_type', '=', 'out_invoice'), ('state', '=', 'posted'), "
        "('company_id', '=', company_id)]",
        help="The request that the payment was meant for; empty where it was not for "
        "shares at all.",
    )
    right_partner_id = fields.Many2one(
        related="right_move_id.partner_id", string="Right person"
    )
    reclassification_move_id = fields.Many2one(
        "account.move", string="Reclassification", readonly=True, copy=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        """What a line tells of its match comes from the match, whoever makes it."""
        if not self._is_by_action():
            matches = self.env["account.partial.reconcile"]
            vals_list = [
                {**vals, **self._prepare_line(matches.browse(vals["wrong_match_id"]))}
                if vals.get("wrong_match_id")
                else vals
                for vals in vals_list
            ]
        return super().create(vals_list)

    @api.model
    def _get_fields_of_draft(self):
        return super()._get_fields_of_draft() | {"id", "right_move_id"}

    @api.model
    def _get_fields_of_creation(self):
        return super()._get_fields_of_creation() | {
            "rollback_id",
            "wrong_match_id",
            "wrong_move_id",
            "payment_line_id",
            "payment_move_id",
            "payment_partner_id",
            "account_id",
            "amount",
            "operation_number",
            "register_lines",
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

    def _get_register_lines(self):
        """The register lines of the wrong operations.

        They are found when the correction is made, and again where they are gone (another
        rollback may have applied the operation again) or where several operations fitted.

        :return: ``{reconciliation.rollback.line: subscription.register}``
        """
        register = self.env["subscription.register"]
        kept = {line: json.loads(line.register_lines or "[]") for line in self}
        present = register.browse(sum(kept.values(), [])).exists()
        return {
            line: register.browse(ids) & present
            or line.wrong_move_id._find_register_lines()
            for line, ids in kept.items()
        }

    # -------------------------------------------------------------------- refusals

    @api.model
    def _check_correction(self, match, values):
        """Check that ``match`` can be rolled back.

        :param values: what :meth:`_prepare_line` gave
        :raises UserError: it can't
        """
        self._check_wrong_match(match)
        move = match.debit_move_id.move_id
        lines = self.env["subscription.register"].browse(
            json.loads(values["register_lines"] or "[]")
        )
        refusals = Refusals(self.env)
        if not lines:
            fitting = move._find_register_lines()
            numbers = set(fitting.mapped("register_number_operation"))
            refusals.check_operation(move, numbers)
        refusals.check_no_tax_shelter_certificate(lines)

    def _check(self, register_lines):
        """Check that the corrections can be made, as far as the books tell.

        :param register_lines: what :meth:`_get_register_lines` gave
        :raises UserError: one can't
        """
        refusals = Refusals(self.env)
        for line in self:
            line._check_wrong_match(line.wrong_match_id)
            refusals.check_no_tax_shelter_certificate(register_lines[line])
            if line.right_move_id:
                line._check_right_move()
                Payer(line).check()

    @api.model
    def _check_wrong_match(self, match):
        """:raises UserError: ``match`` can't be rolled back"""
        move = match.debit_move_id.move_id
        Refusals(self.env).check_wrong_move(move)
        other = self.search(
            [
                ("wrong_match_id", "=", match.id),
                ("rollback_id", "not in", self.rollback_id.ids),
                ("rollback_id.state", "not in", ENDED_STATES),
            ],
            limit=1,
        )
        if other:
            raise UserError(
                _(
                    "The payment %(payment)s on %(request)s of %(partner)s is already "
                    "in %(rollback)s: end or cancel that first.",
                    payment=match.credit_move_id.move_id.name,
                    request=move.name,
                    partner=move.partner_id.name,
                    rollback=other.rollback_id.name,
                )
            )

    def _check_right_moves(self):
        """:raises UserError: a payment can't pay its right request"""
        for line in self.filtered("right_move_id"):
            line._check_right_move()

    def _check_right_move(self):
        """:raises UserError: the payment can't pay the right request"""
        self.ensure_one()
        Refusals(self.env).check_right_move(self)

    # ----------------------------------------------------------------- the matches

    def _get_open_amount(self, move):
        """What is open of ``move`` once the rollback's wrong matches are removed."""
        freed = self.rollback_id.line_ids.filtered(
            lambda line: line.wrong_move_id == move and line.wrong_match_id
        )
        return move.amount_residual + sum(freed.mapped("amount"))

    def _get_open_lines(self, move):
        """The items of ``move`` that the payment's item can be matched with."""
        return move.line_ids.filtered(lambda item: item.account_id == self.account_id)

    def _remove_match(self):
        """Remove the wrong match, and nothing but it."""
        for line in self.filtered("wrong_match_id"):
            payer = Payer(line)
            if payer.is_statement_line_undone():
                payer.undo_statement_line()
            else:
                line.wrong_match_id.unlink()

    def _make_match(self):
        """Match the payment with the right request, as its payer's."""
        for line in self:
            item = Payer(line).get_item_to_match()
            (item | line._get_open_lines(line.right_move_id)).filtered(
                lambda i: not i.reconciled
            ).reconcile()

    def _find_wrong_matches(self):
        """Know the wrong matches again, after they have been made anew."""
        for line in self:
            matches = line.wrong_move_id._get_request_matches()
            line.wrong_match_id = matches.filtered(
                lambda match, line=line: match.credit_move_id == line.payment_line_id
            )[:1]

    # ------------------------------------------------------------------ the payers

    def _prepare_reclassification(self):
        """Values of the entry that books the payment over to the right person."""
        return Payer(self).prepare_reclassification()

    def _reverse_reclassifications(self):
        """Post the reversals of the entries that booked payments over."""
        for line in self.filtered("reclassification_move_id"):
            Payer(line).reverse_reclassification()

    def _read_payers(self):
        """Whom the payments are booked on, and where, for :meth:`_restore_payers`."""
        return read_payers(self.payment_move_id)

    @api.model
    def _restore_payers(self, kept):
        """Book payments on whom they were booked on, where that has changed."""
        restore_payers(self.env, kept)

    def _book_statement_line_again(self, kept, item_id):
        """Book an undone statement line on whom it was booked on.

        :param kept: what :meth:`_read_payers` gave
        :param item_id: the journal item that was matched and is no more
        """
        Payer(self).book_statement_line_again(kept, item_id)
