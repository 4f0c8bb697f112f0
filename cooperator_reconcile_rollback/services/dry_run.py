from odoo import fields

from .commit_guard import CommitGuard
from .step_jobs import StepJobs


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
