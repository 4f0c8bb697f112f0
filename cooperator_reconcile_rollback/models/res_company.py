from functools import cache

from odoo import _, fields, models
from odoo.exceptions import UserError

from .. import series
from ..ledger.operation import Shares

OPERATION_SEQUENCE = "register.operation"
COOPERATOR_SEQUENCE = "cooperator.number"
NUMBERED = {
    OPERATION_SEQUENCE: ("subscription.register", "register_number_operation"),
    COOPERATOR_SEQUENCE: ("cooperative.membership", "cooperator_register_number"),
}


class ResCompany(models.Model):
    _inherit = "res.company"

    reclassification_journal_id = fields.Many2one(
        "account.journal",
        string="Reclassification journal",
        domain="[('type', '=', 'general'), ('company_id', '=', id)]",
        help="Where a rollback books a payment over to the right person when the "
        "payment itself may not be changed any more.",
    )

    def _get_shares_maker(self):
        """A function that makes :class:`~..ledger.operation.Shares` of stored values.

        It takes the share type, the quantity and the price, which it rounds to the
        company's currency. A register has few different ones: they are made once.
        """
        rounded = self.currency_id.round

        @cache
        def make_shares(share_type, quantity, price):
            return Shares(share_type, int(quantity or 0), rounded(float(price or 0)))

        return make_shares

    def _get_cooperator_sequence(self, code):
        """The sequence that ``ir.sequence.next_by_code`` draws from.

        See :meth:`_get_cooperator_sequences`.
        """
        return self._get_cooperator_sequences([code])[code]

    def _get_cooperator_sequences(self, codes):
        """The sequences that ``ir.sequence.next_by_code`` draws from.

        :param codes: ``register.operation`` or ``cooperator.number``, or both
        :return: ``ir.sequence``, or its date range where it uses them, by code
        :raises UserError: the company has none
        """
        self.ensure_one()
        found = self.env["ir.sequence"].search(
            [("code", "in", codes), ("company_id", "in", (self.id, False))],
            order="company_id",
        )
        sequences = {}
        for code in codes:
            sequence = found.filtered(lambda s, code=code: s.code == code)[:1]
            if not sequence:
                raise UserError(
                    _(
                        "%(company)s has no sequence %(code)s: a system administrator has "
                        "to create it.",
                        company=self.name,
                        code=code,
                    )
                )
            sequences[code] = sequence._get_current_sequence()
        return sequences

    def _get_next_numbers(self):
        """The number that each sequence will give next, by its code."""
        sequences = self._get_cooperator_sequences(
            [OPERATION_SEQUENCE, COOPERATOR_SEQUENCE]
        )
        for sequence in sequences.values():
            # drawing a number does not tell the cache
            series.invalidate(sequence, ["number_next_actual"])
        return {
            code: sequence.number_next_actual for code, sequence in sequences.items()
        }

    def _set_next_number(self, code, number):
        """Let the sequence go on at ``number``.

        PostgreSQL undoes ALTER SEQUENCE with its transaction, and whatever is drawn
        after it; without it a number that is drawn is lost when the transaction fails.
        So this is also what has to stand before a draw when the number is right already.
        """
        self._get_cooperator_sequence(code).number_next_actual = number

    def _check_none_from(self, code, number):
        """:raises UserError: someone has taken ``number`` or a later one in between"""
        model, name = NUMBERED[code]
        taken = self.env[model].search(
            [("company_id", "=", self.id), (name, ">=", number)], order=name, limit=1
        )
        if taken:
            raise UserError(
                _(
                    "%(partner)s has got number %(taken)s of the sequence %(code)s in "
                    "between: it was to go on with %(number)s. Give that number back first.",
                    partner=taken.partner_id.name,
                    taken=taken[name],
                    code=code,
                    number=number,
                )
            )
