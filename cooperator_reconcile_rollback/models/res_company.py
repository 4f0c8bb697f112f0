from functools import cache

from odoo import _, fields, models
from odoo.exceptions import UserError

from ..ledger.operation import Shares
from ..tools import series

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

    def _get_locking_rollback(self):
        """The rollback that holds the company's register; mostly none.

        Where it is none, none can take the register before this transaction has ended.
        A rollback's own steps are not locked out.

        :return: ``reconciliation.rollback``
        """
        self.ensure_one()
        self.env.cr.execute(
            "SELECT rollback_id FROM cooperator_register_lock WHERE company_id = %s "
            "FOR SHARE",
            (self.id,),
        )
        row = self.env.cr.fetchone()
        if not row:
            # the company's first operation
            self.env.cr.execute(
                "INSERT INTO cooperator_register_lock (company_id) VALUES (%s) "
                "ON CONFLICT DO NOTHING",
                (self.id,),
            )
        holder = row and row[0]
        if holder == self.env.context.get("reconciliation_rollback_id"):
            holder = None
        # sudo: whoever books a payment knows nothing of rollbacks
        return self.env["reconciliation.rollback"].sudo().browse(holder or [])

    def _check_register_open(self):
        """:raises UserError: a rollback holds the register of one of the companies"""
        for company in self:
            rollback = company._get_locking_rollback()
            if rollback:
                raise UserError(
                    _(
                        "The register of %(company)s is locked by %(rollback)s: try "
                        "again when that has ended, %(user)s is responsible for it.",
                        company=company.name,
                        rollback=rollback.name,
                        user=rollback.user_id.name,
                    )
                )

    def _lock_register(self, rollback):
        """Let ``rollback`` hold the register; waits for operations under way.

        :return: whether it does; another one may hold it
        """
        self.ensure_one()
        self.env.cr.execute(
            "INSERT INTO cooperator_register_lock AS lock (company_id, rollback_id) "
            "VALUES (%s, %s) ON CONFLICT (company_id) "
            "DO UPDATE SET rollback_id = excluded.rollback_id "
            "WHERE lock.rollback_id IS NULL OR lock.rollback_id = excluded.rollback_id",
            (self.id, rollback.id),
        )
        return bool(self.env.cr.rowcount)

    def _has_unseen_operations(self):
        """Whether operations were registered that this transaction does not see.

        Whoever waits for the register goes on with what the database was like before.
        """
        self.ensure_one()
        query = (
            "SELECT count(*), coalesce(max(id), 0) FROM subscription_register "
            "WHERE company_id = %s"
        )
        series.flush(self.env["subscription.register"])
        self.env.cr.execute(query, (self.id,))
        seen = self.env.cr.fetchone()
        # a cursor of its own sees what is committed by now
        with self.env.registry.cursor() as cr:
            cr.execute(query, (self.id,))
            present = cr.fetchone()
        return present[0] > seen[0] or present[1] > seen[1]

    def _release_register(self, rollback):
        """Let ``rollback`` hold the register no more."""
        self.ensure_one()
        self.env.cr.execute(
            "UPDATE cooperator_register_lock SET rollback_id = NULL "
            "WHERE company_id = %s AND rollback_id = %s",
            (self.id, rollback.id),
        )
