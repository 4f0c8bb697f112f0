from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..ledger.numbering import moved
from ..ledger.operation import SUBSCRIPTION, Operation
from ..ledger.plan import DEPENDENT, Correction, Options
from ..ledger.planning import draft_plan
from ..ledger.record import to_json


class ReconciliationRollback(models.Model):
    """Planning a rollback, and showing the plan before anything is touched."""

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
        draft = draft_plan(
            register, self._get_corrections(register), self._get_plan_options()
        )
        partners = self.env["res.partner"].browse(sorted(draft.partners))
        plan = draft.plan(company._load_holdings(partners))
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
            if to_json(rollback._make_plan()) == rollback.plan:
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

    def _word_problem(self, problem):
        """A blocker of the plan in one sentence."""
        partners = self.env["res.partner"]
        if problem.kind == DEPENDENT:
            operation = problem.operation
            return _(
                "Operation %(number)s of %(partner)s, %(quantity)s shares on %(date)s, "
                "cannot stand without the operation to be removed: choose under Later "
                "operations to roll it back too.",
                number=operation.number,
                partner=partners.browse(operation.partner).name,
                quantity=operation.quantity,
                date=format_date(self.env, operation.date),
            )
        return _(
            '%(partner)s is not what the register gives: "%(actual)s" by the share lines '
            'and the membership, "%(expected)s" by the register. Put this right first, or '
            "have a cooperator manager override it.",
            partner=partners.browse(problem.partner).name,
            actual=self._word_holding(problem.actual),
            expected=self._word_holding(problem.expected),
        )

    def _word_override(self, problem):
        """A difference that a manager has overridden, in one sentence."""
        return _(
            '%(partner)s is brought to what the register gives: "%(actual)s" by the share '
            'lines and the membership becomes "%(expected)s".',
            partner=self.env["res.partner"].browse(problem.partner).name,
            actual=self._word_holding(problem.actual),
            expected=self._word_holding(problem.expected),
        )

    def _word_kind(self, kind):
        field = self.env["subscription.register"]._fields["type"]
        return dict(field._description_selection(self.env)).get(kind, kind)

    def _word_holding(self, holding):
        """A holding in words: shares by line, and the cooperator number."""
        shares = ", ".join(
            "%s × %s (%s)"
            % (
                line.quantity,
                self._word_share_type(line.share_type),
                format_date(self.env, line.date),
            )
            for line in holding.lines
        )
        standing = _("no member")
        if holding.member:
            standing = _("member %s", holding.number)
        elif holding.old_member:
            standing = _("old member %s", holding.number)
        return "%s; %s" % (standing, shares or _("no shares"))

    def _word_share_type(self, share_type):
        product = self.env["product.product"].browse(share_type)
        return product.short_name or product.name

    def _get_warnings(self, plan):
        """What a person should know before the start, in sentences."""
        warnings = [self._word_override(problem) for problem in plan.warnings]
        for operation in plan.dependents:
            warnings.append(
                _(
                    "Operation %(number)s (%(kind)s) of %(partner)s is removed too: "
                    "what was paid for it has to be settled with %(partner)s.",
                    number=operation.number,
                    kind=self._word_kind(operation.kind),
                    partner=self.env["res.partner"].browse(operation.partner).name,
                )
            )
        if plan.operation_gaps:
            warnings.append(
                _(
                    "Unused operation numbers remain in the register: %s.",
                    ", ".join(map(str, plan.operation_gaps)),
                )
            )
        if plan.cooperator_gaps:
            warnings.append(
                _(
                    "Unused cooperator numbers remain: %s.",
                    ", ".join(map(str, plan.cooperator_gaps)),
                )
            )
        paid = {operation.request for operation in plan.inserted}
        for request in self.line_ids.right_move_id:
            if request.id not in paid:
                warnings.append(
                    _(
                        "%(request)s of %(partner)s stays open in part: no operation.",
                        request=request.display_name,
                        partner=request.partner_id.name,
                    )
                )
        # sudo: users are for system administrators
        for user in self.sudo().made_user_ids.filtered("login_date"):
            warnings.append(
                _(
                    "The user %(login)s of %(partner)s has logged in already: it stays "
                    "active, decide on it yourself.",
                    login=user.login,
                    partner=user.partner_id.name,
                )
            )
        return warnings

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

    def _render_plan(self):
        return self._render("reconciliation_rollback_plan", self._get_plan_values())

    def _get_plan_values(self):
        """Values of the plan's template."""
        self.ensure_one()
        plan = self._get_plan()
        partners = self.env["res.partner"]
        return {
            "rollback": self,
            "plan": plan,
            "people": [
                {
                    "partner": partners.browse(change.partner),
                    "before": self._word_holding(change.before),
                    "after": self._word_holding(change.after),
                }
                for change in plan.changes
            ],
            "operations": self._get_operation_rows(plan),
            "partner_of": partners.browse,
            "kind_of": self._word_kind,
            "share_type": self._word_share_type,
            "format_date": lambda date: format_date(self.env, date),
            "later": self._word_later_operations(plan),
        }

    def _word_later_operations(self, plan):
        """What becomes of the operations after the wrong ones, in sentences."""
        words = []
        staying = plan.later - len(plan.reapplied)
        if staying:
            words.append(
                _(
                    "Later operations that stay as they are, since each of them stands "
                    "without the wrong one: %s.",
                    staying,
                )
            )
        if plan.reapplied:
            words.append(
                _(
                    "Later operations that are taken back, newest first, and applied "
                    "again in their order, with the same payments, dates and shares: %s.",
                    len(plan.reapplied),
                )
            )
        for shift in plan.operation_shifts:
            words.append(
                _(
                    "Operations %(first)s to %(last)s become %(new_first)s to "
                    "%(new_last)s.",
                    **self._get_shifted_numbers(shift),
                )
            )
        for shift in plan.cooperator_shifts:
            words.append(
                _(
                    "Cooperators %(first)s to %(last)s become %(new_first)s to "
                    "%(new_last)s.",
                    **self._get_shifted_numbers(shift),
                )
            )
        return words

    def _get_shifted_numbers(self, shift):
        return {
            "first": shift.first,
            "last": shift.last,
            "new_first": shift.first - shift.by,
            "new_last": shift.last - shift.by,
        }

    def _get_operation_rows(self, plan):
        """What happens to the operations that do not stay, in words, with the reason."""
        wrong = _("is removed: the payment was not for it")
        dependent = _("is removed: it cannot stand without the wrong operation")
        made = _("is made")
        made_operations = [
            operation.numbered(moved(operation.number, plan.operation_shifts))
            for operation in plan.inserted
        ]
        return [
            (operation, dependent if operation in plan.dependents else wrong)
            for operation in plan.removed
        ] + [(operation, made) for operation in made_operations]
