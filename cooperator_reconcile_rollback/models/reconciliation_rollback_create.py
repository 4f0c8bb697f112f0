from odoo import _, api, models
from odoo.exceptions import UserError


class ReconciliationRollback(models.Model):
    """Making rollbacks from the records that people have before them."""

    _inherit = "reconciliation.rollback"

    @api.model
    def create_from(self, records):
        """Draft rollbacks of the matches behind ``records``.

        :param records: capital release requests or payments' entries
            (``account.move``), ``account.payment``, ``account.bank.statement.line`` or
            ``subscription.register``
        :return: one draft for each company, with one line for each match
        :raises UserError: a record has no match that could be rolled back; nothing was
            made then
        """
        matches = self._get_matches(records)
        rollbacks = self.browse()
        for company in matches.company_id:
            of_company = matches.filtered(lambda m, c=company: m.company_id == c)
            rollbacks |= self.create(self._prepare_rollback(company, of_company))
        return rollbacks

    @api.model
    def _prepare_rollback(self, company, matches):
        return {
            "company_id": company.id,
            "line_ids": [(0, 0, {"wrong_match_id": match.id}) for match in matches],
        }

    @api.model
    def _get_matches(self, records):
        """The wrong matches that ``records`` stand for.

        Another module can add a kind of record by extending this method.

        :return: ``account.partial.reconcile``, at least one for each record
        """
        moves = self._get_moves(records)
        if not moves:
            raise UserError(_("There is nothing to roll back: no record was chosen."))
        line = self.env["reconciliation.rollback.line"]
        matches = self.env["account.partial.reconcile"]
        for move in moves:
            if move.release_capital_request:
                line._check_wrong_move(move)
                found = move._get_request_matches()
            else:
                found = move._get_payment_matches()
                if not found:
                    raise UserError(
                        _(
                            "%(move)s is neither a capital release request nor a "
                            "payment that is matched with one.",
                            move=move.display_name,
                        )
                    )
            matches |= found
        for match in matches:
            line._check_wrong_match(match)
        return matches

    @api.model
    def _get_moves(self, records):
        """The journal entries behind ``records``: requests or payments."""
        if records._name == "account.move":
            return records
        if records._name == "subscription.register":
            requests = records._get_paid_requests()
            for line in records:
                if line.type != "subscription" or not line._get_paid_requests():
                    raise UserError(
                        _(
                            "Operation %(number)s of %(partner)s does not come from a "
                            "paid capital release request.",
                            number=line.register_number_operation,
                            partner=line.partner_id.name,
                        )
                    )
            return requests
        if records._name == "account.bank.statement.line":
            return self.env["account.move"].union(
                *[self._get_statement_line_moves(line) for line in records]
            )
        return records.move_id

    @api.model
    def _get_statement_line_moves(self, statement_line):
        """The line's own entry, or the booked payments that it has confirmed."""
        move = statement_line.move_id
        if move._get_payment_matches():
            return move
        items = move.line_ids
        confirmed = (
            items.matched_debit_ids.debit_move_id.move_id
            | items.matched_credit_ids.credit_move_id.move_id
        )
        return confirmed.filtered(lambda m: m._get_payment_matches()) or move

    @api.model
    def action_create_from(self, records):
        """Window action that shows the drafts made from ``records``."""
        return self.create_from(records)._get_view_action(_("Roll back reconciliation"))
