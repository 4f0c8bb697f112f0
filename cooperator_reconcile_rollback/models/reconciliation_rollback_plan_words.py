from odoo import _, models
from odoo.tools.misc import format_date

from ..ledger.numbering import moved
from ..ledger.plan import DEPENDENT


class ReconciliationRollback(models.Model):
    """A plan in words: what it changes, why it cannot be carried out, what to know."""

    _inherit = "reconciliation.rollback"

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
