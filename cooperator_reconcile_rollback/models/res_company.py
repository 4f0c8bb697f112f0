from functools import cache

from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..books import check_reader, holdings, register_links, register_reader
from ..books.doubtful import find_doubtful
from ..books.renumbering import COOPERATOR_SEQUENCE, NUMBERED, OPERATION_SEQUENCE
from ..ledger import evidence_chain
from ..ledger.check import check
from ..ledger.holding import Holding
from ..ledger.numbering import APPEND, KEEP_GAP, REUSE
from ..ledger.operation import Shares
from ..services.chain_head import mail_head
from ..services.company_chain import CompanyChain
from ..services.register_memory import RegisterMemory
from ..services.register_seals import RegisterSeals
from ..services.start_conditions import NO, REQUIRED, WARN
from ..tools import flags, series

STRICTNESS = [(NO, "Not asked for"), (WARN, "Warn"), (REQUIRED, "Required")]


class ResCompany(models.Model):
    """The company's register: reading it, its numbers, and whether a rollback holds it.

    The methods are what other models call and what another add-on extends; the work is
    done in ``books/``.
    """

    _inherit = "res.company"

    reclassification_journal_id = fields.Many2one(
        "account.journal",
        string="Reclassification journal",
        domain="[('type', '=', 'general'), ('company_id', '=', id)]",
        help="Where a rollback books a payment over to the right person when the "
        "payment itself may not be changed any more.",
    )

    evidence_email = fields.Char(
        string="Auditor's e-mail address",
        help="Gets the number of links and the last hash of the chain of evidence each "
        "month. With these anybody can tell later whether evidence of rollbacks and fixes "
        "was taken away or changed.",
    )
    rollback_numbering = fields.Selection(
        [
            (REUSE, "The right operation takes the freed number"),
            (APPEND, "The right operation gets the next number"),
            (KEEP_GAP, "The freed number stays unused"),
        ],
        string="Operation numbers",
        required=True,
        default=REUSE,
        help="What new rollbacks propose. A number that was printed, mailed or shown "
        "should not be given again: let the right operation get the next one.",
    )
    rollback_member_numbering = fields.Selection(
        [
            (REUSE, "The freed number is given again"),
            (APPEND, "The freed number is not given again"),
        ],
        string="Cooperator numbers",
        required=True,
        default=REUSE,
        help="What new rollbacks propose. Where the freed number is given again, two "
        "people can have certificates with the same number.",
    )

    rollback_decision = fields.Selection(
        STRICTNESS,
        string="Decision of the board",
        required=True,
        default=NO,
        help="Whether a rollback says who decided on it, and when.",
    )
    rollback_second_person = fields.Selection(
        STRICTNESS,
        string="Second person",
        required=True,
        default=NO,
        help="Whether somebody else than who planned a rollback starts or validates it.",
    )

    # The register

    @api.model
    def _get_companies_with_register(self):
        """The companies that have an operation."""
        self.env.cr.execute("SELECT DISTINCT company_id FROM subscription_register")
        return self.browse(sorted(company for (company,) in self.env.cr.fetchall()))

    def _load_register(self, requests=None):
        """Load the company's register, whoever asks.

        :param requests: capital release request's id by register line's id, for lines
            that do not know theirs (made before this module was installed)
        :return: :class:`~..ledger.plan.Register`
        :raises UserError: the company has no sequence for the numbers
        """
        self.ensure_one()
        return register_reader.load_register(self, requests)

    def _replay_holdings(self, partners, numbers, openings=None):
        """Replay what the register gives to partners, as it stands now.

        :param partners: ``res.partner``
        :param numbers: cooperator number by partner id, for those who become members by it
        :param openings: :class:`~..ledger.opening.Opening` by partner id
        :return: :class:`~..ledger.holding.Holding` by partner id; related partners' too
        """
        self.ensure_one()
        return register_reader.replay_holdings(self, partners.ids, numbers, openings)

    def _check_register(self):
        """Find what is wrong or suspicious in the company's books.

        :return: a tuple of :class:`~..ledger.finding.Finding`
        """
        self.ensure_one()
        return check(check_reader.load_books(self, find_doubtful(self)))

    def _link_register(self):
        """Link what was made before this module was installed, where exactly one fits."""
        for company in self:
            register_links.link_register(company)

    def _remember_register(self, correction=None):
        """Add what has happened to the register to its entries.

        :param correction: the rollback or fix that did it, if one did
        """
        for company in self:
            RegisterMemory(company).remember(correction)

    def _pair_other_operations(self):
        """Pair the operations that do not know their operation request with it.

        :return: :class:`~..ledger.linking.Pairing`
        """
        self.ensure_one()
        return register_links.pair_with_requests(self)

    def _get_shares_maker(self):
        """Get a function that makes :class:`~..ledger.operation.Shares` of stored values.

        It takes the share type, the quantity and the price, which it rounds to the
        company's currency. A register has few different ones: they are made once.
        """
        rounded = self.currency_id.round

        @cache
        def make_shares(share_type, quantity, price):
            return Shares(share_type, int(quantity or 0), rounded(float(price or 0)))

        return make_shares

    # Holdings

    def _load_holdings(self, partners):
        """Load what partners hold today.

        :param partners: ``res.partner``
        :return: :class:`~..ledger.holding.Holding` by partner id, for each of them
        """
        self.ensure_one()
        loaded = holdings.load_holdings(self, partners.ids)
        return {
            partner: loaded.get(partner) or Holding(partner) for partner in partners.ids
        }

    def _apply_holdings(self, planned):
        """Change partners' share lines to those of planned holdings.

        :param planned: :class:`~..ledger.holding.Holding` of different partners
        """
        self.ensure_one()
        holdings.apply_holdings(self, planned)

    def _apply_memberships(self, planned):
        """Change partners' memberships to those of planned holdings.

        :param planned: :class:`~..ledger.holding.Holding` of different partners
        """
        self.ensure_one()
        holdings.apply_memberships(self, planned)

    def _prepare_share_line(self, holding, values):
        """Prepare the values of a planned share line.

        :param holding: :class:`~..ledger.holding.Holding` that it belongs to
        :param values: share type, quantity, price, date, request, operation request
        """
        share_type, quantity, unit_price, date, request, operation_request = values
        return {
            "partner_id": holding.partner,
            "company_id": self.id,
            "share_product_id": share_type,
            "share_number": quantity,
            "share_unit_price": unit_price,
            "effective_date": date,
            "capital_release_request_id": request,
            "operation_request_id": operation_request,
        }

    def _get_share_lines(self, partners):
        """The partners' ``share.line`` in the company, oldest first."""
        return self.env["share.line"].search(
            [("company_id", "=", self.id), ("partner_id", "in", partners.ids)],
            order="id",
        )

    def _get_memberships(self, partners):
        """``{partner id: cooperative.membership}`` of the partners in the company."""
        memberships = self.env["cooperative.membership"].search(
            [("company_id", "=", self.id), ("partner_id", "in", partners.ids)]
        )
        return {membership.partner_id.id: membership for membership in memberships}

    # Numbers

    def _get_cooperator_numbers(self, partners):
        """``{partner id: number}`` of those partners who have a number in the company."""
        return {
            partner: membership.cooperator_register_number
            for partner, membership in self._get_memberships(partners).items()
            if membership.cooperator_register_number
        }

    def _get_cooperator_sequence(self, code):
        """Get the sequence that ``ir.sequence.next_by_code`` draws from.

        See :meth:`_get_cooperator_sequences`.
        """
        return self._get_cooperator_sequences([code])[code]

    def _get_cooperator_sequences(self, codes):
        """Get the sequences that ``ir.sequence.next_by_code`` draws from.

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
                        "%(company)s has no sequence %(code)s: create it under Settings > "
                        "Technical > Sequences.",
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
        """Set the number that the sequence gives next.

        PostgreSQL undoes ALTER SEQUENCE with its transaction, and whatever is drawn
        after it; without it a number that is drawn is lost when the transaction fails.
        So this also has to stand before a draw when the number is right already.

        :param code: ``register.operation`` or ``cooperator.number``
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
                    "between, which was to go on with %(number)s: plan it again; where it "
                    "has started, press Revert first.",
                    partner=taken.partner_id.name,
                    taken=taken[name],
                    code=code,
                    number=number,
                )
            )

    # The evidence

    def _chain_seal(self, seal):
        """Add a seal of the register to the chain of evidence."""
        chain = CompanyChain(self)
        chain.take()
        chain.append(evidence_chain.SEAL, seal, seal.hash)

    @api.model
    def _cron_seal_registers(self):
        """Seal each register that no rollback holds."""
        for company in self._get_companies_with_register():
            if not company._get_locking_rollback():
                RegisterSeals(company).seal()

    @api.model
    def _cron_mail_evidence_head(self):
        """Mail the head of each company's chain of evidence to its auditor."""
        for company in self.search([("evidence_email", "!=", False)]):
            mail_head(company)

    # The lock

    def _get_locking_rollback(self):
        """Get the rollback that holds the company's register; mostly none.

        Where it is none, no rollback can take the register before this transaction has
        ended. A rollback's own steps are not locked out.

        :return: ``reconciliation.rollback``
        """
        self.ensure_one()
        holder = self.env["cooperator.register.lock"]._get_holder(self)
        if holder == flags.HOLDER.get(self.env.context):
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
