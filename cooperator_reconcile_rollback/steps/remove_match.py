from odoo import models


class RemoveMatch(models.AbstractModel):
    """Manual, step 3: remove the wrong match, and open the request again."""

    _name = "reconciliation.rollback.step.remove_match"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: remove the wrong match"

    def _get_snapshot(self, step):
        rollback = step.rollback_id
        lines = rollback.line_ids
        return {
            "wrong matches": self._get_matches(lines.wrong_match_id),
            **self._get_requests(lines.wrong_move_id),
        }

    def _run(self, step):
        rollback = step.rollback_id
        rollback.line_ids._remove_match()
        subscriptions = rollback.line_ids.wrong_move_id.subscription_request
        subscriptions.filtered(lambda s: s.state == "paid").write({"state": "done"})
