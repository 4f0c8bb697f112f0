from collections import defaultdict

from odoo import _, api, models

from ..books.request_reader import PAID_STATES
from ..books.row_journal import read_rows
from ..ledger.stored_json import BATCH, dump
from .order import Place
from .undo_rows import (
    MATCHES,
    MEMBERSHIPS,
    REGISTER,
    SHARES,
    SUBSCRIPTIONS,
    conditions_of,
)


class TakeBack(models.AbstractModel):
    """Cascade ``all``: take a batch of later operations back, the newest first.

    What is needed to apply them again is kept in the step's ``batch``.
    """

    _name = "reconciliation.rollback.step.take_back"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: take later operations back"

    _place = Place(after="record_numbers")

    def _get_label(self):
        return _("Take later operations back")

    @api.model
    def _prepare_steps(self, rollback):
        batches = self._get_line_batches(rollback._get_plan().reapplied)
        return [{"batch": dump(BATCH, {"lines": lines})} for lines in reversed(batches)]

    @api.model
    def _get_line_batches(self, operations):
        """Register lines' ids of later operations, in batches of whole operations."""
        size = self._get_batch_size()
        return [
            [line for operation in operations[i : i + size] for line in operation.lines]
            for i in range(0, len(operations), size)
        ]

    @api.model
    def _get_batch_size(self):
        """How many later operations one job deals with."""
        # sudo: system parameters are for system administrators
        parameters = self.env["ir.config_parameter"].sudo()
        return int(
            parameters.get_param("cooperator_reconcile_rollback.batch_size", 100)
        )

    def _get_rows_conditions(self):
        return conditions_of(MATCHES, REGISTER, SHARES, MEMBERSHIPS, SUBSCRIPTIONS)

    def _get_rows_partners(self, step):
        lines = self._get_lines(step)
        return lines.partner_id | lines.partner_id_to

    def _get_rows_moves(self, step):
        return self._get_lines(step).capital_release_request_id

    def _get_snapshot(self, step, reading):
        lines = set(step._get_batch()["lines"])
        rows = [row for row in reading.get_rows(REGISTER) if row["id"] in lines]
        return {"operations": self._get_operations(rows, reading.names)}

    def _get_lines(self, step):
        return self.env["subscription.register"].browse(step._get_batch()["lines"])

    def _perform(self, step):
        return {**super()._perform(step), "batch": step.batch}

    def _run(self, step):
        lines = self._get_lines(step)
        company = step.company_id
        matches = self._get_completing_matches(lines)
        partners = lines.partner_id | lines.partner_id_to
        rows = read_rows(self.env, {REGISTER: "id = ANY(%(ids)s)"}, {"ids": lines.ids})
        batch = {
            "lines": lines.ids,
            "rows": [rows[REGISTER][line] for line in lines.ids],
            "matches": [
                {
                    "request": match.debit_move_id.move_id.id,
                    "items": [match.debit_move_id.id, match.credit_move_id.id],
                }
                for match in matches
            ],
            "numbers": list(company._get_cooperator_numbers(partners).items()),
        }
        step.batch = dump(BATCH, batch)
        requests = matches.debit_move_id.move_id
        matches.unlink()
        requests._open_subscriptions()
        lines.unlink()
        self._apply_register(company, partners, {}, step.rollback_id._get_plan())

    def _get_completing_matches(self, lines):
        """One match for each request of ``lines`` that cooperator can register again.

        Without it the request is not paid. One that is not paid today, or is in the
        register more than once, is not made anew by a match: its lines come back as rows.
        """
        requests = lines.capital_release_request_id.filtered(
            lambda move: move.payment_state in PAID_STATES
        )
        numbers = defaultdict(set)
        for line in lines.search([("capital_release_request_id", "in", requests.ids)]):
            numbers[line.capital_release_request_id].add(line.register_number_operation)
        matches = self.env["account.partial.reconcile"]
        for request in requests:
            if len(numbers[request]) == 1:
                matches |= request._get_request_matches().sorted("id")[-1:]
        return matches
