from odoo import models

from ..ledger.stored_json import BATCH, dump
from .books import MATCHES, MEMBERSHIPS, REGISTER, SHARES, SUBSCRIPTIONS

REGISTER_FIELDS = (
    "name",
    "register_number_operation",
    "type",
    "partner_id",
    "partner_id_to",
    "date",
    "quantity",
    "quantity_to",
    "share_product_id",
    "share_to_product_id",
    "share_unit_price",
    "share_to_unit_price",
    "user_id",
    "company_id",
    "capital_release_request_id",
    "operation_request_id",
)


class TakeBack(models.AbstractModel):
    """Cascade ``all``: take a batch of later operations back, the newest first.

    What is needed to apply them again is kept in the step's ``batch``.
    """

    _name = "reconciliation.rollback.step.take_back"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: take later operations back"

    def _get_books(self):
        return [MATCHES, REGISTER, SHARES, MEMBERSHIPS, SUBSCRIPTIONS]

    def _get_books_partners(self, step):
        lines = self._get_lines(step)
        return lines.partner_id | lines.partner_id_to

    def _get_books_moves(self, step):
        return self._get_lines(step).capital_release_request_id

    def _get_snapshot(self, step):
        lines = self._get_lines(step)
        return {"operations": self._get_operations(lines)}

    def _get_lines(self, step):
        return self.env["subscription.register"].browse(step._get_batch()["lines"])

    def _get_register_fields(self):
        """What is kept of a register line; hook for modules that add fields."""
        return list(REGISTER_FIELDS)

    def _run(self, step):
        lines = self._get_lines(step)
        company = step.company_id
        matches = self._get_completing_matches(lines)
        partners = lines.partner_id | lines.partner_id_to
        batch = step._get_batch()
        batch.update(
            values=lines.read(self._get_register_fields(), load="_classic_write"),
            matches=[
                {
                    "request": match.debit_move_id.move_id.id,
                    "items": [match.debit_move_id.id, match.credit_move_id.id],
                }
                for match in matches
            ],
            numbers=list(company._get_cooperator_numbers(partners).items()),
        )
        step.batch = dump(BATCH, batch)
        requests = matches.debit_move_id.move_id
        matches.unlink()
        requests.subscription_request.write({"state": "done"})
        lines.unlink()
        self._apply_register(company, partners, {})

    def _get_completing_matches(self, lines):
        """One match for each paid request of ``lines``: without it it is not paid."""
        matches = self.env["account.partial.reconcile"]
        for request in lines.capital_release_request_id:
            matches |= request._get_request_matches().sorted("id")[-1:]
        return matches
