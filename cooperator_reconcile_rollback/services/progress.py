from odoo import _

from .step_jobs import StepJobs
from .step_run import DONE_STATES


class Progress:
    """How far the steps of a rollback are, or the undoing of them.

    :param rollback: ``reconciliation.rollback``, a single one
    """

    def __init__(self, rollback):
        rollback.ensure_one()
        self.rollback = rollback
        self.env = rollback.env
        self.is_reverting = bool(rollback.revert_started_at)
        states = ("reverted", "cancelled") if self.is_reverting else DONE_STATES
        self.over = rollback.step_ids.filtered(lambda step: step.state in states)

    @property
    def percentage(self):
        steps = self.rollback.step_ids
        return 100.0 * len(self.over) / len(steps) if steps else 0.0

    def describe(self):
        """Say which step is next, in a sentence."""
        left = self._get_left()
        return _(
            "%(over)s of %(all)s steps, next: %(number)s. %(step)s",
            over=len(self.over),
            all=len(self.rollback.step_ids),
            number=left[:1].place or "",
            step=left[0]._get_kind_label() if left else "",
        )

    def find_lost_step(self):
        """Find the step that nothing will run, see :meth:`.StepJobs.find_lost`."""
        return StepJobs(self._get_left()).find_lost()

    def describe_waiting(self):
        """Say why a rollback under way does not go on just now; empty where it does."""
        lost = self.find_lost_step()
        if lost:
            return StepJobs(lost).word_lost()
        steps = self.rollback.step_ids
        jobs = steps._get_jobs()
        problems = [jobs._get_waiting_problem(), *steps._word_retries(jobs)]
        return "\n".join(filter(None, problems))

    def _get_left(self):
        """The steps that are left, in the order in which they run or are undone."""
        steps = self.rollback.step_ids.sorted("sequence", reverse=self.is_reverting)
        return steps - self.over
