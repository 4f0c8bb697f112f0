"""The manual's eleven steps as a chain of jobs."""

import json

from odoo.tests import tagged

from odoo.addons.queue_job.job import DONE, PENDING, WAIT_DEPENDENCIES, Job

from .builders import CLARA
from .common import STEPS, MistakeCase
from .series import invalidate
from .undone import undone

# What each of these steps changes is what its ``before`` and ``after`` tell apart.
CHANGING = (
    "remove_match",
    "remove_shares",
    "remove_register_lines",
    "reset_operation_sequence",
    "reset_membership",
    "make_match",
)


class StepCase(MistakeCase):
    def start(self):
        return self.start_rollback(self.request, self.bruno)

    def job_states(self, rollback):
        return [job.state for job in self.jobs_of(rollback)]

    def assertCorrected(self):
        self.assertCandidate(self.alice.partner_id)
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])
        self.assertOperation(1002, self.bruno.partner_id, [(self.share_y, 3)])
        self.assertPaid(self.bruno)
        self.assertOpen(self.alice)
        self.assertEqual(self.next_numbers(), (1003, 503))


@tagged("post_install", "-at_install")
class TestSteps(StepCase):
    """What the start makes, and what each step does and keeps."""

    def test_manual_numbers_and_kinds(self):
        rollback = self.start()
        steps = rollback.step_ids
        self.assertEqual(
            [(step.number, step.kind) for step in steps.sorted("sequence")], STEPS
        )
        self.assertEqual(len(set(steps.mapped("sequence"))), len(STEPS))
        self.assertEqual(set(steps.mapped("state")), {"pending"})
        self.assertEqual(rollback.progress, 0)
        self.assertTrue(rollback.started_at)
        self.assertFalse(rollback.done_at)

    def test_list_of_kinds_of_the_first_release(self):
        """An update takes the list's rows away, and leaves the steps what they are."""
        rollback = self.start()
        field = self.env["ir.model.fields"]._get("reconciliation.rollback.step", "kind")
        self.env.cr.execute(
            "INSERT INTO ir_model_fields_selection (field_id, value, name, sequence) "
            """VALUES (%s, 'verify', '{"en_US": "Verify"}', 0) RETURNING id""",
            (field.id,),
        )
        (row,) = self.env.cr.fetchone()
        data = self.env["ir.model.data"].create(
            {
                "module": "cooperator_reconcile_rollback",
                "name": "selection__reconciliation_rollback_step__kind__verify",
                "model": "ir.model.fields.selection",
                "res_id": row,
            }
        )
        rollback.step_ids.init()
        invalidate(self.env)
        self.assertFalse(data.exists())
        self.assertFalse(self.env["ir.model.fields.selection"].browse(row).exists())
        self.assertEqual(
            rollback.step_ids.mapped("kind"), [kind for _number, kind in STEPS]
        )

    def test_chain_of_jobs(self):
        """One job a step, on a channel of their own, each waiting for the one before."""
        rollback = self.start()
        jobs = self.jobs_of(rollback)
        self.assertEqual(len(jobs), len(STEPS))
        self.assertEqual(len(set(jobs.mapped("graph_uuid"))), 1)
        self.assertEqual(
            [job.dependencies.get("depends_on") for job in jobs],
            [[]] + [[job.uuid] for job in jobs[:-1]],
        )
        self.assertEqual(set(jobs.mapped("channel")), {"root.reconciliation_rollback"})
        self.assertEqual(
            jobs.mapped("state"), [PENDING] + [WAIT_DEPENDENCIES] * (len(STEPS) - 1)
        )
        for job in jobs:
            self.assertIn(rollback.name, job.name)
            self.assertTrue(job.identity_key)
            self.assertEqual(job.user_id, self.manager)
        self.assertEqual(len(set(jobs.mapped("identity_key"))), len(STEPS))
        self.assertTrue(all(rollback.step_ids.mapped("job_state")))

    def test_one_after_another(self):
        """Each step that ends lets exactly the next one begin."""
        rollback = self.start()
        for number, kind in STEPS:
            self.run_jobs(rollback, until=kind)
            self.assertEqual(
                rollback.step_ids.mapped("state"),
                ["done"] * number + ["pending"] * (len(STEPS) - number),
            )
            states = self.job_states(rollback)
            self.assertEqual(states.count(DONE), number)
            self.assertEqual(states.count(PENDING), int(number < len(STEPS)))
            self.assertAlmostEqual(
                rollback.progress, 100 * number / len(STEPS), delta=1
            )
            self.assertEqual(
                rollback.state, "running" if number < len(STEPS) else "done"
            )
        self.assertDone(rollback)

    def test_before_and_after(self):
        """Each finished step keeps what it found and what it left."""
        rollback = self.start()
        self.run_jobs(rollback)
        for step in rollback.step_ids:
            self.assertTrue(step.started_at, step.kind)
            self.assertTrue(step.done_at, step.kind)
            before, after = json.loads(step.before), json.loads(step.after)
            self.assertTrue(before or after, step.kind)
            if step.kind in CHANGING:
                self.assertNotEqual(before, after, step.kind)

    def test_what_each_step_does(self):
        """The manual's order: match, shares, register, sequence, member, right match."""
        alice, bruno = self.alice.partner_id, self.bruno.partner_id
        rollback = self.start()
        self.run_jobs(rollback, until="record_numbers")
        self.assertPaid(self.alice)

        self.run_jobs(rollback, until="remove_match")
        self.assertFalse(self.matches_of(self.request))
        self.assertOpen(self.alice)
        self.assertEqual(len(self.shares_of(alice)), 1)

        self.run_jobs(rollback, until="remove_shares")
        self.assertEqual(self.shares_of(alice), [])
        self.assertOperation(1002, alice, [(self.share_y, 3)])

        self.run_jobs(rollback, until="remove_register_lines")
        self.assertNoOperation(1002)
        self.assertEqual(self.next_numbers().operation, 1003)

        self.run_jobs(rollback, until="reset_operation_sequence")
        self.assertEqual(self.next_numbers(), (1002, 503))

        self.run_jobs(rollback, until="reset_membership")
        self.assertCandidate(alice)
        self.assertEqual(self.next_numbers(), (1002, 502))
        self.assertCandidate(bruno)

        self.run_jobs(rollback, until="make_match")
        self.assertCorrected()


@tagged("post_install", "-at_install")
class TestIdempotence(StepCase):
    """A job that is killed, retried or run twice changes nothing more."""

    def test_each_step_twice(self):
        rollback = self.start()
        for step, (_number, kind) in zip(rollback.step_ids, STEPS):
            self.assertEqual(step.kind, kind)
            self.run_jobs(rollback, until=kind)
            before = self.books()
            kept = step.before, step.after
            Job.load(self.env, step.job_uuid).perform()
            self.assertBooksEqual(before)
            self.assertEqual((step.before, step.after), kept)
        self.assertDone(rollback)
        self.assertCorrected()

    def test_all_again_after_the_end(self):
        rollback = self.start()
        self.run_jobs(rollback)
        before = self.books()
        for step in rollback.step_ids:
            Job.load(self.env, step.job_uuid).perform()
        self.assertBooksEqual(before)
        self.assertDone(rollback)

    def test_each_step_killed_at_its_end(self):
        """PostgreSQL takes back all that a killed job did, and it begins again."""
        rollback = self.start()
        for _number, kind in STEPS:
            step = rollback.step_ids.filtered(lambda step, k=kind: step.kind == k)
            with undone(self.env):
                Job.load(self.env, step.job_uuid).perform()
            self.assertEqual(step.state, "pending")
            self.run_jobs(rollback, until=kind)
            self.assertEqual(step.state, "done")
        self.assertDone(rollback)
        self.assertCorrected()

    def test_numbers_drawn_by_a_killed_job(self):
        """Numbers that a sequence gave away for nothing are not lost.

        PostgreSQL does not take a drawn number back; the plan says which it has to be.
        """
        rollback = self.start()
        self.run_jobs(rollback, until="reset_membership")
        for code in ("register.operation", "cooperator.number"):
            for _time in range(3):
                self.sequence_of(code).next_by_id()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertCorrected()

    def test_step_out_of_turn(self):
        """A job that somebody starts by hand before its turn does nothing."""
        rollback = self.start()
        make_match = rollback.step_ids.filtered(lambda step: step.kind == "make_match")
        self.assertRefused(
            rollback.name, Job.load(self.env, make_match.job_uuid).perform
        )
        self.run_jobs(rollback)
        self.assertCorrected()


@tagged("post_install", "-at_install")
class TestFailure(StepCase):
    """A step that can't be done stops the rollback until a person has looked."""

    def break_down(self):
        """Bruno's request goes back to draft while the rollback runs."""
        self.rollback = self.start()
        self.run_jobs(self.rollback, until="reset_membership")
        self.bruno.capital_release_request.button_draft()
        self.run_jobs(self.rollback)
        return self.rollback

    def failed_step(self):
        return self.rollback.step_ids.filtered(lambda step: step.state == "failed")

    def test_failed_step(self):
        """The step that failed says why; those after it wait."""
        rollback = self.break_down()
        self.assertEqual(rollback.state, "failed")
        step = self.failed_step()
        self.assertEqual(step.kind, "make_match")
        self.assertIn(self.bruno.capital_release_request.name, step.error)
        self.assertIn(self.bruno.partner_id.name, step.error)
        self.assertEqual(
            rollback.step_ids.mapped("state"),
            ["done"] * 7 + ["failed"] + ["pending"] * 3,
        )
        self.assertFalse(rollback.done_at)

    def test_somebody_is_told(self):
        """The person responsible has an activity that names the rollback."""
        rollback = self.break_down()
        activity = rollback.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, rollback.user_id)
        self.assertIn(rollback.name, activity.summary)
        self.assertIn(self.bruno.capital_release_request.name, activity.note)
        self.assertIn(self.bruno.partner_id.name, activity.note)

    def test_retry_after_the_cause_is_gone(self):
        """The chain goes on where it stopped; nothing is done twice."""
        rollback = self.break_down()
        self.bruno.capital_release_request.action_post()
        rollback.action_retry()
        self.assertEqual(rollback.state, "running")
        self.assertEqual(
            self.job_states(rollback),
            [DONE] * 7 + [PENDING] + [WAIT_DEPENDENCIES] * 3,
        )
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertCorrected()

    def test_retry_before_the_cause_is_gone(self):
        """It is refused with what to do, and can be retried after that."""
        rollback = self.break_down()
        self.assertRefused(
            f"{rollback.name}.*{self.bruno.partner_id.name}.*post it first.*Retry",
            rollback.action_retry,
        )
        self.assertEqual(rollback.state, "failed")
        self.assertEqual(self.failed_step().kind, "make_match")
        self.bruno.capital_release_request.action_post()
        rollback.action_retry()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertCorrected()

    def test_mail_stays_held(self):
        """Nobody gets anything before a person has decided."""
        newsletter = self.make_mail(self.alice.partner_id)
        self.break_down()
        self.assertEqual(newsletter.state, "rollback_held")
        self.env["reconciliation.rollback"]._cron_release_left_mail()
        self.assertEqual(newsletter.state, "rollback_held")


@tagged("post_install", "-at_install")
class TestStates(StepCase):
    """Which button does what, and when."""

    def test_back_to_draft(self):
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.action_plan()
        self.assertTrue(rollback.plan_html)
        rollback.action_draft()
        self.assertEqual(rollback.state, "draft")
        rollback.line_ids.right_move_id = False
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertEqual(self.next_numbers(), (1002, 502))

    def test_cancelled(self):
        """What was cancelled is neither planned nor started again."""
        before = self.books()
        for plan_first in (False, True):
            rollback = self.draft_rollback(self.request, self.bruno)
            if plan_first:
                rollback.action_plan()
            rollback.action_cancel()
            self.assertEqual(rollback.state, "cancelled")
            self.assertRefused(rollback.name, rollback.action_plan)
            self.assertRefused(rollback.name, rollback.action_start)
        self.assertBooksEqual(before)

    def test_draft_is_not_started(self):
        rollback = self.draft_rollback(self.request, self.bruno)
        self.assertRefused(rollback.name, rollback.action_start)

    def test_running_is_not_started_again(self):
        rollback = self.start()
        for action in (
            rollback.action_start,
            rollback.action_plan,
            rollback.action_cancel,
            rollback.action_draft,
            rollback.action_retry,
        ):
            self.assertRefused(rollback.name, action)
        self.run_jobs(rollback)
        self.assertDone(rollback)
        for action in (rollback.action_start, rollback.action_cancel):
            self.assertRefused(rollback.name, action)

    def test_two_never_run_together(self):
        """The second one waits, and is told for which."""
        clara = self.subscribe(CLARA, 1, self.share_y)
        self.pay(clara)
        second = self.draft_rollback(clara.capital_release_request)
        first = self.start()
        second.action_plan()
        self.assertRefused(first.name, second.action_start)
        self.assertEqual(second.state, "planned")
        self.run_jobs(first)
        second.action_plan()
        second.action_start()
        self.run_jobs(second)
        self.assertDone(second)
        self.assertCorrected()
        self.assertCandidate(clara.partner_id)
