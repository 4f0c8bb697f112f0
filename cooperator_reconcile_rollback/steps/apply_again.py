from odoo import _, fields, models
from odoo.exceptions import UserError

from ..models.res_company import COOPERATOR_SEQUENCE, OPERATION_SEQUENCE
from .books import MATCHES, MEMBERSHIPS, REGISTER, SEQUENCES, SHARES, SUBSCRIPTIONS


class ApplyAgain(models.AbstractModel):
    """Cascade ``all``: apply a batch of later operations again, the oldest first.

    Paid requests are matched with their payments as before: cooperator makes their
    effects anew, under the number that each had. Other operations get their register
    lines back. Dates, responsible users and share lines are what they were.
    """

    _name = "reconciliation.rollback.step.apply_again"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: apply later operations again"

    def _get_books(self):
        return [MATCHES, REGISTER, SHARES, MEMBERSHIPS, SUBSCRIPTIONS, SEQUENCES]

    def _get_books_partners(self, step):
        return self._get_partners(step._get_taken_back()["values"])

    def _get_books_moves(self, step):
        matches = step._get_taken_back()["matches"]
        return self.env["account.move"].browse([m["request"] for m in matches])

    def _get_partners(self, lines):
        """The people of register lines.

        :param lines: values of the lines
        """
        partners = {
            line[name]
            for line in lines
            for name in ("partner_id", "partner_id_to")
            if line[name]
        }
        return self.env["res.partner"].browse(sorted(partners))

    def _get_snapshot(self, step):
        numbers = [
            values["register_number_operation"]
            for values in step._get_taken_back()["values"]
        ]
        lines = self.env["subscription.register"].search(
            [
                ("company_id", "=", step.company_id.id),
                ("register_number_operation", "in", numbers),
            ]
        )
        return {"operations": self._get_operations(lines)}

    def _run(self, step):
        company = step.company_id
        plan = step.rollback_id._get_plan()
        batch = step._get_taken_back()
        items = {match["request"]: match["items"] for match in batch["matches"]}
        numbers = dict(batch["numbers"])
        partners = self._get_partners(batch["values"])
        numbered = set(company._get_cooperator_numbers(partners))
        row = NumberRow(company)
        operations = {}
        for values in batch["values"]:
            operations.setdefault(values["register_number_operation"], []).append(
                values
            )
        created = []
        for number, values in operations.items():
            request = values[0]["capital_release_request_id"]
            if request in items:
                row.go_on_at(OPERATION_SEQUENCE, number)
                partner = values[0]["partner_id"]
                if partner not in numbered:
                    row.go_on_at(COOPERATOR_SEQUENCE, numbers[partner])
                    numbered.add(partner)
                self._match_again(number, values, items[request])
            else:
                created += [self._prepare_line(line) for line in values]
        self.env["subscription.register"].create(created)
        self._apply_register(company, partners, numbers)
        company._set_next_number(OPERATION_SEQUENCE, plan.operations.matched)
        company._set_next_number(COOPERATOR_SEQUENCE, plan.cooperators.matched)

    def _prepare_line(self, values):
        return {name: value for name, value in values.items() if name != "id"}

    def _match_again(self, number, values, item_ids):
        """Let cooperator make an operation again, under the next number.

        :param values: what its register lines were
        :param item_ids: the journal items whose match completes the request
        """
        items = self.env["account.move.line"].browse(item_ids)
        # nothing of his certificate changes
        items.with_context(is_rollback_replay=True).reconcile()
        request = self.env["account.move"].browse(
            values[0]["capital_release_request_id"]
        )
        lines = request._find_register_lines().sorted("id")
        if lines.mapped("register_number_operation") != [number] * len(values):
            raise UserError(
                _(
                    "%(request)s of %(partner)s has not become operation %(number)s again.",
                    request=request.display_name,
                    partner=request.partner_id.name,
                    number=number,
                )
            )
        for line, line_values in zip(lines, values):
            date = fields.Date.to_date(line_values["date"])
            user_id = line_values["user_id"]
            if (line.date, line.user_id.id) != (date, user_id):
                line.write({"date": date, "user_id": user_id})


class NumberRow:
    """The sequences of a company, set where they would not go on rightly by themselves.

    Once set, what is drawn in the same transaction is undone with it.
    """

    def __init__(self, company):
        self.company = company
        self.following = {}

    def go_on_at(self, code, number):
        """Let the next number of a sequence be ``number``, which is drawn next."""
        if self.following.get(code) != number:
            self.company._set_next_number(code, number)
        self.following[code] = number + 1
