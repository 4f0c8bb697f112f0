from odoo import _, api, fields, models


class ReconciliationRollback(models.Model):
    """How far a rollback is, seen without reloading the form (requirement U2)."""

    _inherit = "reconciliation.rollback"

    progress = fields.Float(compute="_compute_progress")
    progress_html = fields.Html(
        string="Progress now", compute="_compute_progress_html", sanitize=False
    )

    @api.depends("state", "step_ids.state")
    def _compute_progress(self):
        for rollback in self:
            steps = rollback.step_ids
            over = rollback._get_steps_over()
            rollback.progress = 100.0 * len(over) / len(steps) if steps else 0.0

    def _get_steps_over(self):
        """The steps that are done; of a revert, those that are undone."""
        self.ensure_one()
        states = ("reverted", "cancelled") if self.revert_started_at else ("done",)
        return self.step_ids.filtered(lambda step: step.state in states)

    def _is_under_way(self):
        self.ensure_one()
        return self.state in ("running", "reverting")

    def _word_progress(self):
        """Which step is next, in words."""
        self.ensure_one()
        steps = self.step_ids.sorted("sequence", reverse=bool(self.revert_started_at))
        over = self._get_steps_over()
        left = steps - over
        return _(
            "%(over)s of %(all)s steps, next: %(number)s. %(step)s",
            over=len(over),
            all=len(steps),
            number=left[:1].place or "",
            step=left[0]._get_kind_label() if left else "",
        )

    @api.depends("state")
    def _compute_progress_html(self):
        for rollback in self:
            rollback.progress_html = rollback._is_under_way() and rollback._render(
                "reconciliation_rollback_progress_frame", {"rollback": rollback}
            )
