from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..books.renumbering import COOPERATOR_SEQUENCE, OPERATION_SEQUENCE
from ..books.row_journal import insert_rows, read_rows, restore_rows
from ..ledger.row_difference import difference, undone
from ..tools import flags
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
        return self._get_taken(step)._get_batch()

    def _get_taken(self, step):
        """The step that took back what this one applies again."""
        steps = step.rollback_id.step_ids.sorted("sequence")
        applied = steps.filtered(lambda other: other.kind == step.kind)
        taken = steps.filtered(lambda other: other.kind == "take_back")
        return taken[-1 - applied.ids.index(step.id)]

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
        changed = {change.partner for change in plan.changes}
        concerned = partners.filtered(lambda partner: partner.id in changed)
        before = self._read_holdings_before(step, partners - concerned)
        numbered = set(company._get_cooperator_numbers(partners))
        sequences = NextNumbers(company)
        unused_number = max(plan.cooperators.matched, plan.cooperators.kept + 1)
        # of old registers, two operations may have the same number
        operations = {}
        for row in batch["rows"]:
            request = row["capital_release_request_id"]
            key = (row["register_number_operation"], request)
            operations.setdefault(key, []).append(row)
        inserted = []
        for (number, request), rows in operations.items():
            if request not in items:
                inserted += rows
                continue
            sequences.go_on_at(OPERATION_SEQUENCE, number)
            partner = partners.browse(rows[0]["partner_id"])
            if partner.id not in numbered:
                sequences.go_on_at(
                    COOPERATOR_SEQUENCE, numbers.get(partner.id, unused_number)
                )
            self._match_again(number, rows, items[request])
            if partner.id in numbers:
                numbered.add(partner.id)
            else:
                # had none, for whatever reason, though cooperator gives everybody one
                company._get_memberships(partner)[
                    partner.id
                ]._clear_cooperator_register_number()
        insert_rows(self.env["subscription.register"], inserted)
        self._apply_register(company, concerned, numbers, plan)
        self._restore_holdings(step, partners - concerned, before)
        if self._is_last(step):
            self._apply_kept(company, plan)
        self._go_on_at(
            company,
            {
                OPERATION_SEQUENCE: plan.operations.matched,
                COOPERATOR_SEQUENCE: plan.cooperators.matched,
            },
        )

    def _read_holdings(self, step, partners):
        """The rows of what partners have, by model."""
        return read_rows(
            self.env,
            conditions_of(SHARES, MEMBERSHIPS),
            {"company": step.company_id.id, "partners": partners.ids},
        )

    def _read_holdings_before(self, step, partners):
        """The rows of what partners had before the batch was taken back."""
        kept = self._get_taken(step)._get_kept()["rows"]
        before = {}
        for model, rows in self._read_holdings(step, partners).items():
            # rows of others in the batch are not theirs
            changed = [row for row in kept[model]["changed"] if row["id"] in rows]
            restored = undone(rows, {**kept[model], "changed": changed})
            before[model] = {
                row_id: row
                for row_id, row in restored.items()
                if row["partner_id"] in partners.ids
            }
        return before

    def _restore_holdings(self, step, partners, before):
        """Give people whom the corrections do not concern what they had, to the last row.

        Whatever was wrong with it stays as it was.

        :param before: what :meth:`_read_holdings_before` gave
        """
        now = self._read_holdings(step, partners)
        for model, rows in now.items():
            restore_rows(self.env[model], difference(before[model], rows))

    def _is_last(self, step):
        """Whether the step applies the last operations again."""
        steps = step.rollback_id.step_ids
        return step == steps.filtered(lambda s: s.kind == step.kind)[-1:]

    def _apply_kept(self, company, plan):
        """Give people whose holding is kept, though nothing explains it, what is planned."""
        planned = [c.after for c in plan.changes if c.partner in plan.kept]
        company._apply_holdings(planned)
        company._apply_memberships(planned)

    def _match_again(self, number, rows, item_ids):
        """Let cooperator make an operation again, under the next number.

        :param rows: what its register lines were
        :param item_ids: the journal items whose match completes the request
        """
        items = self.env["account.move.line"].browse(item_ids)
        # nothing of his certificate changes
        items.with_context(**flags.REPLAY.set()).reconcile()
        request = self.env["account.move"].browse(rows[0]["capital_release_request_id"])
        lines = request._find_register_lines().sorted("id")
        if lines.mapped("register_number_operation") != [number] * len(rows):
            raise UserError(
                _(
                    "%(request)s of %(partner)s has not become operation %(number)s again: "
                    "try again; where that does not help, press Revert.",
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
