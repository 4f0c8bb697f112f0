"""What an accountant of a cooperative does, told with records instead of ids."""

from .fixtures.bookkeeper import Bookkeeper
from .fixtures.cooperative import first_journal
from .fixtures.orm_client import OrmClient

# the tests tell their stories of these people
from .fixtures.people import (  # noqa: F401
    ALICE,
    BRUNO,
    CLARA,
    DAVID,
    EMMA,
    FLORA,
    Person,
)


class Builders:
    """Subscriptions, payments and operations; mixed into the test case.

    A subscription is a ``subscription.request``. Its ``capital_release_request`` is the
    request that is paid, its ``partner_id`` the person.
    """

    @classmethod
    def client(cls):
        """Calls as the class's user."""
        return OrmClient(cls.env)

    @classmethod
    def bookkeeper(cls, company=None):
        """The accountant of a company, the class's own by default."""
        company = company or cls.company
        return Bookkeeper(
            cls.client(), company.id, company.property_cooperator_account.id
        )

    @classmethod
    def subscribe(cls, person, quantity, share, partner=None, company=None, date=None):
        """A validated subscription whose capital release request is posted.

        :param person: who fills in the form; the one of ``partner`` where that is given
        :param partner: somebody whom the cooperative knows already
        :param date: the day of the capital release request; today by default
        """
        return cls.env["subscription.request"].browse(
            cls.bookkeeper(company).subscribe(
                person, quantity, share.id, partner and partner.id, date
            )
        )

    @classmethod
    def subscribe_two_types(cls, person, first, second, partner=None, company=None):
        """A subscription whose request has two invoice lines, as cooperatives make it.

        :param first: ``(quantity, share)``, and so is ``second``
        """
        subscription = cls.subscribe(person, *first, partner=partner, company=company)
        quantity, share = second
        cls.bookkeeper(company).add_share_type(
            subscription.capital_release_request.id, quantity, share.id
        )
        return subscription

    @classmethod
    def allow_several_register_lines_per_operation(cls):
        """Make this database like one that has operations with several register lines.

        On 16.0, cooperator makes (company, operation number) unique, so that nobody can
        pay a request with two invoice lines. Where a register had such operations before,
        Odoo could not add that constraint (it only writes a warning) and they go on. This
        is undone with the test's transaction; on 14.0 there is nothing to drop.

        The table is locked until then, so a start's second look at the register shares
        the test's transaction instead of waiting for its end.
        """
        if not cls.registry.in_test_mode():
            cls.registry.enter_test_mode(cls.env.cr)
            cls.addClassCleanup(cls.registry.leave_test_mode)
        cls.env.cr.execute(
            "ALTER TABLE subscription_register DROP CONSTRAINT IF EXISTS"
            " subscription_register_company_id_register_number_operation_key"
        )

    @classmethod
    def journal_of(cls, company, kind="bank"):
        """The first journal of that type in the company."""
        journals = cls.env["account.journal"]
        return journals.browse(first_journal(cls.client(), company.id, kind))

    @classmethod
    def item_of(cls, move):
        """The journal item of a request or of a payment that can be matched."""
        account = move.company_id.property_cooperator_account
        return move.line_ids.filtered(lambda line: line.account_id == account)

    @classmethod
    def book_payment(cls, partner, amount, company=None, date=None, journal=None):
        """A posted payment that nobody has matched yet."""
        return cls.env["account.payment"].browse(
            cls.bookkeeper(company).book_payment(
                partner.id, amount, date, journal and journal.id
            )
        )

    @classmethod
    def match(cls, payment, *subscriptions):
        """Match a payment, or its journal entry, with capital release requests in turn."""
        move = payment if payment._name == "account.move" else payment.move_id
        for subscription in subscriptions:
            request = subscription.capital_release_request
            bookkeeper = cls.bookkeeper(request.company_id)
            bookkeeper.match(cls.item_of(move).id, request.id)

    @classmethod
    def pay(cls, subscription, by=None, date=None, amount=None, journal=None):
        """A payment, booked on ``by`` and matched with the subscription's request.

        ``by`` is the subscription's own person by default. It is somebody else where the
        accountant took the payment for the wrong request.
        """
        request = subscription.capital_release_request
        payment = cls.book_payment(
            by or subscription.partner_id,
            request.amount_residual if amount is None else amount,
            company=subscription.company_id,
            date=date,
            journal=journal,
        )
        cls.match(payment, subscription)
        return payment

    @classmethod
    def join(cls, person, quantity, share, company=None):
        """Somebody who subscribes and pays, all right."""
        subscription = cls.subscribe(person, quantity, share, company=company)
        cls.pay(subscription)
        return subscription

    @classmethod
    def register_payment(cls, subscription, date=None):
        """A payment made with Odoo's "Register Payment" on the request itself."""
        request = subscription.capital_release_request
        cls.bookkeeper(request.company_id).register_payment(request.id, date)
        return cls.matches_of(request).credit_move_id.move_id.payment_id

    @classmethod
    def payment_entry(cls, partner, amount, company=None, date=None):
        """A payment that the accountant wrote as a journal entry of the bank journal."""
        bookkeeper = cls.bookkeeper(company)
        entry = bookkeeper.enter_payment(partner.id, amount, date)
        return cls.env["account.move"].browse(entry)

    @classmethod
    def bank_statement_line(cls, partner, amount, company=None, date=None):
        """A line of the bank's statement that says who seems to have paid."""
        bookkeeper = cls.bookkeeper(company)
        line = bookkeeper.enter_statement_line(partner.id, amount, date)
        return cls.env["account.bank.statement.line"].browse(line)

    @classmethod
    def pay_from_statement(cls, subscription, by=None, date=None):
        """Match a statement line, booked on ``by``, with the subscription's request."""
        request = subscription.capital_release_request
        line = cls.bank_statement_line(
            by or subscription.partner_id,
            request.amount_residual,
            company=subscription.company_id,
            date=date,
        )
        bookkeeper = cls.bookkeeper(subscription.company_id)
        bookkeeper.match_statement_line(line.id, cls.item_of(request).id)
        return line

    @classmethod
    def confirm_by_bank(cls, payment):
        """Match a booked payment with the line of the bank statement that it became."""
        line = cls.bank_statement_line(
            payment.partner_id, payment.amount, payment.company_id, payment.date
        )
        outstanding = payment.move_id.line_ids - cls.item_of(payment.move_id)
        bookkeeper = cls.bookkeeper(payment.company_id)
        bookkeeper.match_statement_line(line.id, outstanding.id)
        return line

    @classmethod
    def matches_of(cls, move):
        """The matches of a request, a payment's entry or a statement line's entry."""
        items = cls.item_of(move)
        return items.matched_credit_ids | items.matched_debit_ids

    @classmethod
    def sell_back(cls, partner, share, quantity, company=None):
        bookkeeper = cls.bookkeeper(company)
        operation = bookkeeper.sell_back(partner.id, share.id, quantity)
        return cls.env["operation.request"].browse(operation)

    @classmethod
    def transfer(cls, partner, receiver, share, quantity, company=None):
        """Hand shares over to somebody who has a membership, effective or not."""
        bookkeeper = cls.bookkeeper(company)
        operation = bookkeeper.transfer(partner.id, receiver.id, share.id, quantity)
        return cls.env["operation.request"].browse(operation)

    @classmethod
    def convert(cls, partner, share, quantity, into, company=None):
        """Turn all shares of a partner into another type."""
        bookkeeper = cls.bookkeeper(company)
        operation = bookkeeper.convert(partner.id, share.id, quantity, into.id)
        return cls.env["operation.request"].browse(operation)
