from odoo import _, models

from ..books.journal_items import ITEMS, restore_items
from ..ledger.plan import MATCH_REMOVED, DoneByHand
from ..services.proposal import MATCHED
from .undo_rows import MATCHES, SUBSCRIPTIONS, conditions_of


class RemoveMatch(models.AbstractModel):
    """Manual, step 3: remove the wrong match, and open the request again."""

    _name = "reconciliation.rollback.step.remove_match"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: remove the wrong match"

    _manual_number = 3

    def _get_label(self):
        return _("Remove the wrong match")

    def _get_rows_conditions(self):
        return {
            **conditions_of(MATCHES, SUBSCRIPTIONS),
            ITEMS: "move_id = ANY(%(undone)s)",
            # a line that is undone is not to be checked any more
            "account.move": "id = ANY(%(undone)s)",
        }

    def _get_rows_parameter(self, step, name):
        if name == "undone":
            return step.rollback_id.line_ids._get_undone_moves().ids
        return super()._get_rows_parameter(step, name)

    def _is_done_by_hand(self, step, before, after):
        """The match is what counts: nobody opens the subscription again by hand.

        Somebody may also have removed it since the start, which leaves accounting open.
        """
        return before.rows[MATCHES] == after.rows[MATCHES] and bool(
            self._find_done_by_hand(step)
        )

    def _find_done_by_hand(self, step):
        matched = step.rollback_id.line_ids.filtered(
            lambda line: line.situation == MATCHED
        )
        return [
            *super()._find_done_by_hand(step),
            *(
                DoneByHand(
                    MATCH_REMOVED,
                    line.operation_number or None,
                    line.wrong_move_id.partner_id.id,
                )
                for line in matched
            ),
        ]

    def _read_more(self, step):
        lines = step.rollback_id.line_ids
        return {
            **super()._read_more(step),
            "payments": [[line.id, line.payment_line_id.id] for line in lines],
            "payers": lines._read_payers(),
        }

    def _restore(self, step, kept, items=None):
        lines = step.rollback_id.line_ids
        rows = dict(kept.get("rows", {}))
        undone = rows.pop(ITEMS, None)
        if undone:
            created = self._find_items_instead(undone)
            restore_items(
                self.env, {**undone, "created": created}, rows[MATCHES]["deleted"]
            )
            lines._restore_payment_items(kept["payments"])
        items = self._book_statement_lines_again(kept)
        lines._restore_payers(kept["payers"])
        restored = super()._restore(step, {**kept, "rows": rows}, items)
        lines._find_wrong_matches()
        return restored

    def _find_items_instead(self, undone):
        """The items that the entries of undone statement lines have by now.

        They are those that the step has made, or others, where somebody has undone a
        line once more.

        :param undone: the difference of the items' rows
        :return: ids
        """
        entries = {row["move_id"] for row in undone["deleted"]}
        items = self.env[ITEMS].search([("move_id", "in", list(entries))])
        return sorted({*undone["created"], *items.ids})

    def _book_statement_lines_again(self, kept):
        """Book undone statement lines again, of which no items were kept.

        An earlier release kept none; and somebody can undo a line that the step has left
        as it was.

        :return: the journal items' ids that stand for those that are no more
        """
        items = {}
        for line_id, item_id in kept["payments"]:
            undone = self.env["reconciliation.rollback.line"].browse(line_id)
            statement_line = undone.payment_move_id.statement_line_id
            if item_id and statement_line and not undone.payment_line_id:
                undone._book_statement_line_again(kept["payers"], item_id)
                items[item_id] = undone.payment_line_id.id
        return items

    def _get_snapshot(self, step, reading):
        lines = step.rollback_id.line_ids
        return {
            "wrong matches": self._get_matches(lines.wrong_match_id),
            **self._get_requests(lines.wrong_move_id),
        }

    def _run(self, step):
        lines = step.rollback_id.line_ids
        lines._remove_match()
        # a request that was registered twice stays paid
        lines.wrong_move_id._open_subscriptions()
