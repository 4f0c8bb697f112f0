from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..ledger.operation import SUBSCRIPTION, Operation
from ..ledger.plan import Correction, Options
from ..ledger.plan_json import is_same_plan, to_json
from ..ledger.planning import make_plan


class ReconciliationRollback(models.Model):
    """Planning a rollback before anything is touched."""

    _inherit = "reconciliation.rollback"

    def action_plan(self):
        self._check_state("draft", "planned")
        for rollback in self._by_action():
            plan = rollback._make_plan()
            # sudo: rows of mail are the plan's alone
            rollback.sudo().mail_ids.unlink()
            rollback.write(
                {
                    "state": "planned",
                    "plan": to_json(plan),
                    "planned_at": fields.Datetime.now(),
                    "plan_user_id": self.env.uid,
                    "made_user_ids": [(6, 0, rollback._find_made_users(plan).ids)],
                }
            )
            rollback.warnings = "\n".join(rollback._get_warnings(plan)) or False
            # sudo: as above; and the mail queue is for system administrators
            rollback.sudo()._plan_mails(plan)
        return True

    def _make_plan(self):
        """What the corrections change, as :class:`~..ledger.plan.Plan`.

        :raises UserError: they can't be carried out
        """
        self.ensure_one()
        if not self.line_ids:
            raise UserError(_("%s has no correction.", self.name))
        self.line_ids._check()
        # sudo: sequences, and the register as a whole, are needed to plan numbers; who
        # may see the rollback may see what comes of it
        company = self.company_id.sudo()
        register = company._load_register(self._get_requests_by_line())
        partners = self.env["res.partner"]
        plan = make_plan(
            register,
            self._get_corrections(register),
            self._get_plan_options(),
            lambda ids: company._load_holdings(partners.browse(sorted(ids))),
        )
        if plan.blockers:
            raise UserError("\n".join(map(self._word_problem, plan.blockers)))
        return plan

    def _get_plan_options(self):
        return Options(
            numbering=self.numbering,
            cascade=self.cascade,
            register_wins=bool(self.override_reason),
        )

    @api.model_create_multi
    def create(self, vals_list):
        rollbacks = super().create(vals_list)
        overriding = rollbacks.filtered("override_reason")
        if overriding:
            overriding._check_manager()
        return rollbacks

    def write(self, vals):
        if vals.get("override_reason"):
            # only they answer for setting aside what the members have
            self._check_manager()
        return super().write(vals)

    def _get_requests_by_line(self):
        """Wrong request's id by register line's id."""
        return {
            line.id: request.id
            for request in self.line_ids.wrong_move_id
            for line in request._find_register_lines()
        }

    def _get_corrections(self, register):
        """The lines as corrections of the ledger.

        :param register: :class:`~..ledger.plan.Register`
        """
        operations = {operation.request: operation for operation in register.operations}
        rights = self._get_right_operations()
        return [
            Correction(
                operations[line.wrong_move_id.id], rights.get(line.right_move_id)
            )
            for line in self.line_ids
        ]

    def _get_right_operations(self):
        """Operation without a number by right request that becomes paid.

        A payment can pay several requests: what is left of it after one goes to the
        next, in the order of the lines.
        """
        lines = self.line_ids.filtered("right_move_id")
        available = {}
        for line in self.line_ids:
            item = line.payment_line_id
            amount = available.get(item, abs(item.amount_residual))
            available[item] = amount + line.amount
        currency = self.company_id.currency_id
        operations = {}
        for request in lines.right_move_id:
            paying = lines.filtered(lambda line, r=request: line.right_move_id == r)
            amount = paying[0]._get_open_amount(request)
            for item in paying.payment_line_id:
                paid = min(amount, available[item])
                available[item] -= paid
                amount -= paid
            if currency.is_zero(amount):
                operations[request] = self._prepare_right_operation(request, paying)
        return operations

    def _prepare_right_operation(self, request, lines):
        """The operation that cooperator will make of ``request``, paid by ``lines``."""
        matches = request._get_request_matches() - self.line_ids.wrong_match_id
        payments = matches.credit_move_id.move_id | lines.payment_move_id
        dates = [(move.reclassified_move_id or move).date for move in payments]
        make_shares = self.company_id._get_shares_maker()
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

    def _check_plan_is_current(self):
        """:raises UserError: the plan would be another one today"""
        for rollback in self:
            if is_same_plan(rollback.plan, rollback._make_plan()):
                continue
            if rollback.state == "planned":
                raise UserError(
                    _(
                        "The register has changed since %s was planned: plan it again.",
                        rollback.name,
                    )
                )
            raise UserError(
                _(
                    "The register has changed since %s was planned: press Revert and "
                    "make a new rollback.",
                    rollback.name,
                )
            )

    def _find_made_users(self, plan):
        """Portal users that the wrong operations made (``company.create_user``).

        Such a user was made in the same transaction as the register line, so both have
        the same creation time. Whoever keeps a cooperator number keeps the user.
        """
        lines = self.env["subscription.register"].browse(plan.removed_lines)
        leaving = [c.partner for c in plan.changes if not c.after.number]
        # sudo: users are for system administrators
        users = (
            self.env["res.users"]
            .sudo()
            .search([("partner_id", "in", leaving), ("share", "=", True)])
        )
        moments = {(line.partner_id.id, line.create_date) for line in lines}
        return users.filtered(
            lambda user: (
                (user.partner_id.id, user.create_date) in moments
                and user.company_ids <= self.company_id
            )
        )

    def _plan_mails(self, plan):
        """Rows for the mails that wait now and the certificates to come."""
        rows = self.env["reconciliation.rollback.mail"]
        for mail, partner in self._get_waiting_mails().items():
            values = rows._prepare_held_mail(self, mail, partner)
            rows.create({**values, "is_waiting": True})
        if not self.company_id.send_certificate_email:
            return
        requests = {operation.partner: operation.request for operation in plan.inserted}
        for operation in plan.inserted:
            rows.create(
                self._prepare_certificate(
                    operation.partner,
                    operation.request,
                    operation.partner in plan.certificates,
                )
            )
        for partner in plan.certificates:
            if partner not in requests:
                rows.create(self._prepare_certificate(partner, False, True))
        for membership in self._get_renumbered_members(plan):
            partner = membership.partner_id.id
            if partner not in plan.certificates:
                rows.create(self._prepare_certificate(partner, False, True))

    def _prepare_certificate(self, partner, request, is_due):
        """Values of the row that expects a certificate.

        :param request: the request whose match makes it; without one the rollback does
        :param is_due: whether it tells its person anything new
        """
        return {
            "rollback_id": self.id,
            "partner_id": partner,
            "request_id": request,
            "subject": _("Cooperator certificate"),
            "email_to": self.env["res.partner"].browse(partner).email_formatted,
            "kind": "certificate",
            "choice": "send" if is_due else "cancel",
        }

    def _get_renumbered_members(self, plan):
        """The memberships whose number moves down."""
        memberships = self.env["cooperative.membership"]
        for shift in plan.cooperator_shifts:
            memberships |= memberships.search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("member", "=", True),
                    ("cooperator_register_number", ">=", shift.first),
                    ("cooperator_register_number", "<=", shift.last),
                ]
            )
        return memberships

    def action_view_later_operations(self):
        """The register's lines from the first wrong operation on."""
        self.ensure_one()
        numbers = self.line_ids.mapped("operation_number")
        return {
            "type": "ir.actions.act_window",
            "name": _("Later operations"),
            "res_model": "subscription.register",
            "view_mode": "tree,form",
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("register_number_operation", ">", min(numbers, default=0)),
            ],
        }
