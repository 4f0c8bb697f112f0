"""What a plan says to people, in sentences: problems, warnings, later operations."""

from odoo import _
from odoo.tools.misc import format_date

from ..ledger.plan import (
    COOPERATOR_NUMBER_TAKEN,
    COOPERATOR_SEQUENCE_BEHIND,
    DEPENDENT,
    DOUBLE_COOPERATOR,
    DOUBLE_OPERATION,
    LINES_REMOVED,
    MATCH_REMOVED,
    OPERATION_NUMBER_TAKEN,
    OPERATION_SEQUENCE_BEHIND,
    OPERATION_SEQUENCE_RESET,
    SHARES_REMOVED,
)
from .books_warnings import BooksWarnings
from .long_step import LongStep
from .plan_rows import PlanRows

# so many faults nearby are told one by one
MOST_FAULTS = 10


class Wording:
    """Sentences in the language of an environment."""

    def __init__(self, env):
        self.env = env
        self.words = PlanRows(env)

    def problem(self, problem):
        """Return a blocker of a plan as a sentence.

        :param problem: :class:`~..ledger.plan.Problem`
        """
        if problem.kind == OPERATION_NUMBER_TAKEN:
            return _(
                "The right operation would get number %s, which another one has already: "
                "open the register check and set the sequence, or choose another one under "
                "Number to take.",
                problem.numbers[0],
            )
        if problem.kind == COOPERATOR_NUMBER_TAKEN:
            return _(
                "The new cooperator would get number %s, which somebody has already: open "
                "the register check and set the sequence.",
                problem.numbers[0],
            )
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
            'and the membership, "%(expected)s" by the register. A cooperator manager can '
            "decide under Override what is done with it.",
            partner=self.words.person(problem.partner),
            actual=self.words.holding(problem.actual),
            expected=self.words.holding(problem.expected),
        )

    def override(self, problem, kept=()):
        """Return a difference that a manager has overridden, as a sentence.

        :param problem: :class:`~..ledger.plan.Problem`
        :param kept: partners whose holding is kept
        """
        if problem.partner in kept:
            return _(
                '%(partner)s keeps what is there, "%(actual)s", though the register gives '
                '"%(expected)s". Only what this rollback corrects is changed.',
                partner=self.words.person(problem.partner),
                actual=self.words.holding(problem.actual),
                expected=self.words.holding(problem.expected),
            )
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
            *(self.override(problem, plan.kept) for problem in plan.warnings),
            *map(self.done_by_hand, plan.by_hand),
            *self._revert_of_begun(plan),
            *map(self._opening, self._find_openings(plan)),
            *map(self._dependent, plan.dependents),
            *self._entries(rollback),
            *self._gaps(plan),
            *self._faults(plan),
            *self._unmade_operations(rollback, plan),
            *BooksWarnings(self.env).find(rollback, plan),
            *self._active_users(rollback),
            *LongStep(rollback, plan).warn(),
        ]

    def done_by_hand(self, done):
        """Return what somebody has done by hand before, as a sentence.

        :param done: :class:`~..ledger.plan.DoneByHand`
        """
        partner = done.partner and self.words.person(done.partner)
        values = {"number": done.operation, "partner": partner}
        if done.step == MATCH_REMOVED:
            return _(
                "Done by hand: the match behind operation %(number)s of %(partner)s is "
                "removed.",
                **values,
            )
        if done.step == SHARES_REMOVED:
            return _(
                "Done by hand: the shares of operation %(number)s of %(partner)s are "
                "deleted.",
                **values,
            )
        if done.step == LINES_REMOVED:
            return _(
                "Done by hand: operation %(number)s of %(partner)s is deleted from the "
                "register.",
                **values,
            )
        if done.step == OPERATION_SEQUENCE_RESET:
            return _("Done by hand: the operation sequence is set back.")
        if partner:
            return _("Done by hand: the membership of %s is set back.", partner)
        return _("Done by hand: the cooperator sequence is set back.")

    def _revert_of_begun(self, plan):
        if not plan.by_hand:
            return []
        return [
            _(
                "Revert leads back to what is there today, not to what was there before "
                "that was done by hand."
            )
        ]

    def _find_openings(self, plan):
        concerned = {change.partner for change in plan.changes}
        return [one for one in plan.openings if one.partner in concerned]

    def _opening(self, opening):
        if not opening.quantity:
            return _(
                "%(partner)s had number %(number)s before the register: it stays.",
                partner=self.words.person(opening.partner),
                number=opening.number,
            )
        return _(
            "%(partner)s: %(quantity)s shares from before the register stay.",
            partner=self.words.person(opening.partner),
            quantity=opening.quantity,
        )

    def _entries(self, rollback):
        """What happens to the entries of operation requests."""
        return [self._entry(line) for line in rollback.line_ids.filtered("invoice_id")]

    def _entry(self, line):
        values = {
            "entry": line.invoice_id.display_name,
            "partner": line.wrong_partner_id.name,
        }
        if line.is_invoice_reversed:
            return _(
                "The entry %(entry)s for the operation of %(partner)s is reversed.",
                **values,
            )
        return _(
            "The entry %(entry)s for the operation of %(partner)s stays: settle it "
            "yourself.",
            **values,
        )

    def _faults(self, plan):
        """What is wrong nearby and stays as it is."""
        sentences = {
            DOUBLE_OPERATION: _(
                "Operation number %s is in the register more than once: this rollback "
                "leaves that as it is."
            ),
            DOUBLE_COOPERATOR: _(
                "Cooperator number %s is given more than once: this rollback leaves that "
                "as it is."
            ),
            OPERATION_SEQUENCE_BEHIND: _(
                "The next operation gets number %s, which is in use already: this rollback "
                "leaves that as it is."
            ),
            COOPERATOR_SEQUENCE_BEHIND: _(
                "The next cooperator gets number %s, which is in use already: this "
                "rollback leaves that as it is."
            ),
        }
        told = [
            sentences[one.kind] % one.numbers[0] for one in plan.faults[:MOST_FAULTS]
        ]
        more = len(plan.faults) - len(told)
        if more:
            told.append(_("Further faults nearby that stay as they are: %s.", more))
        return told

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

    def _unmade_operations(self, rollback, plan):
        """Right requests of which no operation is made."""
        sentences = []
        paid = {operation.request for operation in plan.inserted}
        lines = rollback.line_ids
        registered = lines._find_registered_rights(plan)
        for request in lines._get_all_right_moves():
            if request in registered:
                sentence = _(
                    "%(request)s of %(partner)s is in the register already: it keeps "
                    "operation %(numbers)s, and this payment makes no other one.",
                    request=request.name,
                    partner=request.partner_id.name,
                    numbers=", ".join(map(str, request._find_operations())),
                )
                sentences.append(sentence)
            elif request.id not in paid:
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
