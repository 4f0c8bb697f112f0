import logging
from contextlib import suppress

from odoo import fields
from odoo.exceptions import UserError

from .commit_guard import CommitGuard
from .step_jobs import StepJobs
from .step_run import DONE_STATES

_logger = logging.getLogger(__name__)


class DryRunOver(Exception):
    """Ends a dry run: whatever it has done is undone."""


def dry_run(rollback):
    """Run the steps of a rollback in a savepoint and undo them.

    :param rollback: ``reconciliation.rollback``, a single one that is planned
    :return: what happened, as ``[{"place", "label", "error"}, ...]``; a step with an
        error is the last
    :raises UserError: it can't begin, or a step has ended the transaction
    """
    # sudo: as when the steps' jobs run, see ReconciliationRollbackStep._as_rollback
    rollback = rollback.sudo().with_company(rollback.company_id)
    outcomes = []
    env = rollback.env
    guard = CommitGuard(env, rollback.name, is_trial=True)
    try:
        with guard.whole():
            rollback._lock_register()
            rollback.write({"state": "running", "started_at": fields.Datetime.now()})
            rollback._begin_chain()
            for step in rollback._create_steps():
                # where it ends the transaction there is no dry run to go on with
                guard.work = StepJobs(step).word_run(step)
                outcomes.append(_dry_run_step(step._as_rollback()))
                if outcomes[-1]["error"]:
                    break
            raise DryRunOver
    except DryRunOver:
        # what the steps have left in the cache is not in the database
        env.clear()
    return outcomes


def _dry_run_step(step):
    return {
        "place": step.place,
        "label": step._get_kind_label(),
        "error": step._try_out(),
    }


def find_obstacle(rollback):
    """Run the steps that are left of a rollback in a savepoint and undo them.

    Of a long cascade it is the next step only, which can be a hundred operations.

    :param rollback: ``reconciliation.rollback``, a single one that has failed
    :return: why one can't be done, in a sentence; ``False`` where all can, and after a
        fault of the machine, which is no sentence for people: the job tells of it
    """
    # sudo: as in dry_run
    rollback = rollback.sudo().with_company(rollback.company_id)
    steps = rollback.step_ids.filtered(lambda step: step.state not in DONE_STATES)
    steps = steps.sorted("sequence")
    if rollback._get_plan().reapplied:
        steps = steps[:1]
    error = False
    guard = CommitGuard(rollback.env, rollback.name, is_trial=True)
    try:
        with suppress(DryRunOver), guard.whole():
            for step in steps:
                guard.work = StepJobs(step).word_run(step)
                error = _dry_run_step(step._as_rollback())["error"]
                if error:
                    break
            raise DryRunOver
    except UserError as refusal:
        error = refusal.args[0]
    except Exception:
        _logger.exception("%s could not be tried out", rollback.name)
    # as in dry_run
    rollback.env.clear()
    return error
