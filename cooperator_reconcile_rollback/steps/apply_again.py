from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..books.renumbering import COOPERATOR_SEQUENCE, OPERATION_SEQUENCE
from ..books.row_journal import insert_rows
from .order import Place
from .undo_rows import (
    MATCHES,
    MEMBERSHIPS,
    REGISTER,
    SHARES,
    SUBSCRIPTIONS,
    conditions_of,
)


class ApplyAgain(models.AbstractModel):
    """Cascade ``all``: apply a batch of later operations again, the oldest first.

    Paid requests are matched with their payments as before: cooperator makes their
    effects anew, under the number that each had. Other operations get their register
    lines back, as whole rows. Dates, responsible users and share lines are what they were.
    """

    _name = "reconciliation.rollback.step.apply_again"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: apply later operations again"

    _place = Place(after="make_match")
    _sets_sequences = True

    def _get_label(self):
        return _("Apply later operations again")

    @api.model
    def _prepare_steps(self, rollback):
        taken_back = self.env["reconciliation.rollback.step.take_back"]
        return [{} for _batch in taken_back._prepare_steps(rollback)]

    def _get_rows_conditions(self):
        return conditions_of(MATCHES, REGISTER, SHARES, MEMBERSHIPS, SUBSCRIPTIONS)

    def _get_rows_partners(self, step):
        return self._get_partners(self._get_batch(step)["rows"])

    def _get_rows_moves(self, step):
        matches = self._get_batch(step)["matches"]
        return self.env["account.move"].browse([m["request"] for m in matches])

    def _get_batch(self, step):
        """What the step applies again; the batch that was taken back last is the first.

        :return: what :meth:`.take_back.TakeBack._run` has kept
        """
        steps = step.rollback_id.step_ids.sorted("sequence")
        applied = steps.filtered(lambda other: other.kind == step.kind)
        taken = steps.filtered(lambda other: other.kind == "take_back")
        return taken[-1 - applied.ids.index(step.id)]._get_batch()

    def _get_partners(self, rows):
        """The people of the register's rows."""
        names = ("partner_id", "partner_id_to")
        partners = {row[name] for row in rows for name in names if row[name]}
        return self.env["res.partner"].browse(sorted(partners))

    def _get_snapshot(self, step, reading):
        numbers = {
            row["register_number_operation"] for row in self._get_batch(step)["rows"]
        }
        rows = [
            row
            for row in reading.get_rows(REGISTER)
            if row["register_number_operation"] in numbers
        ]
        return {"operations": self._get_operations(rows, reading.names)}

    def _run(self, step):
        company = step.company_id
        plan = step.rollback_id._get_plan()
        batch = self._get_batch(step)
        items = {match["request"]: match["items"] for match in batch["matches"]}
        numbers = dict(batch["numbers"])
        partners = self._get_partners(batch["rows"])
        numbered = set(company._get_cooperator_numbers(partners))
        sequences = NextNumbers(company)
        operations = {}
        for row in batch["rows"]:
            operations.setdefault(row["register_number_operation"], []).append(row)
        inserted = []
        for number, rows in operations.items():
            request = rows[0]["capital_release_request_id"]
            if request not in items:
                inserted += rows
                continue
            sequences.go_on_at(OPERATION_SEQUENCE, number)
            partner = rows[0]["partner_id"]
            if partner not in numbered:
                sequences.go_on_at(COOPERATOR_SEQUENCE, numbers[partner])
                numbered.add(partner)
            self._match_again(number, rows, items[request])
        insert_rows(self.env["subscription.register"], inserted)
        self._apply_register(company, partners, numbers)
        self._go_on_at(
            company,
            {
                OPERATION_SEQUENCE: plan.operations.matched,
                COOPERATOR_SEQUENCE: plan.cooperators.matched,
            },
        )

    def _match_again(self, number, rows, item_ids):
        """Let cooperator make an operation again, under the next number.

        :param rows: what its register lines were
        :param item_ids: the journal items whose match completes the request
        """
        items = self.env["account.move.line"].browse(item_ids)
        # nothing of his certificate changes
        items.with_context(is_rollback_replay=True).reconcile()
        request = self.env["account.move"].browse(rows[0]["capital_release_request_id"])
        lines = request._find_register_lines().sorted("id")
        if lines.mapped("register_number_operation") != [number] * len(rows):
            raise UserError(
                _(
                    "%(request)s of %(partner)s has not become operation %(number)s again.",
                    request=request.display_name,
                    partner=request.partner_id.name,
                    number=number,
                )
            )
        for line, row in zip(lines, rows):
            date = fields.Date.to_date(row["date"])
            if (line.date, line.user_id.id or None) != (date, row["user_id"]):
                line.write({"date": date, "user_id": row["user_id"]})


class NextNumbers:
    """The sequences of a company, set where they would not go on rightly by themselves.

    Once set, what is drawn in the same transaction is undone with it.
    """

    def __init__(self, company):
        self.company = company
        self._next = {}

    def go_on_at(self, code, number):
        """Let the next number of a sequence be ``number``, which is drawn next."""
        if self._next.get(code) != number:
            self.company._set_next_number(code, number)
        self._next[code] = number + 1
