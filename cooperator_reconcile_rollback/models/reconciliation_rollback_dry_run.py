from odoo import fields, models


class DryRunOver(Exception):
    """Ends a dry run: whatever it has done is undone."""


class ReconciliationRollback(models.Model):
    """Running every step for real, and undoing all of it (requirement R8)."""

    _inherit = "reconciliation.rollback"

    dry_run_at = fields.Datetime(string="Tried out at", readonly=True, copy=False)
    dry_run_html = fields.Html(
        string="Trial", readonly=True, copy=False, sanitize=False
    )

    def action_dry_run(self):
        """Try the plan out and show what came of it; nothing of it remains."""
        self._check_manager()
        self._check_state("planned")
        for rollback in self._by_action():
            steps = rollback._try_out()
            rollback.write(
                {
                    "dry_run_at": fields.Datetime.now(),
                    "dry_run_html": self._render(
                        "reconciliation_rollback_dry_run", {"steps": steps}
                    ),
                }
            )
        return True

    def _try_out(self):
        """Run the steps in a savepoint and undo them.

        :return: what happened, as ``[{"place", "label", "error"}, ...]``; a step with an
            error is the last
        """
        # sudo: as when the steps' jobs run, see ReconciliationRollbackStep._run_job
        rollback = self.sudo().with_company(self.company_id)
        outcomes = []
        try:
            with self.env.cr.savepoint():
                rollback._lock_register()
                rollback.write(
                    {"state": "running", "started_at": fields.Datetime.now()}
                )
                rollback._begin_chain()
                for step in rollback._create_steps():
                    step = step._as_rollback()
                    outcomes.append(
                        {
                            "place": step.place,
                            "label": step._get_kind_label(),
                            "error": step._try_out(),
                        }
                    )
                    if outcomes[-1]["error"]:
                        break
                raise DryRunOver
        except DryRunOver:
            # what the steps have left in the cache is not in the database
            self.env.clear()
        return outcomes
