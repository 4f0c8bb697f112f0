from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ..books.request_reader import PAID_STATES
from ..tools import series
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
        matches = self.env["account.partial.reconcile"]
        return super().create(
            [
                {**vals, **self._prepare_line(matches.browse(vals["wrong_match_id"]))}
                if vals.get("wrong_match_id")
                else vals
                for vals in vals_list
            ]
        )

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
        }

    @api.model
    def _prepare_line(self, match):
        """What is kept of a match."""
        request = match.debit_move_id.move_id
        lines = request._find_register_lines()
        return {
            "wrong_match_id": match.id,
            "wrong_move_id": request.id,
            "payment_line_id": match.credit_move_id.id,
            "payment_move_id": match.credit_move_id.move_id.id,
            "payment_partner_id": match.credit_move_id.partner_id.id,
            "account_id": match.credit_move_id.account_id.id,
            "amount": match.amount,
            "operation_number": lines[:1].register_number_operation,
        }

    @api.model
    def _check_wrong_match(self, match):
        """:raises UserError: ``match`` can't be rolled back"""
        self._check_wrong_move(match.debit_move_id.move_id)
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
                    request=match.debit_move_id.move_id.name,
                    partner=match.debit_move_id.move_id.partner_id.name,
                    rollback=other.rollback_id.name,
                )
            )

    @api.model
    def _check_wrong_move(self, move):
        """:raises UserError: ``move`` is not a paid request with one operation"""
        names = {"request": move.display_name, "partner": move.partner_id.name}
        self._check_is_request(move)
        self._check_not_refunded(move)
        if move.payment_state not in PAID_STATES:
            raise UserError(
                _(
                    "%(request)s of %(partner)s is not paid: there is no operation to "
                    "roll back, the match can simply be removed.",
                    **names,
                )
            )
        # sudo: what waits belongs to whoever booked it
        waiting = self.env["reconciliation.rollback.postponed"].sudo()
        waiting = waiting._get_waiting(move)
        if waiting:
            raise UserError(
                _(
                    "%(request)s of %(partner)s has no operation yet: it was paid during "
                    "%(rollback)s and is registered when that has ended.",
                    **names,
                    rollback=waiting.rollback_id.name,
                )
            )
        lines = move._find_register_lines()
        numbers = sorted(set(lines.mapped("register_number_operation")))
        if not lines:
            raise UserError(
                _(
                    "No operation of the register was found that fits %(request)s of "
                    "%(partner)s: the register check says what it has instead.",
                    **names,
                )
            )
        if len(numbers) > 1:
            raise UserError(
                _(
                    "Several operations of the register fit %(request)s of "
                    "%(partner)s, %(numbers)s: have whoever runs your Odoo link the right "
                    "one to it.",
                    **names,
                    numbers=", ".join(map(str, numbers)),
                )
            )
        self._check_no_tax_shelter_certificate(lines)

    @api.model
    def _check_is_request(self, move):
        if not move.release_capital_request or move.move_type != "out_invoice":
            raise UserError(
                _(
                    "%(request)s of %(partner)s is not a capital release request: choose "
                    "one that is.",
                    request=move.display_name,
                    partner=move.partner_id.name,
                )
            )

    @api.model
    def _check_not_refunded(self, move):
        # cooperator finds a refund by its origin, Odoo's wizard only links it
        refunds = move.search(move.get_refund_domain(move)) | move.reversal_move_id
        refund = refunds.filtered(lambda refund: refund.state != "cancel")[:1]
        if refund:
            raise UserError(
                _(
                    "%(request)s of %(partner)s has been refunded by %(refund)s: cancel "
                    "that refund first.",
                    request=move.display_name,
                    partner=move.partner_id.name,
                    refund=refund.display_name,
                )
            )

    @api.model
    def _check_no_tax_shelter_certificate(self, register_lines):
        """:raises UserError: ``l10n_be_cooperator`` has certified an operation"""
        if "tax.shelter.certificate" not in self.env:
            return
        for line in register_lines:
            # sudo: these certificates are not for those who prepare rollbacks
            certified = (
                self.env["certificate.line"]
                .sudo()
                .search(
                    [
                        ("type", "=", "subscribed"),
                        ("share_type", "=", line.share_product_id.id),
                        ("quantity", "=", line.quantity),
                        ("transaction_date", "=", line.date),
                        (
                            "tax_shelter_certificate.partner_id",
                            "=",
                            line.partner_id.id,
                        ),
                        (
                            "tax_shelter_certificate.state",
                            "in",
                            ("validated", "sent"),
                        ),
                        ("declaration_id.company_id", "=", line.company_id.id),
                    ],
                    limit=1,
                )
            )
            if certified:
                raise UserError(
                    _(
                        "A tax shelter certificate has been issued to %(partner)s for "
                        "operation %(number)s: withdraw it first.",
                        partner=line.partner_id.name,
                        number=line.register_number_operation,
                    )
                )

    def _check(self):
        """:raises UserError: a correction can't be made as it stands"""
        for line in self:
            line._check_wrong_match(line.wrong_match_id)
            if line.right_move_id:
                line._check_right_move()
                line._check_payer()
        return True

    def _check_right_move(self):
        self.ensure_one()
        move = self.right_move_id
        names = {"request": move.display_name, "partner": move.partner_id.name}
        self._check_is_request(move)
        if move.company_id != self.company_id:
            raise UserError(
                _(
                    "%(request)s of %(partner)s belongs to %(company)s, the payment to "
                    "%(other)s: choose a request of that.",
                    **names,
                    company=move.company_id.name,
                    other=self.company_id.name,
                )
            )
        if move.state != "posted":
            raise UserError(
                _("%(request)s of %(partner)s is not posted: post it first.", **names)
            )
        self._check_not_refunded(move)
        if move == self.wrong_move_id:
            raise UserError(
                _(
                    "%(request)s of %(partner)s is the request to take the payment from: "
                    "choose another one.",
                    **names,
                )
            )
        self._check_open_amount(move, names)
        if not self._get_open_lines(move):
            raise UserError(
                _(
                    "%(request)s of %(partner)s is booked on another account than the "
                    "payment, %(account)s: choose another request.",
                    **names,
                    account=self.account_id.display_name,
                )
            )

    def _check_open_amount(self, move, names):
        """:raises UserError: less is open than is paid; after the start there is no choice"""
        rollback = self.rollback_id
        currency = self.company_id.currency_id
        open_amount = self._get_open_amount(move)
        paying = rollback.line_ids.filtered(lambda line: line.right_move_id == move)
        amount = sum(paying.mapped("amount"))
        is_too_little = currency.compare_amounts(open_amount, amount) < 0
        if is_too_little and rollback.started_at:
            raise UserError(
                _(
                    "%(request)s of %(partner)s is open for %(open)s, less than the "
                    "%(amount)s of the payment: remove what was matched with it after "
                    "%(rollback)s was planned.",
                    **names,
                    open=self._format_amount(open_amount),
                    amount=self._format_amount(amount),
                    rollback=rollback.name,
                )
            )
        if currency.compare_amounts(open_amount, 0.0) <= 0:
            raise UserError(
                _(
                    "%(request)s of %(partner)s is already paid: choose an open one.",
                    **names,
                )
            )
        if is_too_little:
            raise UserError(
                _(
                    "%(request)s of %(partner)s is open for %(open)s, less than the "
                    "%(amount)s of the payment: choose another one.",
                    **names,
                    open=self._format_amount(open_amount),
                    amount=self._format_amount(amount),
                )
            )

    def _get_open_amount(self, move):
        """What is open of ``move`` once the rollback's wrong matches are removed."""
        freed = self.rollback_id.line_ids.filtered(
            lambda line: line.wrong_move_id == move and line.wrong_match_id
        )
        return move.amount_residual + sum(freed.mapped("amount"))

    def _get_open_lines(self, move):
        """The items of ``move`` that the payment's item can be matched with."""
        return move.line_ids.filtered(lambda item: item.account_id == self.account_id)

    def _format_amount(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _get_right_payer(self):
        return self.right_move_id.commercial_partner_id

    def _has_wrong_payer(self):
        """Whether the payment is booked on someone else than the right request."""
        self.ensure_one()
        return (
            bool(self.right_move_id)
            and self.payment_line_id.partner_id.commercial_partner_id
            != self._get_right_payer()
        )

    def _get_entry_obstacle(self):
        """Why the payment's entry may not be changed any more, in words; or False."""
        self.ensure_one()
        move = self.payment_move_id
        if self._is_locked(move.date):
            return _("its period is locked")
        if move.restrict_mode_hash_table:
            return _("its journal is hashed")
        return False

    def _get_payer_obstacle(self):
        """Why the payment's partner may not be changed, in words; or False."""
        self.ensure_one()
        obstacle = self._get_entry_obstacle()
        if obstacle:
            return obstacle
        items = self.payment_move_id.line_ids
        matches = items.matched_debit_ids | items.matched_credit_ids
        item = self.payment_line_id
        other = matches - self._get_sibling_matches()
        if other - item.matched_debit_ids - item.matched_credit_ids:
            return _("it is matched with the bank")
        if other:
            return _("it also pays other requests")
        return False

    def _get_sibling_matches(self):
        """The wrong matches of this rollback that go over to the same person."""
        siblings = self.rollback_id.line_ids.filtered(
            lambda line: line._get_right_payer() == self._get_right_payer()
        )
        return siblings.wrong_match_id

    def _is_locked(self, date):
        return date <= self.company_id._get_user_fiscal_lock_date()

    def _is_statement_line_undone(self):
        """Whether the wrong match goes by undoing the bank statement line.

        That is the manual's alternative for a line that is booked on the wrong person.
        It drops all of the line's items and matches, so it is only done where these are
        nothing but the wrong match.
        """
        self.ensure_one()
        move = self.payment_move_id
        matches = self.payment_line_id.matched_debit_ids
        return (
            bool(move.statement_line_id)
            and len(move.line_ids) == 2
            and matches == self.wrong_match_id
            and (not self.right_move_id or self._has_wrong_payer())
            and not self._get_entry_obstacle()
        )

    def _check_payer(self):
        """:raises UserError: the payment can't be brought to the right person"""
        self.ensure_one()
        if not self._has_wrong_payer():
            return
        obstacle = self._get_payer_obstacle()
        if obstacle and not self.company_id.reclassification_journal_id:
            raise UserError(
                _(
                    "The payment %(payment)s has to be booked over from %(wrong)s to "
                    "%(right)s, since %(obstacle)s: choose a reclassification journal "
                    "for %(company)s first.",
                    payment=self.payment_move_id.name,
                    wrong=self.payment_partner_id.name or _("nobody"),
                    right=self._get_right_payer().name,
                    obstacle=obstacle,
                    company=self.company_id.name,
                )
            )

    def _remove_match(self):
        """Remove the wrong match, and nothing but it."""
        for line in self.filtered("wrong_match_id"):
            if line._is_statement_line_undone():
                line._undo_statement_line()
            else:
                line.wrong_match_id.unlink()

    def _undo_statement_line(self):
        self.ensure_one()
        statement_line = self.payment_move_id.statement_line_id
        series.undo_statement_line(statement_line)
        if self.right_move_id:
            statement_line.partner_id = self._get_right_payer()

    def _make_match(self):
        """Match the payment with the right request, as its payer's."""
        for line in self:
            item = line._get_item_to_match()
            (item | line._get_open_lines(line.right_move_id)).filtered(
                lambda i: not i.reconciled
            ).reconcile()

    def _get_item_to_match(self):
        """The journal item with the payment's amount, booked on the right person."""
        self.ensure_one()
        if not self.payment_line_id:
            self.payment_line_id = self._book_statement_line(self._get_right_payer())
        if not self._has_wrong_payer():
            return self.payment_line_id
        if self._get_payer_obstacle():
            return self._reclassify()
        self._change_payer()
        return self.payment_line_id

    def _book_statement_line(self, payer):
        """Book an undone statement line's amount on the account of the requests.

        :param payer: ``res.partner``, whom it is booked on
        """
        statement_line = self.payment_move_id.statement_line_id
        _liquidity, suspense, _other = statement_line._seek_for_lines()
        suspense.with_context(skip_account_move_synchronization=True).write(
            {
                "account_id": self.account_id.id,
                "partner_id": payer.id,
            }
        )
        return suspense

    def _change_payer(self):
        """Change the partner of the payment: entry, items and what is behind it.

        Not by way of draft: that would undo every match of the payment, and compute
        its destination account anew.
        """
        self.ensure_one()
        partner = self._get_right_payer()
        move = self.payment_move_id.with_context(skip_account_move_synchronization=True)
        source = move.payment_id or move.statement_line_id or move
        account = move.payment_id.destination_account_id
        source.write({"partner_id": partner.id})
        if account:
            source.write({"destination_account_id": account.id})
        move.line_ids.write({"partner_id": partner.id})

    def _prepare_reclassification(self):
        """Values of the entry that books the payment over to the right person."""
        self.ensure_one()
        payment = self.payment_move_id
        wrong = self.payment_line_id.partner_id
        right = self._get_right_payer()
        today = fields.Date.context_today(self)
        reference = _(
            "%(rollback)s: %(payment)s from %(wrong)s to %(right)s",
            rollback=self.rollback_id.name,
            payment=payment.name,
            wrong=wrong.name or _("nobody"),
            right=right.name,
        )
        item = {"name": reference, "account_id": self.account_id.id}
        return {
            "move_type": "entry",
            "journal_id": self.company_id.reclassification_journal_id.id,
            "date": today if self._is_locked(payment.date) else payment.date,
            "ref": reference,
            "reclassified_move_id": (payment.reclassified_move_id or payment).id,
            "line_ids": [
                (0, 0, {**item, "partner_id": wrong.id, "debit": self.amount}),
                (0, 0, {**item, "partner_id": right.id, "credit": self.amount}),
            ],
        }

    def _reclassify(self):
        """Post the reclassification and match it with the payment.

        :return: its item on the right person
        """
        self.ensure_one()
        move = self.env["account.move"].create(self._prepare_reclassification())
        move.action_post()
        self.reclassification_move_id = move
        debit = move.line_ids.filtered("debit")
        (self.payment_line_id | debit).reconcile()
        return move.line_ids - debit

    def _read_payers(self):
        """Whom the payments are booked on, and where, for :meth:`_restore_payers`.

        :return: ``[[model, id, {field: id}], ...]``, what is behind an entry before it
        """
        kept = []
        for move in self.payment_move_id:
            source = move.payment_id or move.statement_line_id
            for records, names in (
                (move.payment_id, ["partner_id", "destination_account_id"]),
                (source, ["partner_id"]),
                (move, ["partner_id"]),
                (move.line_ids, ["partner_id", "account_id"]),
            ):
                kept += [
                    [record._name, record.id, {name: record[name].id for name in names}]
                    for record in records
                ]
        return kept

    def _book_statement_line_again(self, kept, item_id):
        """Book an undone statement line on whom it was booked on.

        :param kept: what :meth:`_read_payers` gave
        :param item_id: the journal item that was matched and is no more
        """
        self.ensure_one()
        payers = {
            (model, record_id): self.env["res.partner"].browse(
                values["partner_id"] or []
            )
            for model, record_id, values in kept
        }
        statement_line = self.payment_move_id.statement_line_id
        statement_line.partner_id = payers[statement_line._name, statement_line.id]
        self.payment_line_id = self._book_statement_line(
            payers["account.move.line", item_id]
        )

    @api.model
    def _restore_payers(self, kept):
        """Book payments on whom they were booked on, where that has changed."""
        for model, record_id, values in kept:
            record = self.env[model].browse(record_id).exists()
            changed = {
                name: value
                for name, value in values.items()
                if record and record[name].id != value
            }
            if changed:
                record.with_context(skip_account_move_synchronization=True).write(
                    changed
                )

    def _reverse_reclassifications(self):
        """Post the reversals of the entries that booked payments over."""
        today = fields.Date.context_today(self)
        for line in self.filtered("reclassification_move_id"):
            move = line.reclassification_move_id
            move._reverse_moves(
                [
                    {
                        "date": today if line._is_locked(move.date) else move.date,
                        "ref": _("Reversal of: %s", move.name),
                    }
                ],
                cancel=True,
            )

    def _find_wrong_matches(self):
        """Know the wrong matches again, after they have been made anew."""
        for line in self:
            matches = line.wrong_move_id._get_request_matches()
            line.wrong_match_id = matches.filtered(
                lambda match, line=line: match.credit_move_id == line.payment_line_id
            )[:1]

    def _check_payer_can_go_back(self):
        """:raises UserError: the payment can't be booked on whom it was any more"""
        self.ensure_one()
        payer = self.payment_line_id.partner_id
        obstacle = self._get_entry_obstacle()
        if self.reclassification_move_id or payer == self.payment_partner_id:
            return
        if obstacle:
            raise UserError(
                _(
                    "%(rollback)s cannot be reverted, since the payment %(payment)s would "
                    "have to be booked on %(partner)s again, but %(obstacle)s: correct the "
                    "match with a new rollback.",
                    rollback=self.rollback_id.name,
                    payment=self.payment_move_id.name,
                    partner=self.payment_partner_id.name or _("nobody"),
                    obstacle=obstacle,
                )
            )
