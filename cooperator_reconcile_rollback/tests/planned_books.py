"""What a plan said of the books, compared with the books afterwards."""

from collections import Counter

from ..books.request_reader import PAID_STATES
from ..services import accounting_changes as kinds


class PlannedBooks:
    """Asserts that a rollback has done in the books what its plan shows."""

    def assertBooksAsPlanned(self, rollback):
        """Matches, payers and entries are those that the plan has announced."""
        planned = kinds.from_json(rollback.accounting)
        sums = self._sum_by_match(planned)
        self.assertEqual(sums, self._sum_made_matches(rollback, sums))
        self.assertEqual(
            [change.entry for change in planned if change.entry],
            self._read_entries(rollback.line_ids.reclassification_move_id),
        )
        requests = {
            request.name: request
            for request in rollback.line_ids.wrong_move_id
            | rollback.line_ids._get_all_right_moves()
        }
        payments = {move.name: move for move in rollback.line_ids.payment_move_id}
        for change in planned:
            if change.happens == kinds.MATCH_MADE:
                state = requests[change.request].payment_state
                self.assertEqual(change.is_settled, state in PAID_STATES, change)
            if change.happens == kinds.PAYER_CHANGED:
                items = self.item_of(payments[change.payment])
                self.assertEqual(
                    set(items.partner_id.mapped("display_name")), {change.person}
                )

    def _sum_by_match(self, planned):
        amounts = Counter()
        for change in planned:
            if change.happens == kinds.MATCH_MADE:
                amounts[change.payment, change.request] += change.amount
        return {match: round(amount, 2) for match, amount in amounts.items()}

    def _sum_made_matches(self, rollback, planned):
        """What payments of the corrections pay of their right requests by the rollback.

        Where it has made nothing of a planned match, somebody had made it by hand.
        """
        lines = rollback.line_ids
        matches = lines._get_all_right_moves()._get_request_matches()
        steps = rollback.step_ids.filtered("kept")
        created = {id_ for step in steps for id_ in step._get_matches()["created"]}
        made = self._sum_matches(lines, matches.filtered(lambda m: m.id in created))
        by_hand = self._sum_matches(lines, matches)
        for match in planned:
            if match not in made and match in by_hand:
                made[match] = by_hand[match]
        return made

    def _sum_matches(self, lines, matches):
        """Amounts by payment and request, of what payments of the corrections pay."""
        amounts = Counter()
        for match in matches:
            paying = match.credit_move_id.move_id
            original = paying
            if paying in lines.reclassification_move_id:
                original = lines.filtered(
                    lambda line, m=paying: line.reclassification_move_id == m
                ).payment_move_id
            if original in lines.payment_move_id:
                amounts[original.name, match.debit_move_id.move_id.name] += match.amount
        return {match: round(amount, 2) for match, amount in amounts.items()}

    def _read_entries(self, moves):
        return [
            kinds.Entry(
                move.journal_id.display_name,
                move.date,
                tuple(
                    kinds.EntryItem(
                        item.account_id.display_name,
                        item.partner_id.display_name or "",
                        item.debit,
                        item.credit,
                    )
                    for item in move.line_ids.sorted("id")
                ),
            )
            for move in moves
        ]
