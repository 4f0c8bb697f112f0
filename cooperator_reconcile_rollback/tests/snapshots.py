"""Reading the register, the holdings, the numbers and the ledgers, to compare them."""

from collections import namedtuple

from .fixtures.compared_rows import (
    COOPERATOR_SEQUENCE,
    EXACT,
    OPERATION_SEQUENCE,
    RESTORED,
    differences,
    read_rows,
)
from .series import flush, invalidate

RegisterLine = namedtuple(
    "RegisterLine", "number type partner quantity share price date receiver id"
)
ShareLine = namedtuple("ShareLine", "share quantity price date id")
Holding = namedtuple(
    "Holding",
    "shares member old_member number candidate share_count total type effective_date",
)
Ledger = namedtuple("Ledger", "balance residual")
NextNumbers = namedtuple("NextNumbers", "operation cooperator")

SEQUENCES = NextNumbers(OPERATION_SEQUENCE, COOPERATOR_SEQUENCE)

# A day that no test can have written at.
LONG_AGO = "2001-02-03 04:05:06"


class Snapshots:
    """Snapshots of a company's books; mixed into the test case."""

    @classmethod
    def register_of(cls, company=None):
        """The register's lines in the order of their numbers."""
        lines = cls.env["subscription.register"].search(
            [("company_id", "=", (company or cls.company).id)],
            order="register_number_operation, id",
        )
        return [
            RegisterLine(
                line.register_number_operation,
                line.type,
                line.partner_id,
                line.quantity,
                line.share_product_id,
                line.share_unit_price,
                line.date,
                line.partner_id_to,
                line.id,
            )
            for line in lines
        ]

    @classmethod
    def membership_of(cls, partner, company=None):
        company = company or cls.company
        membership = cls.env["cooperative.membership"].search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        )
        membership.ensure_one()
        return membership

    @classmethod
    def shares_of(cls, partner, company=None):
        """The partner's share lines in the order in which cooperator consumes them."""
        lines = cls.env["share.line"].search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", (company or cls.company).id),
            ],
            order="id",
        )
        return [
            ShareLine(
                line.share_product_id,
                line.share_number,
                line.share_unit_price,
                line.effective_date,
                line.id,
            )
            for line in lines
        ]

    @classmethod
    def holding_of(cls, partner, company=None):
        """What the partner has: shares, membership and cooperator number.

        The number is read with SQL: the ORM shows a cleared number and the number 0 alike.
        """
        membership = cls.membership_of(partner, company)
        flush(cls.env)
        cls.env.cr.execute(
            "SELECT cooperator_register_number FROM cooperative_membership"
            " WHERE id = %s",
            [membership.id],
        )
        (number,) = cls.env.cr.fetchone()
        return Holding(
            cls.shares_of(partner, company),
            membership.member,
            membership.old_member,
            number,
            membership.coop_candidate,
            membership.number_of_share,
            membership.total_value,
            membership.cooperator_type or False,
            membership.effective_date,
        )

    @classmethod
    def sequence_of(cls, code, company=None):
        return cls.env["ir.sequence"].search(
            [("code", "=", code), ("company_id", "=", (company or cls.company).id)]
        )

    @classmethod
    def next_numbers(cls, company=None):
        """The numbers that the next operation and the next cooperator would get."""
        invalidate(cls.env)
        return NextNumbers(
            *(cls.sequence_of(code, company).number_next_actual for code in SEQUENCES)
        )

    @classmethod
    def ledger_of(cls, partner, company=None):
        """The partner's balance on the cooperator account, and what of it is open."""
        company = company or cls.company
        items = cls.env["account.move.line"].search(
            [
                ("account_id", "=", company.property_cooperator_account.id),
                ("partner_id", "=", partner.id),
                ("parent_state", "=", "posted"),
            ]
        )
        return Ledger(
            sum(items.mapped("balance")), sum(items.mapped("amount_residual"))
        )

    @classmethod
    def row_of(cls, table, record_id):
        """A table's row, every column of it."""
        flush(cls.env)
        cls.env.cr.execute(f"SELECT * FROM {table} WHERE id = %s", [record_id])
        return cls.env.cr.dictfetchone()

    @classmethod
    def columns_of(cls, records, *names):
        """These columns of the records' rows, in the order of their ids.

        For records that Odoo itself writes on, such as the other matches of a payment,
        whose common reconciliation is made anew.
        """
        flush(cls.env)
        cls.env.cr.execute(
            f"SELECT id, {', '.join(names)} FROM {records._table}"
            " WHERE id IN %s ORDER BY id",
            [records._ids],
        )
        return cls.env.cr.fetchall()

    @classmethod
    def match_columns_of(cls, matches):
        return cls.columns_of(
            matches, "debit_move_id", "credit_move_id", "amount", "max_date"
        )

    @classmethod
    def payment_columns_of(cls, payment):
        """What an accountant knows a payment by, its entry's items included."""
        return (
            cls.columns_of(payment, "move_id", "amount", "destination_account_id"),
            cls.columns_of(payment.move_id, "name", "date", "state", "partner_id"),
            cls.columns_of(
                payment.move_id.line_ids, "account_id", "partner_id", "debit", "credit"
            ),
        )

    @classmethod
    def books(cls):
        """All rows that a correction could touch, and the next numbers."""
        flush(cls.env)
        return read_rows(cls.env.cr)

    def assertBooksRestored(self, before, added=()):
        """All is as it was ``before``, though matches had to be made anew.

        A match that is made again has another id and another date, and so has the
        full reconciliation of its items. Who wrote last on a record does not count.

        :param added: tables that may have new rows: entries that book over and back
        """
        after = self.books().without_new(before, added)
        self.assertEqual(differences(before, after, RESTORED), [])

    def assertBooksEqual(self, before, comparison=EXACT):
        """Nothing at all was changed since ``before``; names each row that was."""
        self.assertEqual(differences(before, self.books(), comparison), [])

    @classmethod
    def age(cls, *recordsets):
        """Make records look as if nobody had written on them for years.

        A test is one transaction and its clock stands still: without this a new write date
        would not differ from the old one.

        :return: their rows, for ``assertUntouched``
        """
        flush(cls.env)
        rows = {}
        for records in recordsets:
            cls.env.cr.execute(
                f"UPDATE {records._table} SET write_date = %s WHERE id IN %s",
                [LONG_AGO, records._ids],
            )
            for record_id in records._ids:
                rows[records._table, record_id] = cls.row_of(records._table, record_id)
        invalidate(cls.env)
        return rows

    def assertUntouched(self, aged):
        """Each record that ``age`` returned is the same to its last column."""
        self.assertTrue(aged)
        for (table, record_id), row in aged.items():
            self.assertEqual(self.row_of(table, record_id), row, table)

    @classmethod
    def age_everything_of(cls, *partners, company=None, but=()):
        """``age`` for everything in the company that is about these people.

        :param but: models that are left out
        """
        company = company or cls.company
        ids = [partner.id for partner in partners]
        about = [("partner_id", "in", ids), ("company_id", "=", company.id)]
        moves = cls.env["account.move"].search(about)
        items = moves.line_ids
        recordsets = [
            cls.env["subscription.register"].search(
                ["|", ("partner_id_to", "in", ids)] + about
            ),
            cls.env["share.line"].search(about),
            cls.env["cooperative.membership"].search(about),
            cls.env["subscription.request"].search(about),
            cls.env["account.payment"].search(about),
            moves,
            items,
            items.matched_debit_ids | items.matched_credit_ids,
        ]
        return cls.age(
            *[records for records in recordsets if records and records._name not in but]
        )

    def assertOperation(self, number, partner, lines, company=None):
        """One subscription with that number, of that partner, with exactly these lines.

        :param lines: ``[(share, quantity)]``
        :return: the register's lines
        """
        operation = [
            line for line in self.register_of(company) if line.number == number
        ]
        register_lines = self.env["subscription.register"].browse(
            [line.id for line in operation]
        )
        self.assertEqual(set(register_lines.mapped("name")), {str(number)})
        self.assertEqual(
            [
                (line.type, line.partner, line.share, line.quantity)
                for line in operation
            ],
            [("subscription", partner, share, quantity) for share, quantity in lines],
        )
        return operation

    def assertNoOperation(self, number, company=None):
        numbers = [line.number for line in self.register_of(company)]
        self.assertNotIn(number, numbers)

    def assertMember(self, partner, number, shares, company=None):
        """An effective member with that cooperator number and these share lines.

        :param shares: ``[(share, quantity)]``, the oldest first
        """
        holding = self.holding_of(partner, company)
        self.assertTrue(holding.member)
        self.assertFalse(holding.old_member)
        self.assertFalse(holding.candidate)
        self.assertEqual(holding.number, number)
        self.assertEqual(
            [(line.share, line.quantity) for line in holding.shares], shares
        )
        self.assertEqual(holding.share_count, sum(quantity for _, quantity in shares))

    def assertCandidate(self, partner, company=None):
        """Somebody with an open request, without shares, membership or number."""
        self.assertEqual(
            self.holding_of(partner, company),
            Holding([], False, False, None, True, 0, 0.0, False, False),
        )

    def assertOpen(self, subscription, residual=None):
        """The subscription's request waits for (the rest of) its payment."""
        request = subscription.capital_release_request
        paid_partly = residual is not None and residual != request.amount_total
        self.assertEqual(
            request.payment_state, "partial" if paid_partly else "not_paid"
        )
        self.assertEqual(
            request.amount_residual, residual if paid_partly else request.amount_total
        )
        self.assertEqual(request.state, "posted")
        self.assertEqual(subscription.state, "done")

    def assertPaid(self, subscription):
        request = subscription.capital_release_request
        self.assertEqual(request.payment_state, "paid")
        self.assertEqual(request.amount_residual, 0)
        self.assertEqual(subscription.state, "paid")

    def assertLedger(self, partner, balance, residual, company=None):
        self.assertEqual(self.ledger_of(partner, company), Ledger(balance, residual))
