"""What a plan says to people, in sentences: problems, warnings, later operations."""

from odoo import _
from odoo.tools.misc import format_date

from ..ledger.plan import DEPENDENT
from .plan_rows import PlanRows


class Wording:
    """Sentences in the language of an environment."""

    def __init__(self, env):
        self.env = env
        self.words = PlanRows(env)

    def problem(self, problem):
        """Return a blocker of a plan as a sentence.

        :param problem: :class:`~..ledger.plan.Problem`
        """
        if problem.kind == DEPENDENT:
            operation = problem.operation
            return _(
                "Operation %(number)s of %(partner)s, %(quantity)s shares on %(date)s, "
                "cannot stand without the operation to be removed: choose under Later "
                "operations to roll it back too.",
                number=operation.number,
                partner=self.words.person(operation.partner),
                quantity=operation.quantity,
                date=format_date(self.env, operation.date),
            )
        return _(
            '%(partner)s is not what the register gives: "%(actual)s" by the share lines '
            'and the membership, "%(expected)s" by the register. Put this right first, or '
            "have a cooperator manager override it.",
            partner=self.words.person(problem.partner),
            actual=self.words.holding(problem.actual),
            expected=self.words.holding(problem.expected),
        )

    def override(self, problem):
        """Return a difference that a manager has overridden, as a sentence.

        :param problem: :class:`~..ledger.plan.Problem`
        """
        return _(
            '%(partner)s is brought to what the register gives: "%(actual)s" by the share '
            'lines and the membership becomes "%(expected)s".',
            partner=self.words.person(problem.partner),
            actual=self.words.holding(problem.actual),
            expected=self.words.holding(problem.expected),
        )

    def warnings(self, rollback, plan):
        """Return what a person should know before the start, in sentences.

        :param plan: the rollback's :class:`~..ledger.plan.Plan`
        """
        return [
            *map(self.override, plan.warnings),
            *map(self._dependent, plan.dependents),
            *self._gaps(plan),
            *self._open_requests(rollback, plan),
            *self._active_users(rollback),
        ]

    def _dependent(self, operation):
        return _(
            "Operation %(number)s (%(kind)s) of %(partner)s is removed too: "
            "what was paid for it has to be settled with %(partner)s.",
            number=operation.number,
            kind=self.words.kind(operation.kind),
            partner=self.words.person(operation.partner),
        )

    def _gaps(self, plan):
        sentences = []
        if plan.operation_gaps:
            numbers = ", ".join(map(str, plan.operation_gaps))
            sentences.append(
                _("Unused operation numbers remain in the register: %s.", numbers)
            )
        if plan.cooperator_gaps:
            numbers = ", ".join(map(str, plan.cooperator_gaps))
            sentences.append(_("Unused cooperator numbers remain: %s.", numbers))
        return sentences

    def _open_requests(self, rollback, plan):
        sentences = []
        paid = {operation.request for operation in plan.inserted}
        for request in rollback.line_ids.right_move_id:
            if request.id not in paid:
                sentence = _(
                    "%(request)s of %(partner)s stays open in part: no operation.",
                    request=request.display_name,
                    partner=self.words.person(request.partner_id.id),
                )
                sentences.append(sentence)
        return sentences

    def _active_users(self, rollback):
        sentences = []
        # sudo: users are for system administrators
        for user in rollback.sudo().made_user_ids.filtered("login_date"):
            sentence = _(
                "The user %(login)s of %(partner)s has logged in already: it stays "
                "active, decide on it yourself.",
                login=user.login,
                partner=user.partner_id.name,
            )
            sentences.append(sentence)
        return sentences

    def later_operations(self, changes):
        """Return what happens to later operations and their numbers, in sentences.

        :param changes: :class:`~.change_rows.ChangeReport`
        """
        sentences = []
        if changes.staying:
            sentences.append(self.staying(changes.staying))
        if changes.reapplied.total:
            sentence = _(
                "Later operations that are taken back, newest first, and applied "
                "again in their order, with the same payments, dates and shares: %s.",
                changes.reapplied.total,
            )
            sentences.append(sentence)
        return sentences + [self._move(move) for move in changes.moves]

    def staying(self, number):
        """Return how many later operations stay as they are, as a sentence."""
        return _(
            "Later operations that stay as they are, since each of them stands "
            "without the wrong one: %s.",
            number,
        )

    def _move(self, move):
        numbers = {
            "first": move.first,
            "last": move.last,
            "new_first": move.new_first,
            "new_last": move.new_last,
        }
        if move.subject == "operations":
            return _(
                "Operations %(first)s to %(last)s become %(new_first)s to "
                "%(new_last)s.",
                **numbers,
            )
        return _(
            "Cooperators %(first)s to %(last)s become %(new_first)s to %(new_last)s.",
            **numbers,
        )
