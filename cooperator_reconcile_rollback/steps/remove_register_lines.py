from odoo import _, models

from .undo_rows import OPERATION_REQUESTS, REGISTER, conditions_of


class RemoveRegisterLines(models.AbstractModel):
    """Manual, step 5: delete the wrong operation's lines from the register."""

    _name = "reconciliation.rollback.step.remove_register_lines"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: remove the register lines"

    _manual_number = 5

    def _get_label(self):
        return _("Remove the register lines")

    def _get_rows_conditions(self):
        return conditions_of(REGISTER, OPERATION_REQUESTS)

    def _restore(self, step, kept, items=None):
        step.rollback_id.line_ids._reverse_reversals()
        return super()._restore(step, kept, items)

    def _get_snapshot(self, step, reading):
        removed = step.rollback_id._get_plan().removed_lines
        rows = [row for row in reading.get_rows(REGISTER) if row["id"] in set(removed)]
        users = reading.names.of("res.users", [row["user_id"] for row in rows], "name")
        return {
            "register lines": [
                {
                    "id": row["id"],
                    **words,
                    "price": float(row["share_unit_price"] or 0),
                    "responsible": users[row["user_id"]],
                }
                for row, words in zip(rows, self._get_operations(rows, reading.names))
            ]
        }

    def _run(self, step):
        removed = step.rollback_id._get_plan().removed_lines
        lines = self.env["subscription.register"].browse(removed).exists()
        requests = lines._get_operation_requests()
        corrections = step.rollback_id.line_ids
        approved = corrections.filtered(
            lambda line: line.operation_request_outcome == "approved"
        ).operation_request_id
        (requests & approved).approve_operation()
        (requests - approved).cancel_operation()
        corrections._reverse_invoices()
        lines.unlink()
