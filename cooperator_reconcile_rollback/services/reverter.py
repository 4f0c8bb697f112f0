from contextlib import suppress

from odoo import _
from odoo.exceptions import UserError

from ..books.journal_items import ITEMS
from ..books.request_reader import PAID_STATES
from .commit_guard import CommitGuard
from .dry_run import DryRunOver
from .match_restorer import MATCHES, MatchRestorer
from .payments import Payments
from .refusals import Refusals
from .step_jobs import StepJobs
from .step_run import DONE_STATES

# the steps that change the books, in the order in which they are undone
BOOK_STEPS = ("make_match", "remove_match")
# and the rows that they change in the books: matches, and items of bank statement lines
BOOK_ROWS = (MATCHES, ITEMS)


class Reverter:
    """Whether a rollback can be undone, and whether it was.

    :param rollback: ``reconciliation.rollback``, a single one
    """

    def __init__(self, rollback):
        rollback.ensure_one()
        self.rollback = rollback
        self.env = rollback.env

    def check_revertible(self):
        """Look at all that undoing needs, before anything is undone.

        :raises UserError: something is in the way, or builds on what a done rollback made
        """
        if self.rollback.state == "done":
            self._check_nothing_came_after()
        reason = self._try_to_undo()
        if not reason:
            return
        if self.rollback.state == "done":
            raise UserError(
                _(
                    "%(rollback)s cannot be reverted. %(reason)s Where that cannot be "
                    "done, correct it with a new rollback.",
                    rollback=self.rollback.name,
                    reason=reason,
                )
            )
        raise UserError(
            _(
                "%(rollback)s cannot be reverted yet. %(reason)s Then press Revert again.",
                rollback=self.rollback.name,
                reason=reason,
            )
        )

    def check_can_go_on(self):
        """Look at all that is left to be undone, of a revert that has failed.

        :raises UserError: something is in the way
        """
        reason = self._try_to_undo()
        if reason:
            raise UserError(
                _(
                    "The revert of %(rollback)s cannot go on yet. %(reason)s Then press "
                    "Retry again.",
                    rollback=self.rollback.name,
                    reason=reason,
                )
            )

    def _check_nothing_came_after(self):
        """:raises UserError: what came after a done rollback builds on its result"""
        self._check_no_later_operation()
        # sudo: the register as a whole is needed to see what came after
        lines = self.rollback.sudo().line_ids.filtered("right_move_id")
        refusals = Refusals(lines.env)
        for line in lines:
            move = line.right_move_id
            refusals.check_not_refunded(move)
            refusals.check_no_tax_shelter_certificate(move._find_register_lines())
        for payer in Payments(self.rollback.sudo().line_ids).payers:
            payer.check_can_go_back()
        found = [*self._find_differences_from_plan(), *self._find_unpaid_again()]
        if found:
            raise UserError(
                _(
                    "%(rollback)s cannot be reverted, since something has changed after "
                    "it: put it right first, or correct it with a new rollback. %(found)s",
                    rollback=self.rollback.name,
                    found=" ".join(found),
                )
            )

    def _find_unpaid_again(self):
        """The requests that were paid again and are not any more, in sentences."""
        taken = self.rollback.step_ids.filtered(lambda step: step.kind == "take_back")
        items = [
            row["debit_move_id"]
            for step in taken
            for row in step._get_matches()["deleted"]
        ]
        requests = self.env["account.move.line"].browse(items).exists().move_id
        for request in requests:
            if request.payment_state not in PAID_STATES:
                yield _(
                    "%(request)s of %(partner)s is not paid any more.",
                    request=request.name,
                    partner=request.partner_id.name,
                )

    def _try_to_undo(self):
        """Undo the steps and take that back.

        Where thousands of later operations were applied again, only what changes the books
        is undone: the register is locked, or was compared with the plan just before.

        :return: why a step can't be undone, in a sentence; ``False`` where all can
        """
        # sudo: as when the steps' jobs run, see ReconciliationRollbackStep._as_rollback
        rollback = self.rollback.sudo().with_company(self.rollback.company_id)
        steps = rollback.step_ids.filtered(lambda step: step.state in DONE_STATES)
        steps._check_can_be_undone()
        reason = False
        guard = CommitGuard(rollback.env, rollback.name, is_trial=True)
        try:
            with suppress(DryRunOver), guard.whole():
                self._take_back_unrecorded(rollback)
                if rollback._get_plan().reapplied:
                    self._undo_books(steps)
                else:
                    for step in steps.sorted("sequence", reverse=True):
                        # where it ends the transaction there is no revert to go on with
                        guard.work = StepJobs(step).word_undo(step)
                        step._as_rollback()._get_kind()._undo(step._as_rollback())
                    reason = " ".join(self._find_unrestored())
                raise DryRunOver
        except UserError as error:
            reason = error.args[0]
        # what was undone has left in the cache what is not in the database
        rollback.env.clear()
        return reason

    def _take_back_unrecorded(self, rollback):
        """Take back what is there of the step that comes next, as its undoing will."""
        undone = rollback.step_ids.filtered(lambda one: one.state not in DONE_STATES)
        for step in undone.sorted("sequence")[:1]:
            step._as_rollback()._get_kind()._take_back_unrecorded(step._as_rollback())

    def _undo_books(self, steps):
        """Undo the matches and entries that steps have made, and nothing else.

        Of those of later operations it is only checked that they can come back.
        """
        for step in steps.filtered(lambda one: one.kind == "take_back"):
            MatchRestorer(step.env, {}).check(step._get_matches())
        for kind in BOOK_STEPS:
            step = steps.filtered(lambda one, kind=kind: one.kind == kind)
            if step:
                step = step._as_rollback()
                kept = step._get_kept()
                rows = {
                    model: changes
                    for model, changes in kept.get("rows", {}).items()
                    if model in BOOK_ROWS
                }
                step._get_kind()._restore(step, {**kept, "rows": rows, "sequences": {}})

    def _check_no_later_operation(self):
        rollback = self.rollback
        later = self.env["subscription.register"].search(
            [
                ("company_id", "=", rollback.company_id.id),
                (
                    "register_number_operation",
                    ">=",
                    rollback._get_plan().first_later,
                ),
            ],
            order="register_number_operation",
            limit=1,
        )
        if later:
            raise UserError(
                _(
                    "%(rollback)s cannot be reverted: operation %(number)s of "
                    "%(partner)s came after it; correct the match with a new rollback.",
                    rollback=rollback.name,
                    number=later.register_number_operation,
                    partner=later.partner_id.name,
                )
            )

    def _find_differences_from_plan(self):
        """What is not as the rollback left it, in sentences."""
        verify = self.env["reconciliation.rollback.step.verify"]
        verify = verify.with_company(self.rollback.company_id)
        return [
            sentence
            for name, sentences in verify._check_all(self.rollback)
            if name != "mail"
            for sentence in sentences
        ]

    def check_restored(self):
        """:raises UserError: something is not as it was before the rollback"""
        found = self._find_unrestored()
        if found:
            raise UserError(
                _(
                    "%(rollback)s is undone, but something is not as it was before: put it "
                    "right and press Retry. %(found)s",
                    rollback=self.rollback.name,
                    found="\n".join(found),
                )
            )

    def _find_unrestored(self):
        """What is not as it was before the rollback, in sentences."""
        plan = self.rollback._get_plan()
        return [
            *self._find_other_holdings(plan),
            *self._find_missing_lines(plan),
            *self._find_missing_matches(),
        ]

    def _get_lines_without_match(self):
        """The corrections whose wrong match was removed before the rollback did it."""
        lines = self.rollback.line_ids
        steps = self.rollback.step_ids.filtered(lambda s: s.kind == "remove_match")
        requests = self.env["account.move.line"].browse(
            row["debit_move_id"]
            for step in steps
            for row in step._get_matches()["deleted"]
        )
        return lines.filtered(lambda line: line.wrong_move_id not in requests.move_id)

    def _find_other_holdings(self, plan):
        rollback = self.rollback
        partners = self.env["res.partner"].browse([c.partner for c in plan.changes])
        holdings = rollback.company_id._load_holdings(partners)
        for change in plan.changes:
            if holdings[change.partner] != change.before:
                yield _(
                    "%(partner)s is not what it was before the rollback: "
                    '"%(actual)s" instead of "%(before)s".',
                    partner=partners.browse(change.partner).name,
                    actual=rollback._word_holding(holdings[change.partner]),
                    before=rollback._word_holding(change.before),
                )

    def _find_missing_lines(self, plan):
        lines = self.env["subscription.register"].browse(plan.removed_lines)
        for line in lines - lines.exists():
            yield _("The register line %s has not come back.", line.id)

    def _find_missing_matches(self):
        for line in self.rollback.line_ids - self._get_lines_without_match():
            if line.wrong_match_id.amount != line.amount and not _is_matched(line):
                yield _(
                    "The payment %(payment)s is not matched with %(request)s again.",
                    payment=line.payment_move_id.name,
                    request=line.wrong_move_id.display_name,
                )


def _is_matched(line):
    """Whether somebody has matched a correction's payment with the wrong request again."""
    items = line.payment_move_id.line_ids
    matched = line.wrong_move_id._get_request_matches().filtered(
        lambda match: match.debit_move_id in items or match.credit_move_id in items
    )
    amount = sum(matched.mapped("amount"))
    return not line.company_id.currency_id.compare_amounts(amount, line.amount)
