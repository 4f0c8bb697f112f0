"""A rollback that runs step by step, with something that happens between the steps."""

from .series import invalidate
from .undone import undone


class Points:
    """Running single steps; mixed into the test case."""

    def run_steps(self, rollback, count):
        """Perform the next jobs of a rollback."""
        for _step in range(count):
            waiting = self.jobs_of(rollback).filtered(
                lambda job: job.state == "pending"
            )
            self.assertTrue(self.run_job(waiting[0].uuid))
            invalidate(self.env)

    def before_each_step(self, rollback, check, points=None):
        """Perform all steps of a started rollback; before each one, ``check`` holds.

        What ``check`` does is taken back, and the rollback goes on from where it was.

        :param points: how many steps are done where it is looked at; all by default
        """
        steps = len(rollback.step_ids)
        for done in range(steps):
            if points is not None and done not in points:
                self.run_steps(rollback, 1)
                continue
            self.assertEqual(
                rollback.step_ids.mapped("state"),
                ["done"] * done + ["pending"] * (steps - done),
            )
            with self.subTest(done=done), undone(self.env):
                # numbers that are drawn from now on are taken back with this
                self.set_next_numbers(self.company, self.next_numbers())
                check()
            self.run_steps(rollback, 1)
        self.assertEqual(set(rollback.step_ids.mapped("state")), {"done"})
