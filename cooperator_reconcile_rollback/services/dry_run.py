from odoo import fields


class DryRunOver(Exception):
    """Ends a dry run: whatever it has done is undone."""


def dry_run(rollback):
    """Run the steps of a rollback in a savepoint and undo them.

    :param rollback: ``reconciliation.rollback``, a single one that is planned
    :return: what happened, as ``[{"place", "label", "error"}, ...]``; a step with an
        error is the last
    """
    # sudo: as when the steps' jobs run, see ReconciliationRollbackStep._as_rollback
    rollback = rollback.sudo().with_company(rollback.company_id)
    outcomes = []
    try:
        with rollback.env.cr.savepoint():
            rollback._lock_register()
            rollback.write({"state": "running", "started_at": fields.Datetime.now()})
            rollback._begin_chain()
            for step in rollback._create_steps():
                outcomes.append(_dry_run_step(step._as_rollback()))
                if outcomes[-1]["error"]:
                    break
            raise DryRunOver
    except DryRunOver:
        # what the steps have left in the cache is not in the database
        rollback.env.clear()
    return outcomes


def _dry_run_step(step):
    return {
        "place": step.place,
        "label": step._get_kind_label(),
        "error": step._try_out(),
    }
